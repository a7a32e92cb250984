"""Takes posts out of the outbox and gives them to the adapters. It decides nothing about what is said.

Every outcome is a row before the next step, so that a process that ends at any point has lost nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from bot.faults import described
from bot.messages import Adapter, Later, Outcome, Place, Refused, Sent, Unknown
from bot.store import Session, Store, StoreUnavailable, deliveries, people
from bot.store.deliveries import CALL_LIMIT, SETTLE, Claimed

IN_FLIGHT_AT_MOST = 20
LOOK_EVERY_SECONDS = 1.0
# While the database is away it is asked again after these times, the last one for as long as it takes.
DATABASE_AWAY_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0)
# At the end, a call and its outcome have this much longer than a call may take.
LAST_WORDS_SECONDS = 5.0

Result = TypeVar("Result")
log = logging.getLogger(__name__)


class Sender:
    """Sends what is due, several deliveries at once. `clock` gives an aware time; `executor` runs database
    work.
    """

    def __init__(
        self, store: Store, adapters: Mapping[str, Adapter], clock: Callable[[], datetime], executor: Executor
    ) -> None:
        """`adapters` are by platform. Posts for a platform that is not among them wait."""
        self._store = store
        self._adapters = adapters
        self._clock = clock
        self._executor = executor
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()
        self._in_flight: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Something was queued and committed. May be called from any thread."""
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # the loop has ended meanwhile: the next start finds what was queued
                loop.call_soon_threadsafe(self._woken.set)

    async def run(self, stop: asyncio.Event) -> None:
        """Sends until `stop` is set, then waits for the calls that are in flight. Does not end because a
        platform or the database fails.
        """
        self._loop = asyncio.get_running_loop()
        stopping = asyncio.create_task(stop.wait())
        stopping.add_done_callback(lambda _: self._woken.set())
        failures = 0
        try:
            while not stop.is_set():
                self._woken.clear()
                failures = failures + 1 if await self._database_is_away() else 0
                with suppress(TimeoutError):
                    pause = _pause(failures) if failures else LOOK_EVERY_SECONDS
                    await asyncio.wait_for(self._woken.wait(), pause)
        finally:
            stopping.cancel()
            self._loop = None
            await self._land()

    async def drain(self) -> None:
        """Sends everything that is due now, and what becomes due by that, and returns."""
        while await self._start_what_is_due() or self._in_flight:
            await asyncio.gather(*self._in_flight)

    async def _database_is_away(self) -> bool:
        try:
            await self._start_what_is_due()
        except StoreUnavailable as away:
            log.error("%s", away)
            return True
        return False

    async def _land(self) -> None:
        if self._in_flight:
            _, late = await asyncio.wait(self._in_flight, timeout=CALL_LIMIT.total_seconds() + LAST_WORDS_SECONDS)
            for task in late:
                task.cancel()

    async def _start_what_is_due(self) -> int:
        free = IN_FLIGHT_AT_MOST - len(self._in_flight)
        claimed = await self._transaction(lambda tx: self._claim(tx, free)) if free else []
        for delivery in claimed:
            task = asyncio.create_task(self._deliver(delivery))
            self._in_flight.add(task)
            task.add_done_callback(self._landed)
        return len(claimed)

    def _claim(self, tx: Session, limit: int) -> list[Claimed]:
        now = self._clock()
        deliveries.recover(tx, now)
        return deliveries.claim(tx, now, limit, self._adapters)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._in_flight.discard(task)
        if not task.cancelled() and (wrong := task.exception()):
            log.error("an outcome could not be recorded: %s", described(wrong))
        # The next one of the same conversation may go now.
        self._woken.set()

    async def _deliver(self, delivery: Claimed) -> None:
        adapter = self._adapters[delivery.platform]
        place = delivery.place or await self._open_direct(adapter, delivery)
        outcome = await _send(adapter, place, delivery) if isinstance(place, Place) else place
        if not isinstance(outcome, Sent):
            log.warning("delivery %s: %s", delivery.id, outcome)
        await self._certainly(lambda tx: deliveries.record(tx, delivery.id, outcome, self._clock()))

    async def _open_direct(self, adapter: Adapter, delivery: Claimed) -> Place | Refused | Later:
        if not delivery.account:
            return Refused("the account is no longer known")
        try:
            async with asyncio.timeout(CALL_LIMIT.total_seconds()):
                opened = await adapter.open_direct(delivery.account, delivery.workspace)
        except Exception as wrong:  # noqa: BLE001 - as in _send; nothing was sent yet, so there is no doubt
            return Later(SETTLE.total_seconds(), _says(wrong, adapter))
        if isinstance(opened, Place):
            account = people.Account(delivery.platform, delivery.workspace, delivery.account)
            await self._certainly(lambda tx: people.remember_direct(tx, account, opened))
        return opened

    async def _certainly(self, work: Callable[[Session], None]) -> None:
        """Writes this, again and again while the database is away: it is known nowhere else."""
        failures = 0
        while True:
            try:
                return await self._transaction(work)
            except StoreUnavailable:
                failures += 1
                await asyncio.sleep(_pause(failures))

    async def _transaction(self, work: Callable[[Session], Result]) -> Result:
        def transact() -> Result:
            with self._store.begin() as tx:
                return work(tx)

        return await asyncio.get_running_loop().run_in_executor(self._executor, transact)


async def _send(adapter: Adapter, place: Place, delivery: Claimed) -> Outcome:
    try:
        async with asyncio.timeout(CALL_LIMIT.total_seconds()):
            return await adapter.send(place, delivery.card, delivery.id)
    except Exception as wrong:  # noqa: BLE001 - an adapter that breaks its promise must not stop the others
        return Unknown(_says(wrong, adapter))


def _says(wrong: Exception, adapter: Adapter) -> str:
    if isinstance(wrong, TimeoutError):
        return f"no answer within {CALL_LIMIT.total_seconds():.0f} s"
    log.error("the adapter for %s failed: %s", adapter.name, described(wrong))
    return f"the adapter failed: {type(wrong).__name__}"


def _pause(failures: int) -> float:
    return DATABASE_AWAY_SECONDS[min(failures, len(DATABASE_AWAY_SECONDS)) - 1]
