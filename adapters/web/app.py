"""The HTTP face: health, readiness, metrics, and in local mode a page that says what is running.

What it shows is handed in as functions; it reads no database and decides nothing.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

Result = TypeVar("Result")

HERE = Path(__file__).parent
LARGEST_BODY = 1_000_000
# What is under way when the process is told to stop has this long; a slow client must not hold it up.
LAST_REQUESTS_SECONDS = 3.0
PLAIN = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
PAGE_HEADERS = {
    **PLAIN,
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}


@dataclass(frozen=True, slots=True)
class Running:
    """One initiative as the start page shows it."""

    name: str
    summary: str
    status: str


@dataclass(frozen=True, slots=True)
class Face:
    """What the routes need: `ready` gives the reason why not (or '') and notes; `key_known` checks an API key.

    `folder` is where playbooks are put; `local` serves the start page.
    """

    ready: Callable[[], tuple[str, Sequence[str]]]
    running: Callable[[], Sequence[Running]]
    key_known: Callable[[str], bool]
    registry: CollectorRegistry
    executor: Executor
    folder: str = "playbooks"
    local: bool = False


def application(face: Face) -> web.Application:
    """The aiohttp application. Database work runs in the face's executor, never on the event loop."""
    app = web.Application(client_max_size=LARGEST_BODY)
    routes = _Routes(face)
    app.add_routes(
        [
            web.get("/healthz", routes.healthz),
            web.get("/readyz", routes.readyz),
            web.get("/metrics", routes.metrics),
        ]
    )
    if face.local:
        app.add_routes([web.get("/", routes.page), web.static("/static", HERE / "static")])
    return app


class _Routes:
    def __init__(self, face: Face) -> None:
        self._face = face
        self._template = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined
        ).get_template("start.html")

    async def _work(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._face.executor, work)

    async def healthz(self, _: web.Request) -> web.Response:
        return web.Response(text="ok\n", headers=PLAIN)

    async def readyz(self, _: web.Request) -> web.Response:
        reason, notes = await self._work(self._face.ready)
        lines = [reason or "ready", *notes]
        return web.Response(status=503 if reason else 200, text="\n".join(lines) + "\n", headers=PLAIN)

    async def metrics(self, request: web.Request) -> web.Response:
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        key = key.strip() if scheme.lower() == "bearer" else ""
        if not from_this_machine(request) and not await self._key_known(key):
            return web.Response(status=401, text="a key made by 'throughline new-key' is needed\n", headers=PLAIN)
        body = await self._work(lambda: generate_latest(self._face.registry))
        return web.Response(body=body, headers={**PLAIN, "Content-Type": CONTENT_TYPE_LATEST})

    async def _key_known(self, key: str) -> bool:
        return bool(key) and await self._work(lambda: self._face.key_known(key))

    async def page(self, request: web.Request) -> web.Response:
        if not from_this_machine(request) or not _asked_as_this_machine(request):
            return web.Response(status=403, text="this page is for this machine only\n", headers=PLAIN)
        reason, notes = await self._work(self._face.ready)
        running = await self._work(self._face.running)
        html = self._template.render(reason=reason, notes=notes, running=running, folder=self._face.folder)
        return web.Response(text=html, content_type="text/html", headers=PAGE_HEADERS)


def from_this_machine(request: web.Request) -> bool:
    """Whether the connection itself comes from a loopback address, and not through a proxy that forwards for others."""
    forwarded = any(h in request.headers for h in ("X-Forwarded-For", "Forwarded", "X-Real-IP"))
    try:
        return not forwarded and ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        return False


def _asked_as_this_machine(request: web.Request) -> bool:
    """Whether the page was asked for under a name of this machine: another name may have been made to point here."""
    try:
        name = urlsplit(f"//{request.host}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


async def listen(app: web.Application, host: str, port: int, stop: asyncio.Event, ready: Callable[[int], None]) -> None:
    """Serves the application until `stop`; `ready` is told the port once it listens. OSError if it cannot."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=LAST_REQUESTS_SECONDS)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        ready(runner.addresses[0][1] if runner.addresses else port)
        await stop.wait()
    finally:
        await runner.cleanup()
