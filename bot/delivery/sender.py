"""Sends what is in the outbox: holds lanes by lease, shares them out with the workers of other processes, and is woken
by commits. Inside a lane `lane` does the work. It knows no platform.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import uuid4

from bot.delivery import lane as lane_module
from bot.delivery.book import Means
from bot.delivery.lane import DATABASE_AWAY_SECONDS, OpenLane
from bot.messages import Adapter
from bot.store import Session, Store, StoreUnavailable, lanes, news
from bot.store.lanes import Lane, Past
from bot.store.patience import PATIENCE, Patience

# At the end, the outcomes of the last calls have this much longer than a call may take.
LAST_WORDS_SECONDS = 1.5

Result = TypeVar("Result")
log = logging.getLogger(__name__)


class Sender:
    """One worker. `clock` gives an aware time; `executor` runs database work. Each process has its own, with a random
    id; any number of them share one PostgreSQL.
    """

    def __init__(
        self,
        store: Store,
        adapters: Mapping[str, Adapter],
        clock: Callable[[], datetime],
        executor: Executor,
        patience: Patience = PATIENCE,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """`adapters` are by platform. Posts for a platform that is not among them wait. `chance` gives numbers from 0
        to 1, by which repeated tries are spread.
        """
        self.worker = uuid4().hex
        self._store = store
        self._adapters = adapters
        self._executor = executor
        self._patience = patience
        self._means = Means(self.worker, self._transact, clock, chance, patience)
        self._lanes: dict[Lane, OpenLane] = {}
        self._closing: dict[Lane, asyncio.Task[None]] = {}
        # What is being let go must not be taken for held, nor the other way round.
        self._one_at_a_time = asyncio.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()
        self._renew_at = 0.0

    def wake(self) -> None:
        """Something was queued and committed. May be called from any thread."""
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # the loop has ended meanwhile: the next start finds what was queued
                loop.call_soon_threadsafe(self._wake_here)

    def _wake_here(self) -> None:
        for lane in self._lanes.values():
            lane.wake()
        self._woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Sends until `stop` is set; then finishes or hands back within ten seconds. Does not end because a platform or
        the database fails.
        """
        self._loop = asyncio.get_running_loop()
        self._renew_at = 0.0
        stopping = asyncio.create_task(stop.wait())
        stopping.add_done_callback(lambda _: self._woken.set())
        listening = asyncio.create_task(news.listen(self._store, self._wake_here))
        failures = 0
        try:
            while not stop.is_set():
                self._woken.clear()
                failures = failures + 1 if await self._database_is_away() else 0
                with suppress(TimeoutError):
                    away = DATABASE_AWAY_SECONDS[min(failures, len(DATABASE_AWAY_SECONDS)) - 1]
                    await asyncio.wait_for(self._woken.wait(), away if failures else lane_module.LOOK_EVERY_SECONDS)
        finally:
            self._loop = None
            for task in (stopping, listening):
                task.cancel()
            await asyncio.gather(stopping, listening, return_exceptions=True)
            await self._end()

    async def drain(self) -> None:
        """Sends everything that is due now, and what becomes due by that, and returns, holding nothing."""
        try:
            sent = 1
            while sent:
                await self._keep(runs=False)
                sent = sum([await lane.drain() for lane in self._lanes.values()])
        finally:
            await self._end()

    async def _database_is_away(self) -> bool:
        try:
            if asyncio.get_running_loop().time() >= self._renew_at or await self._transact_reading(self._any_free):
                await self._keep()
        except StoreUnavailable as away:
            log.error("%s", away)
            return True
        return False

    def _any_free(self, tx: Session) -> bool:
        return lanes.any_free(tx, self._adapters.keys(), lanes.database_time(tx))

    async def _keep(self, runs: bool = True) -> None:
        """Renews the leases, opens lanes that are new, closes those that are lost or beyond this worker's share."""
        platforms, lease = self._adapters.keys(), self._patience.lease
        async with self._one_at_a_time:
            # By this clock the lease ends no later than by the database's.
            until = asyncio.get_running_loop().time() + lease.total_seconds()
            kept = await self._transact(
                lambda tx: lanes.keep(tx, self.worker, platforms, lanes.database_time(tx), lease)
            )
            self._renew_at = until - lease.total_seconds() + self._patience.renew.total_seconds()
            for lane in kept.held - self._closing.keys():
                self._lease(lane, until, kept.taken.get(lane), runs)
            for lane in {*(self._lanes.keys() - kept.held), *kept.surplus} - self._closing.keys():
                self._closing[lane] = asyncio.create_task(self._close(lane))

    def _lease(self, lane: Lane, until: float, past: Past | None, runs: bool) -> None:
        adapter = self._adapters[lane.platform]
        opened = self._lanes.get(lane)
        if opened is None:
            opened = self._lanes[lane] = OpenLane(lane, adapter, self._means)
            if runs:
                opened.start()
        opened.leased(until, _wait(adapter, past) if past else timedelta())
        opened.wake()

    async def _close(self, lane: Lane) -> None:
        """Hands the lane back; where the database is away its lease runs out by itself."""
        opened = self._lanes.pop(lane)
        try:
            await opened.close(self._patience.call.total_seconds() + LAST_WORDS_SECONDS)
            async with self._one_at_a_time:
                await self._transact(lambda tx: lanes.release(tx, self.worker, lane, lanes.database_time(tx)))
                self._closing.pop(lane, None)
        except StoreUnavailable as away:
            log.error("%s", away)
            self._closing.pop(lane, None)

    async def _end(self) -> None:
        ours = self._lanes.keys() - self._closing.keys()
        await asyncio.gather(*self._closing.values(), *(self._close(lane) for lane in ours))
        with suppress(StoreUnavailable):
            await self._transact(lambda tx: lanes.leave(tx, self.worker))

    async def _transact(self, work: Callable[[Session], Result]) -> Result:
        def transact() -> Result:
            with self._store.begin() as tx:
                return work(tx)

        return await asyncio.get_running_loop().run_in_executor(self._executor, transact)

    async def _transact_reading(self, work: Callable[[Session], Result]) -> Result:
        def transact() -> Result:
            with self._store.read() as tx:
                return work(tx)

        return await asyncio.get_running_loop().run_in_executor(self._executor, transact)


def _wait(adapter: Adapter, past: Past) -> timedelta:
    """How long a new holder of a lane sends nothing: one rate window from when the last one let go."""
    window = timedelta(seconds=max((one.seconds for one in adapter.limits.workspace), default=0.0))
    since = window - past.let_go if past.let_go is not None else timedelta()
    return max(since, past.pause, timedelta())
