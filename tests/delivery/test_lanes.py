"""Several workers share one database: who holds a lane sends there, at its pace, and nobody else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import text

from bot.delivery import lane as lane_module
from bot.delivery.calls import backed_off
from bot.delivery.hand import Hand
from bot.delivery.sender import Sender
from bot.messages import Absent, Adapter, Card, Later, Limits, Outcome, Person, Place, Post, Refused, Sent, Window
from bot.store import Store, accounts, deliveries, lanes
from bot.store.deliveries import Claimed, Lane
from bot.store.patience import Patience

START = datetime(2027, 3, 15, 9, 30, tzinfo=UTC)
LANE = Lane("local", "T0")
Answer = Callable[[Place, Card], Awaitable[Outcome]]


async def at_once(place: Place, card: Card) -> Outcome:
    return Sent("m")


@dataclass
class Platform:
    """A platform that notes what it takes, and when; `answer` says what comes of it."""

    limits: Limits = field(default_factory=Limits)
    answer: Answer = at_once
    name: str = "local"
    took: list[tuple[str, str, float]] = field(default_factory=list)

    async def send(self, place: Place, card: Card, key: str) -> Outcome:
        self.took.append((place.conversation, card.body, time.monotonic()))
        return await self.answer(place, card)

    async def edit(self, place: Place, message: str, card: Card) -> Outcome:
        return Refused("nothing is edited here")

    async def delete(self, place: Place, message: str) -> Outcome:
        return Refused("nothing is deleted here")

    async def find(self, place: Place, key: str, since: datetime, until: datetime) -> Sent | Absent | Later | Refused:
        return Refused("no history")

    async def open_direct(self, account: str, workspace: str) -> Place | Refused | Later:
        return Place("local", workspace, f"direct of {account}")

    @property
    def bodies(self) -> list[str]:
        return [body for _, body, _ in self.took]


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as threads:
        yield threads


@pytest.fixture
def worker(store: Store, pool: ThreadPoolExecutor) -> Callable[..., Sender]:
    """A worker of its own for a platform."""

    def make(platform: Adapter, patience: Patience = deliveries.PATIENCE) -> Sender:
        return Sender(store, {"local": platform}, lambda: START, pool, patience, chance=lambda: 0.5)

    return make


def queue(store: Store, *bodies: str, workspace: str = "T0", where: str = "", reply: bool = False) -> None:
    with store.begin() as tx:
        posts = [
            Post(f"{workspace}:{b}", Card(b), place=Place("local", workspace, where or f"C{b}"), reply=reply)
            for b in bodies
        ]
        deliveries.enqueue(tx, posts, START)


def counts(store: Store) -> dict[str, int]:
    with store.read() as tx:
        return deliveries.counts(tx)


def run(scenario: Awaitable[None]) -> None:
    async def limited() -> None:
        await asyncio.wait_for(scenario, 20)

    asyncio.run(limited())


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - the database tells nobody when something changes in it
        await asyncio.sleep(0.01)


def test_a_lane_that_another_worker_holds_is_left_alone(store: Store, worker: Callable[..., Sender]) -> None:
    platform = Platform()
    queue(store, "1")
    with store.begin() as tx:
        lanes.keep(tx, "another", ["local"], lanes.database_time(tx), timedelta(seconds=15))

    run(worker(platform).drain())
    assert platform.took == []

    with store.begin() as tx:
        lanes.release(tx, "another", LANE, lanes.database_time(tx))
        lanes.leave(tx, "another")
    run(worker(platform).drain())
    assert platform.bodies == ["1"]


def test_a_dead_workers_lane_is_taken_over_when_its_lease_ends(store: Store, worker: Callable[..., Sender]) -> None:
    platform = Platform()
    queue(store, "1")
    with store.begin() as tx:
        lanes.keep(tx, "dead", ["local"], lanes.database_time(tx) - timedelta(seconds=16), timedelta(seconds=15))

    run(worker(platform).drain())

    assert platform.bodies == ["1"]


def test_a_new_holder_waits_one_rate_window(store: Store, worker: Callable[..., Sender]) -> None:
    platform = Platform(Limits(workspace=(Window(50, 60.0),)))
    queue(store, "1")
    run(worker(platform).drain())
    queue(store, "2")

    run(worker(platform).drain())
    assert platform.bodies == ["1"]

    with store.begin() as tx:
        long_ago = lanes.database_time(tx) - timedelta(seconds=61)
        lanes.keep(tx, "before", ["local"], long_ago, timedelta(seconds=15))
        lanes.release(tx, "before", LANE, long_ago)
    run(worker(platform).drain())
    assert platform.bodies == ["1", "2"]


def test_a_lane_let_go_while_this_worker_was_looking_is_used_at_once(
    store: Store, worker: Callable[..., Sender]
) -> None:
    """Its holder's last moment may lie after the time by which it is taken: a transaction may wait in between."""
    platform = Platform()
    queue(store, "1")
    with store.begin() as tx:
        now = lanes.database_time(tx)
        lanes.keep(tx, "another", ["local"], now, timedelta(seconds=15))
        lanes.release(tx, "another", LANE, now + timedelta(seconds=5))
        lanes.leave(tx, "another")

    run(worker(platform).drain())

    assert platform.bodies == ["1"]


def test_nothing_is_sent_when_the_lease_does_not_outlive_a_call(store: Store, worker: Callable[..., Sender]) -> None:
    platform = Platform()
    queue(store, "1")

    run(worker(platform, Patience(lease=timedelta(seconds=15), call=timedelta(seconds=16))).drain())

    assert platform.took == []
    assert counts(store) == {"queued": 1}


def test_two_workers_share_out_the_lanes_and_double_nothing(store: Store, worker: Callable[..., Sender]) -> None:
    spaces = [f"T{n}" for n in range(4)]
    for space in spaces:
        queue(store, *map(str, range(5)), workspace=space)
    one, two = Platform(), Platform()
    quick = Patience(renew=timedelta(seconds=0.05))

    async def scenario() -> None:
        stop = asyncio.Event()
        workers = [asyncio.create_task(worker(platform, quick).run(stop)) for platform in (one, two)]
        await until(lambda: counts(store) == {"sent": 20})
        before = (len(one.took), len(two.took))
        # By now each has its share.
        for n in range(5, 50):
            for space in spaces:
                await asyncio.to_thread(queue, store, str(n), workspace=space)
            await until(lambda: counts(store).keys() == {"sent"})
            if len(one.took) > before[0] and len(two.took) > before[1]:
                break
        stop.set()
        await asyncio.gather(*workers)

    run(scenario())

    assert one.took
    assert two.took
    assert len(one.took) + len(two.took) == counts(store)["sent"]
    with store.read() as tx:
        assert set(lanes.held(tx, lanes.database_time(tx)).values()) == {False}


def test_a_clock_that_is_moved_back_stops_nothing(store: Store, pool: ThreadPoolExecutor) -> None:
    """As on the local page, or where a machine's clock was wrong: what is due now is sent now."""
    platform, shown = Platform(), [START + timedelta(days=3)]
    patience = Patience(renew=timedelta(seconds=0.05))
    sender = Sender(store, {"local": platform}, lambda: shown[0], pool, patience, chance=lambda: 0.5)
    queue(store, "1")

    async def scenario() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(sender.run(stop))
        await until(lambda: counts(store) == {"sent": 1})
        shown[0] = START
        await asyncio.to_thread(queue, store, "2")
        await until(lambda: counts(store) == {"sent": 2})
        stop.set()
        await running

    run(scenario())

    assert platform.bodies == ["1", "2"]


def test_a_worker_that_is_stopped_puts_back_what_it_has_not_begun(store: Store, worker: Callable[..., Sender]) -> None:
    """One call is under way, the others wait for the pace: they are queued again as if nothing had been."""
    go_on = asyncio.Event()

    async def slowly(place: Place, card: Card) -> Outcome:
        await go_on.wait()
        return Sent("m")

    platform = Platform(Limits(at_once=1), answer=slowly)
    queue(store, "1", "2", "3", where="here")
    queue(store, "4", "5")

    async def scenario() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(worker(platform).run(stop))
        await until(lambda: counts(store).get("sending", 0) > 1)
        stop.set()
        await until(lambda: counts(store).get("sending", 0) == 1)
        go_on.set()
        await running

    run(scenario())

    assert platform.bodies == ["1"]
    assert counts(store) == {"sent": 1, "queued": 4}
    with store.read() as tx:
        assert tx.scalar(text("SELECT max(attempts) FROM delivery WHERE state = 'queued'")) == 0
        assert lanes.held(tx, lanes.database_time(tx)) == {LANE: False}


def test_a_call_that_does_not_end_does_not_keep_a_worker_from_stopping(
    store: Store, worker: Callable[..., Sender], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its outcome stays unknown, and somebody looks after it later."""
    monkeypatch.setattr("bot.delivery.sender.LAST_WORDS_SECONDS", -7.9)

    async def never(place: Place, card: Card) -> Outcome:
        await asyncio.Event().wait()
        return Sent("m")

    platform = Platform(answer=never)
    queue(store, "1")

    async def scenario() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(worker(platform).run(stop))
        await until(lambda: bool(platform.took))
        stop.set()
        await running

    run(scenario())

    assert counts(store) == {"sending": 1}


def test_the_windows_are_kept_and_used(store: Store, worker: Callable[..., Sender]) -> None:
    """Of many conversations, no more than allowed in any window, by the platform's own clock."""
    window = Window(10, 0.2)
    platform = Platform(Limits(workspace=(window,)))
    queue(store, *map(str, range(50)))

    run(worker(platform).drain())

    times = [moment for _, _, moment in platform.took]
    assert len(times) == 50
    assert all(later - earlier >= window.seconds for earlier, later in zip(times, times[10:], strict=False))


def test_a_conversation_has_a_pace_of_its_own(store: Store, worker: Callable[..., Sender]) -> None:
    platform = Platform(Limits(conversation=(Window(1, 0.1),)))
    queue(store, "1", "2", "3", where="busy")
    queue(store, "other")

    run(worker(platform).drain())

    times = [moment for where, _, moment in platform.took if where == "busy"]
    assert [b - a >= 0.1 for a, b in pairwise(times)] == [True, True]
    assert platform.bodies.index("other") < 3


def test_several_conversations_that_must_wait_mean_the_whole_lane(store: Store, worker: Callable[..., Sender]) -> None:
    async def later(place: Place, card: Card) -> Outcome:
        return Later(60, "ratelimited")

    platform = Platform(Limits(at_once=1), answer=later)
    queue(store, *map(str, range(10)))

    run(worker(platform).drain())

    assert len(platform.took) == lane_module.SEVERAL
    with store.read() as tx:
        paused = tx.scalar(text("SELECT paused_until FROM lane"))
        assert paused is not None
        assert deliveries.counts(tx) == {"queued": 10}


def test_a_conversation_that_must_wait_is_left_alone_in_all_its_threads(
    store: Store, worker: Callable[..., Sender]
) -> None:
    async def busy_here(place: Place, card: Card) -> Outcome:
        return Later(60, "ratelimited") if place.conversation == "here" else Sent("m")

    platform = Platform(Limits(at_once=1), answer=busy_here)
    with store.begin() as tx:
        places = [Place("local", "T0", "here", thread=str(n)) for n in range(3)]
        deliveries.enqueue(tx, [Post(p.thread, Card(p.thread), place=p) for p in places], START)
    queue(store, "elsewhere")

    run(worker(platform).drain())

    assert platform.bodies == ["0", "elsewhere"]


def test_a_refusal_is_noted_at_the_account_until_it_takes_messages_again(
    store: Store, worker: Callable[..., Sender]
) -> None:
    answers: list[Outcome] = [Refused("account_inactive"), Sent("m")]

    async def answer(place: Place, card: Card) -> Outcome:
        return answers.pop(0)

    platform = Platform(answer=answer)
    with store.begin() as tx:
        ana = accounts.identify(tx, Person("local", "T0", "U1", email="ana@example.com"), START).key

    def refused() -> tuple[str, bool]:
        with store.read() as tx:
            row = tx.execute(text("SELECT refused, refused_on FROM identity")).one()
        return row.refused, row.refused_on is not None

    for key, noted in (("1", ("account_inactive", True)), ("2", ("", False))):
        with store.begin() as tx:
            deliveries.enqueue(tx, [Post(key, Card(key), person=ana)], START)
        run(worker(platform).drain())
        assert refused() == noted
    assert counts(store) == {"failed": 1, "sent": 1}


def claimed(id: str, where: str, rank: int = 2) -> Claimed:
    return Claimed(id, "local", "T0", "", Place("local", "T0", where), Card(id), reply=rank == 0, rank=rank)


def test_in_hand_replies_begin_first_and_a_conversation_has_one_call_at_a_time() -> None:
    hand = Hand(Limits(at_once=2))
    for one in (claimed("1", "a"), claimed("2", "a"), claimed("3", "b"), claimed("4", "c", rank=0)):
        hand.put(one, 0.0)

    begun = [hand.begin(1.0), hand.begin(1.0), hand.begin(1.0)]
    assert [found and found[0].id for found in begun] == ["4", "1", None]
    assert hand.next_at(1.0) == float("inf")

    hand.ended(claimed("4", "c"))
    found = hand.begin(1.0)
    assert found is not None
    assert found[0].id == "3"
    assert hand.ids == {"1", "2", "3"}
    assert hand.let_go() == ["2"]


def test_back_off_doubles_is_spread_and_never_shorter_than_asked() -> None:
    assert [backed_off(Later(2.0), n, lambda: 1.0).seconds for n in (1, 2, 3, 4, 5)] == [2.0, 2.0, 2.0, 4.0, 8.0]
    assert [backed_off(Later(0.0), 5, iter([c]).__next__).seconds for c in (0.0, 0.5, 1.0)] == [4.0, 6.0, 8.0]
    assert backed_off(Later(0.0), 1000, lambda: 1.0).seconds == 300.0
    assert backed_off(Later(900.0), 3, lambda: 0.0).seconds == 900.0
