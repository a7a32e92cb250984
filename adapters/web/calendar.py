"""The route under which a calendar program reads somebody's dates. Whoever has the address may read them.

An unknown address, one that has ended and one that never was are answered alike. Nothing of a request is logged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

from aiohttp import web

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
LATER_SECONDS = 300


class NotNow(Exception):
    """The dates cannot be read just now."""


@dataclass(frozen=True, slots=True)
class Calendars:
    """The route `/calendar/<token>.ics`. `read` gives the ICS file under a token, or None; it may raise `NotNow`."""

    read: Callable[[str], bytes | None]
    executor: Executor

    def add_to(self, app: web.Application) -> None:
        """Adds the route."""
        app.add_routes([web.get("/calendar/{token}.ics", self.shown)])

    async def shown(self, request: web.Request) -> web.Response:
        """The dates, or that there are none here."""
        try:
            found = await asyncio.get_running_loop().run_in_executor(
                self.executor, self.read, request.match_info["token"]
            )
        except NotNow:
            later = {**HEADERS, "Retry-After": str(LATER_SECONDS)}
            return web.Response(status=503, text="not now; try again later\n", headers=later)
        if found is None:
            return web.Response(status=404, text="there is no calendar here\n", headers=HEADERS)
        return web.Response(body=found, content_type="text/calendar", charset="utf-8", headers=HEADERS)
