"""A commit in one process wakes those that wait in others."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import psycopg
import pytest

from bot.messages import Card, Place, Post
from bot.store import Seal, Store, deliveries, news

NOW = datetime(2027, 3, 15, 9, 30, tzinfo=UTC)


def queue(url: str, key: str) -> None:
    """Another process queues something."""
    other = Store.open(url, secret=Seal(["a secret for tests only"]))
    with other.begin() as tx:
        deliveries.enqueue(tx, [Post(key, Card("a"), place=Place("local", "acme", "ana"))], NOW)
    other.close()


async def told(store: Store, *doing: object) -> None:
    """Listens while all of this is done; each must be told of."""
    heard = asyncio.Event()
    listening = asyncio.create_task(news.listen(store, heard.set))
    await heard.wait()  # connected
    for work in doing:
        heard.clear()
        await asyncio.to_thread(work)  # type: ignore[arg-type]  # any work without arguments
        await heard.wait()
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_is_queued_elsewhere_is_told(store: Store, database_url: str) -> None:
    steps = [lambda: queue(database_url, "1"), lambda: queue(database_url, "2")]

    asyncio.run(asyncio.wait_for(told(store, *steps), 20))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_broken_connection_is_made_anew(
    store: Store, database_url: str, monkeypatch: pytest.MonkeyPatch, postgresql: str
) -> None:
    monkeypatch.setattr(news, "CONNECT_AGAIN_SECONDS", 0.01)
    name = database_url.split("/")[3].split("?", maxsplit=1)[0]

    def break_off() -> None:
        with psycopg.connect(postgresql, autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])

    asyncio.run(asyncio.wait_for(told(store, break_off, lambda: queue(database_url, "1")), 20))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_embedded_database_has_nobody_to_tell(store: Store) -> None:
    asyncio.run(asyncio.wait_for(news.listen(store, lambda: None), 20))
