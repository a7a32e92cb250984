"""Work that what is heard from Teams needs: in threads of its own, with nothing left half done without a word.

It knows nothing of what is worked on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

THREADS: Final = 4

Result = TypeVar("Result")
log = logging.getLogger(__name__)


class NotDone(Exception):
    """Nothing was done, and it can be tried again."""


class Work:
    """Work in threads, and what is only begun and finished later."""

    def __init__(self) -> None:
        # Threads of their own: no acknowledgement waits behind answers that are being worked out.
        self._threads = ThreadPoolExecutor(THREADS, "teams-hearing")
        self._under_way: set[asyncio.Task[None]] = set()

    async def done(self, work: Callable[[], Result], seconds: float | None = None) -> Result:
        """What the work comes to. Raises `NotDone` where it fails or takes longer than `seconds`."""
        try:
            done = asyncio.get_running_loop().run_in_executor(self._threads, work)
            return await asyncio.wait_for(done, seconds)
        except Exception as wrong:
            # Whatever it is, it was not done; its own words may hold what somebody wrote.
            log.warning("something heard from Teams could not be done: %s", type(wrong).__name__)
            raise NotDone(type(wrong).__name__) from wrong

    def soon(self, work: Coroutine[Any, Any, None]) -> None:
        """Begins the work, for which nobody waits."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._ended)

    async def finish(self) -> None:
        """Waits for what was begun."""
        while self._under_way:
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def close(self) -> None:
        """Finishes, and takes nothing more."""
        await self.finish()
        self._threads.shutdown(wait=False)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (wrong := task.exception()):
            log.error("something heard from Teams was left half done: %s", type(wrong).__name__)
