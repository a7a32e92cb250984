"""A whole local page over real HTTP, with core, database and sender, and people at browsers that run no scripts."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse, hdrs
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client import CollectorRegistry

from adapters.plain import plain_text
from adapters.web.app import Face, application
from adapters.web.live import Bell
from adapters.web.platform import Web
from adapters.web.visiting import Page
from bot import serving
from bot.core import Core
from bot.delivery.sender import Sender
from bot.library import Library
from bot.messages import Card
from bot.moved_clock import MovedClock
from bot.stage import Stage
from bot.store import Store

SMALL = Path(__file__).parents[2] / "transcripts/playbooks/small"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PATIENCE_SECONDS = 20
LEA, PAVEL = "lea@example.com", "pm@example.com"


@dataclass
class Site:
    """A running page."""

    client: TestClient[Any, Any]
    page: Page
    ticks: list[datetime] = field(default_factory=list)

    @property
    def platform(self) -> Web:
        """What the delivery engine calls."""
        return Web(self.page.stage, self.page.bell.ring, self.page.executor)

    @property
    def stage(self) -> Any:
        """What the page plays on."""
        return self.page.stage

    def at(self, who: str, room: str = "direct") -> Visitor:
        """Somebody in a room."""
        return Visitor(self, who, room)


@dataclass
class Visitor:
    """Somebody in a room, with a browser that runs no scripts."""

    site: Site
    who: str
    room: str

    @property
    def address(self) -> str:
        """Where they are."""
        return f"/as/{self.who}/{self.room}"

    async def sees(self, query: str = "") -> str:
        """The page as HTML."""
        answer = await self.site.client.get(self.address + query)
        assert answer.status == 200, await answer.text()
        return await answer.text()

    async def token(self) -> str:
        """What a form of the page hands in beside what people type."""
        return hidden(await self.sees(), "token")

    async def posts(
        self, what: str, fields: Mapping[str, str] | list[tuple[str, str]], headers: Mapping[str, str] | None = None
    ) -> ClientResponse:
        """Hands in a form as a browser without scripts does; redirects are not followed."""
        pairs = list(fields.items()) if isinstance(fields, Mapping) else fields
        if not any(name == "token" for name, _ in pairs):
            pairs = [("token", await self.token()), *pairs]
        return await self.site.client.post(f"{self.address}/{what}", data=pairs, headers=headers, allow_redirects=False)

    async def says(self, text: str, hears: str, event: str = "", **more: str) -> None:
        """Types this, and waits for what the bot answers."""
        before = self.site.stage.newest()
        event = event or f"e{before}"
        answer = await self.posts("say", {"text": text, "event": event, **more})
        assert answer.status == 303, await answer.text()
        await self.hears(hears, before)

    async def presses(self, label: str, hears: str) -> None:
        """Presses the newest button of this name, and waits for what the bot answers."""
        before = self.site.stage.newest()
        message, choice = button(await self.sees(), label)
        answer = await self.posts("press", {"message": message, "choice": choice})
        assert answer.status == 303, await answer.text()
        await self.hears(hears, before)

    async def hears(self, words: str, after: int = 0) -> None:
        """Waits until the bot has posted something with these words here; fails if it takes too long."""
        async with (
            asyncio.timeout(PATIENCE_SECONDS),
            self.site.client.get(f"{self.address}/live?after={after}") as stream,
        ):
            async for one in events(stream):
                if one.event == "message" and "of-bot" in one.data and words in as_read(one.data):
                    return


@dataclass(frozen=True)
class Told:
    """One server-sent event."""

    event: str
    data: str
    id: str


async def events(answer: ClientResponse) -> AsyncIterator[Told]:
    """The events of a stream as they come; fails where the next one takes too long."""
    got: dict[str, list[str]] = {}
    while True:
        async with asyncio.timeout(PATIENCE_SECONDS):
            line = (await answer.content.readline()).decode().rstrip("\n")
        if line:
            name, _, value = line.partition(": ")
            got.setdefault(name, []).append(value)
        elif "event" in got:
            yield Told(got["event"][0], "\n".join(got.get("data", [])), got.get("id", [""])[0])
            got = {}
        else:
            got = {}


def button(page: str, label: str) -> tuple[str, str]:
    """The number of the message and of the choice of the newest button with this label."""
    form = r'name="message" value="(\d+)">\s*<button class="choice [a-z]*" name="choice" value="(\d+)">' + re.escape(
        html.escape(label)
    )
    found = re.findall(form, page)
    assert found, f"no button {label!r}"
    return found[-1]  # type: ignore[no-any-return]  # two groups


def hidden(page: str, name: str) -> str:
    """The value of the last hidden field with this name."""
    return str(re.findall(rf'name="{name}"[^>]* value="([^"]*)"', page)[-1])


def as_read(page: str) -> str:
    """The words of a page without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@asynccontextmanager
async def site(store: Store, folder: Path = SMALL, real: Callable[[], datetime] = lambda: NOW) -> AsyncIterator[Site]:
    """The page over this database, with everything that answers and sends."""
    stop, bell = asyncio.Event(), Bell()
    with ThreadPoolExecutor(4) as pool:
        clock = MovedClock(store, real)
        library = Library(store, folder)
        library.refresh(clock())
        serving.import_sample_people(store, library, folder, clock())
        core = Core(store, library, clock, frozenset({"web"}), lambda: sender.wake())  # noqa: PLW0108 - made below
        stage = Stage(store, library, core, clock)
        stage.open()
        sender = Sender(store, {"web": Web(stage, bell.ring, pool)}, clock, pool)
        ticks: list[datetime] = []

        def tick() -> None:
            ticks.append(clock())
            core.tick(clock())

        ways: dict[str, Callable[[Card], str]] = {"Plain text": plain_text, "Card as data": Card.to_json}
        page = Page(stage, clock, tick, pool, bell, ways, {"Card as data": "9,000 at most"})
        face = Face(lambda: ("", ()), lambda: (), lambda _: False, CollectorRegistry(), pool, "books", True, page)
        sending = asyncio.create_task(sender.run(stop))
        async with TestClient(TestServer(application(face)), headers={hdrs.CONNECTION: "close"}) as client:
            yield Site(client, page, ticks)
        stop.set()
        await sending
