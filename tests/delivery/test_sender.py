"""The sender gets everything out once, in order, whatever platforms and the database do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Thread

import psycopg
import pytest
from sqlalchemy import text

from bot.delivery import lane as module
from bot.delivery.sender import Sender
from bot.messages import Absent, Card, Later, Limits, Outcome, Person, Place, Post, Refused, Sent, Unknown
from bot.store import Store, accounts, deliveries
from bot.store.patience import Patience

START = datetime(2027, 3, 15, 9, 30, tzinfo=UTC)
HERE = Place("local", "acme", "ana")
LIMITS = Limits()
DIRECT = Place("local", "acme", "direct-of-ana")
ANA = Person("local", "acme", "U1", name="Ana", email="ana@example.com")


@dataclass
class Platform:
    """A platform that takes messages, and does what `replies` says before that."""

    name: str = "local"
    took: list[tuple[str, str]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    replies: list[Outcome | Exception | Callable[[], Awaitable[Outcome]]] = field(default_factory=list)
    opens: Place | Refused | Later | Exception = DIRECT
    limits: Limits = LIMITS
    changed: list[tuple[str, str]] = field(default_factory=list)
    looked: list[tuple[str, datetime, datetime]] = field(default_factory=list)
    found: list[Sent | Absent | Later | Refused] = field(default_factory=list)

    async def send(self, place: Place, card: Card, key: str) -> Outcome:
        reply = self.replies.pop(0) if self.replies else Sent("m")
        if isinstance(reply, Exception):
            raise reply
        if callable(reply):
            reply = await reply()
        if isinstance(reply, Sent):
            self.took.append((place.conversation, card.body))
            self.keys.append(key)
        return reply

    async def edit(self, place: Place, message: str, card: Card) -> Outcome:
        self.changed.append((message, card.body))
        return Sent(message)

    async def delete(self, place: Place, message: str) -> Outcome:
        self.changed.append((message, "is gone"))
        return Sent(message)

    async def find(self, place: Place, key: str, since: datetime, until: datetime) -> Sent | Absent | Later | Refused:
        self.looked.append((key, since, until))
        return self.found.pop(0)

    async def open_direct(self, account: str, workspace: str) -> Place | Refused | Later:
        self.opened.append(account)
        if isinstance(self.opens, Exception):
            raise self.opens
        return self.opens


class Clock:
    """A clock that is set by the test."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
def sender(store: Store, platform: Platform, clock: Clock) -> Iterator[Sender]:
    with ThreadPoolExecutor(4) as threads:
        yield Sender(store, {"local": platform}, clock, threads)


def queue(store: Store, *bodies: str, place: Place | None = HERE, person: str = "") -> None:
    with store.begin() as tx:
        posts = [Post(f"key of {body}", Card(body), place=place, person=person) for body in bodies]
        deliveries.enqueue(tx, posts, START)


def met(store: Store) -> str:
    with store.begin() as tx:
        return accounts.identify(tx, ANA, START).key


def counts(store: Store) -> dict[str, int]:
    with store.read() as tx:
        return deliveries.counts(tx)


def reason(store: Store) -> str:
    with store.read() as tx:
        return str(tx.scalar(text("SELECT reason FROM delivery")))


def taking(taken: asyncio.Event) -> Callable[[], Awaitable[Outcome]]:
    """A platform's reply that tells the test about it."""

    async def take() -> Outcome:
        taken.set()
        return Sent("m")

    return take


def drain(sender: Sender) -> None:
    asyncio.run(asyncio.wait_for(sender.drain(), 20))


def test_everything_due_is_sent_in_order(store: Store, sender: Sender, platform: Platform) -> None:
    queue(store, "1", "2", "3")
    queue(store, "other", place=Place("local", "acme", "ben"))

    drain(sender)

    assert [body for where, body in platform.took if where == "ana"] == ["1", "2", "3"]
    assert len(platform.took) == 4
    assert counts(store) == {"sent": 4}


def test_many_conversations_are_sent_to(store: Store, sender: Sender, platform: Platform) -> None:
    for n in range(3 * platform.limits.at_once):
        queue(store, str(n), place=Place("local", "acme", str(n)))

    drain(sender)

    assert len(set(platform.took)) == len(platform.took) == 3 * platform.limits.at_once


def test_the_platform_is_told_a_random_key_and_nothing_else(store: Store, sender: Sender, platform: Platform) -> None:
    queue(store, "1")
    drain(sender)

    assert len(platform.keys[0]) == 32
    assert "1" != platform.keys[0] != "key of 1"


def test_what_must_wait_is_sent_when_its_time_has_come(
    store: Store, sender: Sender, platform: Platform, clock: Clock
) -> None:
    platform.replies = [Later(60, "ratelimited")]
    queue(store, "1", "2")

    drain(sender)
    assert platform.took == []

    clock.now += timedelta(seconds=60)
    drain(sender)
    assert [body for _, body in platform.took] == ["1", "2"]


def test_a_refusal_is_final_and_holds_up_nobody(store: Store, sender: Sender, platform: Platform) -> None:
    platform.replies = [Refused("no such channel")]
    queue(store, "1", "2")

    drain(sender)

    assert [body for _, body in platform.took] == ["2"]
    assert counts(store) == {"failed": 1, "sent": 1}


@pytest.mark.parametrize("failure", [Unknown("broken pipe"), RuntimeError("a bug"), TimeoutError()])
def test_after_a_doubt_the_message_is_sent_again_and_counted(
    store: Store, sender: Sender, platform: Platform, clock: Clock, failure: Outcome | Exception
) -> None:
    platform.replies = [failure]
    queue(store, "1")

    drain(sender)
    clock.now += deliveries.PATIENCE.settle
    drain(sender)

    assert platform.took == [("ana", "1")]
    with store.read() as tx:
        assert deliveries.doubts(tx) == 1


def test_an_adapter_that_never_answers_is_cut_off(store: Store, platform: Platform, clock: Clock) -> None:

    async def never() -> Outcome:
        await asyncio.Event().wait()
        return Sent("")

    platform.replies = [never]
    queue(store, "1")

    with ThreadPoolExecutor(1) as threads:
        drain(Sender(store, {"local": platform}, clock, threads, Patience(call=timedelta(milliseconds=20))))

    assert counts(store) == {"queued": 1}
    assert "no answer within" in reason(store)


def test_a_post_to_a_person_opens_their_conversation_once(store: Store, sender: Sender, platform: Platform) -> None:
    ana = met(store)
    queue(store, "1", "2", place=None, person=ana)

    drain(sender)

    assert platform.took == [("direct-of-ana", "1"), ("direct-of-ana", "2")]
    assert platform.opened == ["U1"]
    with store.read() as tx:
        assert accounts.of_person(tx, ana)[0].direct == DIRECT


@pytest.mark.parametrize(
    ("answer", "state", "doubts"),
    [(Refused("left the company"), "failed", 0), (Later(60), "queued", 0), (RuntimeError("a bug"), "queued", 0)],
)
def test_a_conversation_that_does_not_open_is_no_doubt(
    store: Store, sender: Sender, platform: Platform, answer: Refused | Later | Exception, state: str, doubts: int
) -> None:
    platform.opens = answer
    queue(store, "1", place=None, person=met(store))

    drain(sender)

    assert counts(store) == {state: 1}
    with store.read() as tx:
        assert deliveries.doubts(tx) == doubts


def test_a_platform_that_is_off_keeps_its_posts(store: Store, sender: Sender) -> None:
    queue(store, "1", place=Place("slack", "T1", "C1"))

    drain(sender)

    assert counts(store) == {"queued": 1}


def test_a_running_sender_is_woken_by_a_commit_from_any_thread(
    store: Store, sender: Sender, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK_EVERY_SECONDS", 3600.0)

    def commit() -> None:
        queue(store, "1", "2")
        sender.wake()

    async def scenario() -> None:
        stop, until_second = asyncio.Event(), asyncio.Event()
        platform.replies = [Sent("m"), taking(until_second)]
        running = asyncio.create_task(sender.run(stop))
        await asyncio.sleep(0)
        thread = Thread(target=commit)
        thread.start()
        await until_second.wait()
        stop.set()
        await running
        thread.join()

    asyncio.run(asyncio.wait_for(scenario(), 20))

    assert counts(store) == {"sent": 2}
    sender.wake()


def test_a_stopped_sender_finishes_what_is_in_flight(store: Store, sender: Sender, platform: Platform) -> None:
    queue(store, "1")

    async def scenario() -> None:
        stop, begun, go_on = asyncio.Event(), asyncio.Event(), asyncio.Event()

        async def slowly() -> Outcome:
            begun.set()
            await go_on.wait()
            return Sent("m")

        platform.replies = [slowly]
        running = asyncio.create_task(sender.run(stop))
        await begun.wait()
        stop.set()
        await asyncio.sleep(0)
        go_on.set()
        await running

    asyncio.run(asyncio.wait_for(scenario(), 20))

    assert counts(store) == {"sent": 1}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_database_that_goes_away_and_comes_back_loses_nothing_and_doubles_nothing(
    store: Store,
    sender: Sender,
    platform: Platform,
    database_url: str,
    postgresql: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "DATABASE_AWAY_SECONDS", (0.01,))
    monkeypatch.setattr(module, "LOOK_EVERY_SECONDS", 0.01)
    name = database_url.split("/")[3].split("?", maxsplit=1)[0]
    queue(store, "1", "2", "3")

    def away(is_away: bool) -> None:
        with psycopg.connect(postgresql, autocommit=True) as admin:
            admin.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS {not is_away}")
            if is_away:
                admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])

    async def goes_away() -> Outcome:
        await asyncio.to_thread(away, True)
        asyncio.get_running_loop().call_later(0.1, lambda: asyncio.ensure_future(asyncio.to_thread(away, False)))
        return Sent("m")

    async def scenario() -> None:
        stop, until_third = asyncio.Event(), asyncio.Event()
        platform.replies = [goes_away, Sent("m"), taking(until_third)]
        running = asyncio.create_task(sender.run(stop))
        await until_third.wait()
        stop.set()
        await running

    asyncio.run(asyncio.wait_for(scenario(), 20))

    assert platform.took == [("ana", "1"), ("ana", "2"), ("ana", "3")]
    assert counts(store) == {"sent": 3}
