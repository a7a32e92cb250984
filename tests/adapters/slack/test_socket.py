"""Slack over Socket Mode: the same is heard, answered and refused, and the connection comes back by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.slack.inside import Inside
from bot.messages import Said
from bot.store import Store, StoreUnavailable, hearing
from tests.adapters.slack import fake as faults
from tests.adapters.slack import payloads as slack
from tests.adapters.slack import side
from tests.adapters.slack.deployment import APP_TOKEN, PACE, Deployment, Way, account, deployed, settled_town
from tests.adapters.slack.fake import FakeSlack
from tests.adapters.slack.payloads import DIRECT

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SOCKET = Way(socket=True)
Scene = Callable[[Deployment], Awaitable[None]]


def play(store: Store, folder: Path, scene: Scene, way: Way = SOCKET, slack_is: FakeSlack | None = None) -> None:
    """Runs a scene over a socket."""

    async def run() -> None:
        fake = slack_is or FakeSlack()
        async with fake.serving(), deployed(store, folder, lambda: NOW, settled_town(fake), way) as here:
            await scene(here)
            assert fake.refused == []

    asyncio.run(run())


def heard(store: Store) -> dict[str, int]:
    """How much was recorded, by state."""
    with store.read() as tx:
        return hearing.counts(tx)


def test_what_is_written_pressed_and_handed_in_is_answered(sqlite_store: Store, small: Path) -> None:
    async def scene(here: Deployment) -> None:
        lea = here.somebody(account(here.fake, "lea"))
        assert (await lea.says("why new phones?")).status == 200
        await here.settle()
        assert (await lea.presses("What changes for me?")).status == 200
        assert (await lea.commands("ask-owner phones")).status == 200
        await here.settle()
        lea.looks()
        await lea.hands_in(text="", name="named")
        assert list(lea.errors.values()) == ["This is needed."]
        await lea.hands_in(text="Is there a torch?", name="named")
        assert lea.screen is None
        await here.settle()
        assert here.fake.posted(lea.direct.id)[-1]["text"].startswith("Done:")

    play(sqlite_store, small, scene)


def test_the_first_delivery_is_heard_and_a_second_one_is_not(sqlite_store: Store, small: Path) -> None:
    """Bolt marks the first one over a socket as retry number 0."""

    async def scene(here: Deployment) -> None:
        for _ in range(2):
            assert (await here.side.event(slack.typed("Ev1", "why new phones?"))).status == 200
        await here.settle()
        assert len(here.fake.posted(DIRECT)) == 2

    play(sqlite_store, small, scene)
    assert heard(sqlite_store) == {"handled": 1}


def test_what_is_unknown_is_acknowledged(sqlite_store: Store, small: Path) -> None:
    async def scene(here: Deployment) -> None:
        assert (await here.side.event(slack.event("Ev1", type="comes_in_2031"))).status == 200
        closed = {"type": "view_closed", "team": {"id": "T1"}, "user": {"id": "U1"}, "view": {"id": "V1"}}
        assert (await here.side.interact(closed)).status == 200

    play(sqlite_store, small, scene)


def test_what_cannot_be_recorded_is_not_acknowledged(
    sqlite_store: Store, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(side, "SOCKET_SECONDS", 0.3)
    away = [True]

    def unreliable(inside: Inside) -> Inside:
        def accept(said: Said) -> bool:
            if away:
                away.pop()
                raise StoreUnavailable("away")
            return inside.accept(said)

        return replace(inside, accept=accept)

    async def scene(here: Deployment) -> None:
        assert (await here.side.event(slack.typed("Ev1", "why new phones?"))).status == 0
        assert (await here.side.event(slack.typed("Ev1", "why new phones?"))).status == 200
        await here.settle()
        assert len(here.fake.posted(DIRECT)) == 2

    play(sqlite_store, small, scene, replace(SOCKET, around=unreliable))


async def until(fake: FakeSlack, there: Callable[[], bool]) -> None:
    """Waits until this is so."""
    async with asyncio.timeout(5):
        while not there():
            fake.changed.clear()
            await fake.changed.wait()


def test_a_lost_connection_comes_back(sqlite_store: Store, small: Path) -> None:
    async def scene(here: Deployment) -> None:
        first = here.fake.sockets[-1]
        await first.send_json({"type": "disconnect", "reason": "refresh_requested"})
        await until(here.fake, lambda: bool(here.fake.sockets) and here.fake.sockets[-1] is not first)
        assert (await here.side.event(slack.typed("Ev1", "why new phones?"))).status == 200
        second = here.fake.sockets[-1]
        await second.close()
        await until(here.fake, lambda: bool(here.fake.sockets) and here.fake.sockets[-1] is not second)
        assert (await here.side.event(slack.typed("Ev2", "when?"))).status == 200

    quick = replace(PACE, ping=0.1)
    play(sqlite_store, small, scene, replace(SOCKET, pace=quick))


def test_a_slack_that_is_away_or_busy_is_asked_again(
    sqlite_store: Store, small: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fake = FakeSlack()
    fake.fail("apps.connections.open", faults.broken(503), faults.refused("invalid_auth"))

    async def scene(here: Deployment) -> None:
        assert (await here.side.event(slack.typed("Ev1", "why new phones?"))).status == 200

    play(sqlite_store, small, scene, slack_is=fake)
    said = [one.getMessage() for one in caplog.records if "Socket Mode" in one.getMessage()]
    assert said == [
        "Slack's Socket Mode cannot be used: Slack answered an error page (503)",
        "Slack's Socket Mode cannot be used: Slack does not accept the app's token",
    ]
    assert not any(one.exc_info or APP_TOKEN in one.getMessage() for one in caplog.records)
