"""Time as a platform: tells the core what time it is, every few seconds. It decides nothing and remembers nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

TICK_SECONDS = 5


class Clock:
    """Calls `tick`, which does not raise, with the time in the executor until it is stopped."""

    def __init__(self, tick: Callable[[datetime], None], now: Callable[[], datetime], executor: Executor) -> None:
        self._tick = tick
        self._now = now
        self._executor = executor
        # Memory only: what was done is in the database under its occurrence key, so nothing is lost with the process.
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._ticking = asyncio.Lock()

    async def run(self, stop: asyncio.Event) -> None:
        """Ticks, at once and then every few seconds, until `stop`; a tick that is under way is waited for."""
        self._scheduler.add_job(
            self._once,
            "interval",
            seconds=TICK_SECONDS,
            next_run_time=self._now(),
            coalesce=True,
            max_instances=1,
        )
        self._scheduler.start()
        await stop.wait()
        # The scheduler cancels what is under way when it shuts down; a tick that was just started begins first.
        self._scheduler.pause()
        await asyncio.sleep(0)
        async with self._ticking:
            self._scheduler.shutdown(wait=False)

    async def _once(self) -> None:
        async with self._ticking:
            await asyncio.get_running_loop().run_in_executor(self._executor, self._tick, self._now())
