"""The HTTP face: health, readiness, metrics, and in local mode the page where one chooses who to be.

What it shows is handed in as functions; it reads no database and decides nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from adapters.web.chat import Chat
from adapters.web.guard import asked_as_this_machine, from_this_machine
from adapters.web.render import TEMPLATES
from adapters.web.texts import Texts
from adapters.web.visiting import HEADERS, Page

Result = TypeVar("Result")

HERE = Path(__file__).parent
LARGEST_BODY = 1_000_000
# What is under way when the process is told to stop has this long; a slow client must not hold it up.
LAST_REQUESTS_SECONDS = 3.0
PLAIN = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Running:
    """One initiative as the start page shows it."""

    name: str
    summary: str
    status: str


@dataclass(frozen=True, slots=True)
class Face:
    """What the routes need: `ready` gives the reason why not (or '') and notes; `key_known` checks an API key.

    `folder` is where playbooks are put; `local` serves the start page, and with `page` one can talk there. `texts`
    are the privacy text and the terms. Each of `platforms` adds the routes of one platform.
    """

    ready: Callable[[], tuple[str, Sequence[str]]]
    running: Callable[[], Sequence[Running]]
    key_known: Callable[[str], bool]
    registry: CollectorRegistry
    executor: Executor
    folder: str = "playbooks"
    local: bool = False
    page: Page | None = None
    texts: Texts | None = None
    platforms: Sequence[Callable[[web.Application], None]] = ()


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
    for add_routes in face.platforms:
        add_routes(app)
    if face.texts:
        face.texts.add_to(app)
    if face.local or face.texts:
        app.add_routes([web.static("/static", HERE / "static")])
    if face.local:
        app.add_routes([web.get("/", routes.page)])
        if routes.chat:
            routes.chat.add_to(app)
    return app


class _Routes:
    def __init__(self, face: Face) -> None:
        self._face = face
        self.chat = Chat(face.page) if face.page else None

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
        if not from_this_machine(request) or not asked_as_this_machine(request):
            return web.Response(status=403, text="this page is for this machine only\n", headers=PLAIN)
        reason, notes = await self._work(self._face.ready)
        running = await self._work(self._face.running)
        wanted = request.query.get("q", "").strip()
        people, found = await self.chat.people(wanted) if self.chat else ([], [])
        html = TEMPLATES.get_template("start.html").render(
            reason=reason,
            notes=notes,
            running=running,
            folder=self._face.folder,
            people=people,
            found=found,
            wanted=wanted,
        )
        return web.Response(text=html, content_type="text/html", headers=HEADERS)


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
