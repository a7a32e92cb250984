"""Live updates: tells open pages what was posted since what they have, so that a lost connection loses nothing.

What was posted is read from the stage each time; nothing is remembered here but who waits.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from aiohttp import web

LOOK_AGAIN_SECONDS = 1.0
SIGN_OF_LIFE_SECONDS = 15.0


class Bell:
    """Wakes everybody who waits. Used from the event loop alone."""

    def __init__(self) -> None:
        self._ring = asyncio.Event()
        self.silent = False

    def ring(self) -> None:
        """Something was posted."""
        self._ring.set()
        self._ring = asyncio.Event()

    def stop(self) -> None:
        """Nothing is told any more: all streams end."""
        self.silent = True
        self.ring()

    def next(self) -> asyncio.Event:
        """What the next ring sets; to be taken before looking, so that no ring is missed."""
        return self._ring


async def heard(ring: asyncio.Event, seconds: float = LOOK_AGAIN_SECONDS) -> None:
    """Waits for the ring, or so long: another process may have posted."""
    with suppress(TimeoutError):
        await asyncio.wait_for(ring.wait(), seconds)


class Stream:
    """One connection to one page, as server-sent events."""

    def __init__(self, response: web.StreamResponse) -> None:
        self.response = response
        self._quiet_since = asyncio.get_running_loop().time()

    @staticmethod
    async def open(request: web.Request, headers: dict[str, str]) -> Stream:
        """Answers the request with a stream; a browser that loses it tries again after a second."""
        response = web.StreamResponse(headers={**headers, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b"retry: 1000\n\n")
        return Stream(response)

    async def tell(self, event: str, content: str, number: int | None = None) -> None:
        """Sends one event; with a number it is what the browser names when it comes back."""
        lines = [f"event: {event}", *(f"data: {line}" for line in content.splitlines() or [""])]
        lines += [f"id: {number}"] if number is not None else []
        await self._write("\n".join(lines) + "\n\n")

    async def live(self) -> None:
        """Shows that the connection is there, if nothing was sent for a while. Raises where it is not."""
        if asyncio.get_running_loop().time() - self._quiet_since > SIGN_OF_LIFE_SECONDS:
            await self._write(": here\n\n")

    async def _write(self, text: str) -> None:
        await self.response.write(text.encode("utf-8", "replace"))
        self._quiet_since = asyncio.get_running_loop().time()
