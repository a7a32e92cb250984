"""Sends what is due in one lane for as long as its lease lasts: takes it out of the outbox, calls the platform at its
pace, and writes down what came of it. It decides nothing about what is said.

Every outcome is a row before the next message of its conversation, so that a process that ends at any point has lost
nothing.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from bot.delivery.book import Book, Means
from bot.delivery.calls import backed_off, call
from bot.delivery.hand import Hand, conversation_of
from bot.faults import described
from bot.messages import Absent, Adapter, Later, Outcome, Place, Refused, Unknown
from bot.store import StoreUnavailable
from bot.store.deliveries import Claimed, Lane, Result

LOOK_EVERY_SECONDS = 1.0
# While the database is away it is asked again after these times, the last one for as long as it takes.
DATABASE_AWAY_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0)
# So many conversations that are asked for patience at the same time mean the whole lane.
SEVERAL = 3
# Where the pace has no room for more this soon it is looked for again.
SOON_SECONDS = 0.02
# The outbox is asked no longer than this share of the time, so that others get at the database too; but for replies,
# which are asked for at once.
SHARE_OF_THE_DATABASE = 0.25
ASKED_AGAIN_AFTER_AT_MOST = 0.2

log = logging.getLogger(__name__)


class OpenLane:
    """A lane that this worker holds."""

    def __init__(self, lane: Lane, adapter: Adapter, means: Means) -> None:
        self.lane = lane
        self._adapter = adapter
        self._means = means
        self._hand = Hand(adapter.limits)
        self._leased_until = 0.0
        # By the event loop's clock, like the lease: the other one may be moved back.
        self._rests_until = float("-inf")
        self._paused: dict[str, datetime] = {}
        self._book = Book(lane, adapter.limits.history, means)
        self._calls: set[asyncio.Task[None]] = set()
        self._feeding: asyncio.Task[None] | None = None
        self._running: asyncio.Task[None] | None = None
        self._hungry = True
        self._urgent = False
        self._ask_at = 0.0
        self._closing = False
        self._changed = asyncio.Event()
        self._looked = float("-inf")
        self._failures = 0
        self._taken = 0

    def leased(self, until: float, wait: timedelta = timedelta()) -> None:
        """The lane may be used until this moment of the event loop's clock, and not before `wait` is over: whoever held
        it before may just have called.
        """
        self._leased_until = until
        self._rests_until = max(self._rests_until, asyncio.get_running_loop().time() + wait.total_seconds())

    def wake(self) -> None:
        """There may be something to send."""
        self._hungry = self._urgent = True
        self._changed.set()

    def start(self) -> None:
        """Sends from now on, until `close`."""
        self._running = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while not self._closing:
            try:
                await self._turn()
            except Exception as fault:  # noqa: BLE001 - whatever it is, the lane must go on
                log.error("a lane stumbled: %s", described(fault))
                await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def drain(self) -> int:
        """Sends everything that is due now, and what becomes due by that; says how much was taken out of the outbox."""
        self._hungry, self._taken = True, 0
        while self._hand or self._book or self._feeding or (self._hungry and self._may_call()):
            self._urgent = True
            await self._turn(looks=False)
        return self._taken

    async def close(self, seconds: float) -> None:
        """Begins nothing more, puts back what was not begun, and waits so long for the calls that are in flight."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        self._closing = True
        self._changed.set()
        if self._running:
            await self._running
        if self._feeding:
            await self._feeding
        self._book.put_back(self._hand.let_go())
        await self._feed()
        calls = set(self._calls)
        if calls:
            await asyncio.wait(calls, timeout=max(0.1, end - loop.time()))
        for late in calls:
            late.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        while (self._book) and loop.time() < end:
            await self._feed()

    async def _turn(self, looks: bool = True) -> None:
        """Begins what may begin, asks the outbox for more, and waits until something changes."""
        loop = asyncio.get_running_loop()
        self._changed.clear()
        if looks and loop.time() - self._looked >= LOOK_EVERY_SECONDS:
            self._looked, self._hungry = loop.time(), True
        self._begin(loop.time())
        if self._feeding is None and self._asks(loop.time()):
            self._feeding = asyncio.create_task(self._feed())
            self._feeding.add_done_callback(self._fed)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), self._pause(loop.time()))

    def _asks(self, now: float) -> bool:
        """Whether to turn to the outbox now: there is something to write down, or more is wanted."""
        wants = self._hungry and self._may_call() and self._hand.room(now)
        return bool(self._book or wants) and (self._urgent or now >= self._ask_at)

    def _pause(self, now: float) -> float:
        """For how long nothing will happen by itself."""
        until = now + LOOK_EVERY_SECONDS
        if self._feeding is None and (self._book or (self._hungry and self._may_call())):
            until = min(until, max(self._ask_at, now + SOON_SECONDS))
        if self._may_call():
            until = min(until, self._hand.next_at(now))
        elif self._rests_until > now:
            until = min(until, self._rests_until)
        return max(until - now, 0.0)

    def _fed(self, _: object) -> None:
        self._feeding = None
        self._changed.set()

    def _may_call(self) -> bool:
        now = asyncio.get_running_loop().time()
        outlives = now + self._means.patience.call.total_seconds() <= self._leased_until
        return outlives and not self._closing and now >= self._rests_until

    def _begin(self, now: float) -> None:
        self._book.put_back(self._hand.let_go(now - self._means.patience.in_hand.total_seconds()))
        while self._may_call() and (begun := self._hand.begin(now)):
            task = asyncio.create_task(self._call(*begun))
            self._calls.add(task)
            task.add_done_callback(self._calls.discard)

    async def _call(self, delivery: Claimed, since: float) -> None:
        outcome = await call(self._adapter, delivery, self._means.patience, self._means.clock())
        self._hand.ended(delivery)
        if isinstance(outcome, Place):
            self._opened(delivery, outcome, since)
        else:
            self._landed(delivery, outcome)
        self._changed.set()

    def _opened(self, delivery: Claimed, place: Place, since: float) -> None:
        if not delivery.in_confidence:
            self._book.opened(delivery, place)
        if self._closing:
            self._book.put_back([delivery.id])
        else:
            self._hand.put(replace(delivery, place=place), since)

    def _landed(self, delivery: Claimed, outcome: Outcome | Absent) -> None:
        if isinstance(outcome, Later):
            self._be_patient(delivery, outcome)
            outcome = backed_off(outcome, delivery.attempt, self._means.chance)
        if isinstance(outcome, Later | Refused | Unknown) and not delivery.in_confidence:
            log.warning("delivery %s: %s", delivery.id, outcome)
        self._hungry = True
        searched = delivery.unsure_since is not None
        self._book.note(Result(delivery.id, outcome, delivery.attempt, searched))

    def _be_patient(self, delivery: Claimed, later: Later) -> None:
        """The conversation is left alone for as long as the platform asks; the lane, if it asks for several."""
        now, seconds = self._means.clock(), timedelta(seconds=max(later.seconds, 0.0))
        self._paused = {c: until for c, until in self._paused.items() if until > now}
        self._paused[conversation_of(delivery)] = now + seconds
        self._hand.too_fast()
        if len(self._paused) >= SEVERAL:
            rests_until = asyncio.get_running_loop().time() + seconds.total_seconds()
            self._rests_until = max(self._rests_until, rests_until)
            self._book.pause(seconds)

    async def _feed(self) -> None:
        """Writes down what happened, and takes what is due."""
        now = asyncio.get_running_loop().time()
        limit = self._hand.room(now) if self._may_call() else 0
        self._urgent = False
        if limit:
            self._hungry = False
        try:
            claimed = await self._book.turn(limit, self._hand.ids, self._paused)
        except StoreUnavailable as away:
            log.error("%s", away)
            self._hungry = True
            self._failures += 1
            await asyncio.sleep(DATABASE_AWAY_SECONDS[min(self._failures, len(DATABASE_AWAY_SECONDS)) - 1])
            return
        took = asyncio.get_running_loop().time() - now
        self._ask_at = now + min(took / SHARE_OF_THE_DATABASE, took + ASKED_AGAIN_AFTER_AT_MOST)
        self._failures = 0
        # Of the first rank there may be more, and behind it there may be another.
        self._hungry |= bool(claimed)
        self._taken += len(claimed)
        for delivery in claimed:
            self._hand.put(delivery, now)
