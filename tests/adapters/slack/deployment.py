"""The whole product in front of the fake Slack: core, database, playbooks, adapter, delivery."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from adapters.slack.api import Credentials
from adapters.slack.app import Pace, SlackApp
from adapters.slack.inside import Inside
from adapters.slack.installs import Book
from bot.core import Core
from bot.delivery.sender import Sender
from bot.library import Library
from bot.messages import Limits, Place
from bot.serving import import_sample_people
from bot.store import Store
from bot.words import Words
from tests.adapters.slack.fake import Channel, FakeSlack
from tests.adapters.slack.payloads import ANA, BOT, CHANNEL, DIRECT, PEOPLE, TEAM
from tests.adapters.slack.side import SECRET, Side
from tests.adapters.slack.somebody import Somebody

TOKEN, APP_TOKEN = "xoxb-home", "xapp-home"
# Nothing is paced: what Slack's limits do is the delivery engine's own test.
UNPACED = Limits(history=True)
# Patient, since the machine may be busy; what is about time sets its own.
PACE = Pace(call=10.0, connect=5.0, again=0.05, decide=10.0, accept=10.0)


def settled_town(fake: FakeSlack) -> FakeSlack:
    """A workspace with the people and channels of `payloads`."""
    fake.team(TEAM, TOKEN, BOT)
    fake.app_tokens.add(APP_TOKEN)
    fake.users |= {id: {**user, "id": id} for id, user in PEOPLE.items()}
    assert fake.direct(ANA, TEAM).id == DIRECT
    fake.channels[CHANNEL] = Channel(CHANNEL, {BOT, ANA}, TEAM)
    return fake


def account(fake: FakeSlack, name: str, **more: Any) -> str:
    """Another account, whose address begins with this name."""
    id = f"U0{name.upper()}"
    profile = {"real_name": name.title(), "email": f"{name}@example.com"}
    fake.users[id] = {"id": id, "team_id": TEAM, "locale": "en-US", "profile": profile, **more}
    return id


@dataclass
class Deployment:
    """One process. `gone` are the conversations of which it learned that they are no more."""

    store: Store
    fake: FakeSlack
    app: SlackApp
    core: Core
    sender: Sender
    library: Library
    side: Side
    gone: list[tuple[Place, str]] = field(default_factory=list)
    moved: list[tuple[Place, str]] = field(default_factory=list)

    def somebody(self, account: str = ANA) -> Somebody:
        """Somebody in front of this Slack."""
        return Somebody(self.fake, self.side, account)

    async def settle(self) -> None:
        """Waits for everything that follows what was sent, and sends everything that is due."""
        await self.app.finish()
        await self.sender.drain()
        await self.app.finish()


@dataclass(frozen=True)
class Way:
    """How this process runs."""

    socket: bool = False
    pace: Pace = PACE
    book: Book | None = None
    credentials: dict[str, Any] = field(default_factory=dict)
    around: Callable[[Inside], Inside] = lambda inside: inside
    draw: Callable[[int], int] = secrets.randbelow


@asynccontextmanager
async def deployed(
    store: Store, folder: Path, now: Callable[[], datetime], fake: FakeSlack, way: Way | None = None
) -> AsyncIterator[Deployment]:
    """One process on this database, in front of this Slack."""
    way = way or Way()
    async with AsyncExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(4))
        library = Library(store, folder)
        library.refresh(now())
        import_sample_people(store, library, folder, now())
        gone: list[tuple[Place, str]] = []
        moved: list[tuple[Place, str]] = []
        forms = frozenset({"slack"})
        core = Core(store, library, now, forms, draw=way.draw, introduce=lambda person: app.introduce(person))  # noqa: PLW0108 - it is made below
        inside = Inside(
            accept=core.accept,
            handle=core.handle,
            hear=core.hear,
            home=core.home,
            words=lambda key, locale: Words(locale)(key),
            gone=lambda place, reason: gone.append((place, reason)),
            moved=lambda place, new: moved.append((place, new)),
        )
        credentials = Credentials(**_credentials(fake, way))
        app = SlackApp(credentials, way.around(inside), pool, now, way.book, way.pace)
        app.platform.limits = UNPACED
        await stack.enter_async_context(app)
        address = "" if way.socket else await _listen(app, stack)
        if way.socket:
            await _connect(app, fake, stack)
        side = Side(fake, address)
        stack.push_async_callback(side.close)
        sender = Sender(store, {"slack": app.platform}, now, pool)
        yield Deployment(store, fake, app, core, sender, library, side, gone, moved)


def _credentials(fake: FakeSlack, way: Way) -> dict[str, Any]:
    given = {"api_url": f"{fake.address}/api/", "bot_token": TOKEN}
    given |= {"app_token": APP_TOKEN} if way.socket else {"signing_secret": SECRET}
    return given | way.credentials


async def _listen(app: SlackApp, stack: AsyncExitStack) -> str:
    site = web.Application()
    app.add_to(site)
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"


async def _connect(app: SlackApp, fake: FakeSlack, stack: AsyncExitStack) -> None:
    stop = asyncio.Event()
    before = len(fake.sockets)
    running = asyncio.create_task(app.run(stop))

    async def end() -> None:
        stop.set()
        await running

    stack.push_async_callback(end)
    while len(fake.sockets) == before:
        fake.changed.clear()
        await asyncio.wait_for(fake.changed.wait(), 5)
