"""The route under which a platform reads a picture of ours, by an address that is signed and expires."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

from aiohttp import web

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, max-age=86400",
    "Content-Security-Policy": "default-src 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


@dataclass(frozen=True, slots=True)
class Pictures:
    """The route `/pictures/<token>.png`. `read` gives the PNG under a token, or None."""

    read: Callable[[str], bytes | None]
    executor: Executor

    def add_to(self, app: web.Application) -> None:
        """Adds the route."""
        app.add_routes([web.get("/pictures/{token}.png", self.shown)])

    async def shown(self, request: web.Request) -> web.Response:
        """The picture, or that there is none here."""
        token = request.match_info["token"]
        found = await asyncio.get_running_loop().run_in_executor(self.executor, self.read, token)
        if found is None:
            none = {**HEADERS, "Cache-Control": "no-store"}
            return web.Response(status=404, text="there is no picture here\n", headers=none)
        return web.Response(body=found, content_type="image/png", headers=HEADERS)
