"""A deployment in Teams: the fake platform, the bot behind its real way in, and people who write, press and fill in.

Everything goes over HTTP with signed tokens, through the SDK, the core, the outbox and back to the fake Connector.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from adapters.teams.app import PATH, Access, Door
from adapters.teams.connector import Connector
from adapters.teams.hearing import Hearing
from adapters.teams.platform import Teams
from adapters.teams.token import Credentials
from bot.core import Core
from bot.delivery.sender import Sender
from bot.library import Library
from bot.messages import Limits
from bot.store import Store
from bot.store.teams_references import References
from tests.adapters.teams.activities import APP, BOT, LOOK, TENANT
from tests.adapters.teams.actors import Account, Message
from tests.adapters.teams.fake import PASSWORD, FakeTeams
from tests.world import World

UNPACED = Limits()
FAILED = "That was not done. Your input is still there: try again."
LOOPBACK = ("127.0.0.1",)
# Adds the app to teams, and is in none of them.
ADMIN = "admin"


@dataclass
class Answer:
    """What the bot answered to an activity."""

    status: int
    body: Any = None


# Patient, since the machine may be busy; what is about time sets its own.
PATIENT = 20.0


@dataclass
class Deployment(World):
    """One deployment and one platform. What people see of it is in `fake`; `call_seconds` limits each call."""

    runner: asyncio.Runner = field(default_factory=asyncio.Runner)
    fake: FakeTeams = field(default_factory=FakeTeams)
    call_seconds: float = PATIENT
    press_seconds: float = PATIENT
    tenants: frozenset[str] = frozenset({TENANT})
    limits: Limits = UNPACED

    def start(self) -> None:
        """A process begins: nothing is left of an earlier one but the database."""
        self.library = Library(self.store, self.folder)
        self.library.refresh(self.time)
        self.runner.run(self._start())

    async def _start(self) -> None:
        await self._stop()
        fake = self.fake
        credentials = Credentials(APP, PASSWORD, TENANT, fake.address("/token"))
        self.connector = Connector(credentials, LOOPBACK, self.call_seconds)
        self.references = References(self.store, lambda: self.time)
        self.teams = Teams(self.connector, self.references, LOOK, APP, anywhere=fake.service)
        # Pacing is the engine's, and the clock here stands still.
        self.teams.limits = self.limits
        self.sender = Sender(self.store, {"teams": self.teams}, lambda: self.time, self.pool)
        self.core = Core(
            self.store,
            self.library,
            lambda: self.time,
            frozenset({"teams"}),
            self.sender.wake,
            self._draw,
            introduce=self.teams.introduce,
        )
        self.hearing = Hearing(
            self.core, self.references, self.teams, LOOK, lambda _: FAILED, self.pool, self.press_seconds
        )
        access = Access(APP, self.tenants, LOOPBACK, fake.metadata, keys_seconds=self.call_seconds)
        app = web.Application(client_max_size=1_000_000)
        Door(access, self.hearing).add_to(app)
        self._server = TestServer(app)
        await self._server.start_server()
        self._client = ClientSession()

    async def _stop(self) -> None:
        if getattr(self, "_server", None):
            await self._client.close()
            await self._server.close()
            await self.teams.close()

    def stop(self) -> None:
        """The process ends."""
        self.runner.run(self._stop())

    def account(self, who: str) -> Account:
        """Who this is in Teams; everybody of the sample people is there with the app installed."""
        if who not in self.fake.accounts:
            known = self.accounts.get(who, {})
            role = "bot" if known.get("bot") else "guest" if known.get("guest") else "user"
            self.fake.accounts[who] = Account(known.get("name", ""), known.get("email", ""), role=role)
        return self.fake.accounts[who]

    def channel(self, name: str) -> str:
        """The conversation of a channel; the people met so far are in it, and a guest where it is shared."""
        id = f"19:{name}@thread.tacv2"
        guests = ["guest"] if name.endswith("-shared") else []
        for guest in guests:
            self.fake.accounts.setdefault(guest, Account("Guest", "guest@partner.example", role="guest"))
        self.fake.channels.setdefault(id, guests)
        return id

    def activity(self, who: str, kind: str, where: str = "", thread: str = "", **more: Any) -> dict[str, Any]:
        """What Teams sends when `who` does something, in their direct conversation or in a channel."""
        account, id = self.account(who), self.fake.number()
        conversation: dict[str, Any] = {
            "id": account.conversation,
            "conversationType": "personal",
            "tenantId": TENANT,
        }
        data: dict[str, Any] = {"tenant": {"id": TENANT}}
        if where:
            channel = self.channel(where)
            if who not in self.fake.channels[channel] and who != ADMIN:
                self.fake.channels[channel].append(who)
            conversation |= {
                "id": f"{channel};messageid={thread or id}",
                "conversationType": "channel",
                "isGroup": True,
            }
            data |= {"team": {"id": channel}, "channel": {"id": channel}}
        client = {"type": "clientInfo", "locale": account.locale, "timezone": account.timezone}
        return {
            "type": kind,
            "id": id,
            "timestamp": "2026-11-23T09:00:00.000Z",
            "serviceUrl": self.fake.service,
            "channelId": "msteams",
            "from": {"id": account.id, "name": account.name, "aadObjectId": account.object_id},
            "conversation": conversation,
            "recipient": BOT,
            "channelData": data,
            **({"locale": account.locale} if account.locale else {}),
            "entities": [client] if account.timezone else [],
            **more,
        }

    def add_to_team(self, name: str, *others: dict[str, str]) -> list[Message]:
        """The app is added to a team, of which this is the general channel; what it posts then."""
        activity = self.activity(ADMIN, "conversationUpdate", name)
        activity["conversation"]["id"] = self.channel(name)
        return self.posted({**activity, "membersAdded": [*others, BOT]})

    def typed(self, who: str, text: str, where: str = "", **more: Any) -> dict[str, Any]:
        """A message; in a channel it mentions the bot."""
        if not where:
            return self.activity(who, "message", text=text, **more)
        mark = "<at>Throughline</at>"
        entity = {"type": "mention", "text": mark, "mentioned": BOT}
        said = text.removeprefix("@throughline").strip()
        return self.activity(who, "message", where, text=f"{mark} {said}", entities=[entity], **more)

    def send(self, activity: dict[str, Any], **headers: str) -> Answer:
        """Posts it to the bot, signed unless `headers` say otherwise, and lets the bot do what follows."""
        return self.runner.run(self._send(activity, headers))

    async def post(self, content: Any, headers: dict[str, str]) -> Answer:
        """One request to the bot."""
        how = {"data": content} if isinstance(content, bytes) else {"json": content}
        async with self._client.post(self._server.make_url(PATH), headers=headers, **how) as response:
            body = await response.read()
            return Answer(response.status, await response.json() if body else None)

    async def _send(self, activity: dict[str, Any], headers: dict[str, str]) -> Answer:
        signed = {"Authorization": f"Bearer {self.fake.token(time.time())}"}
        answer = await self.post(activity, headers or signed)
        await self.hearing.finish()
        return answer

    def drain(self) -> None:
        """Sends everything that is due."""
        self.runner.run(self.sender.drain())

    def tick(self) -> None:
        """The clock's tick, in a thread of the core."""
        self.runner.run(self._tick())

    async def _tick(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self.pool, self.core.tick, self.time)

    def posted(self, activity: dict[str, Any]) -> list[Message]:
        """What the bot posts because of it."""
        before = len(self.fake.messages)
        answer = self.send(activity)
        assert answer.status == 200, answer
        self.drain()
        return self.fake.messages[before:]

    def invoke(self, who: str, name: str, value: dict[str, Any], message: Message | None = None) -> Answer:
        """A press or a dialog; what is posted because of it is sent too."""
        where = message.conversation if message else ""
        channel = where.startswith("19:")
        room = where.partition("@")[0].removeprefix("19:") if channel else ""
        thread = where.partition(";messageid=")[2]
        reply = {"replyToId": message.id} if message else {}
        answer = self.send(self.activity(who, "invoke", room, thread, name=name, value=value, **reply))
        self.drain()
        return answer

    def execute(self, who: str, action: dict[str, Any], message: Message, **inputs: str) -> Answer:
        """Presses a button of this message, with what stands in the fields beside it."""
        data = {**action["data"], **inputs}
        value = {"action": {"type": "Action.Execute", "verb": action.get("verb"), "data": data}, "trigger": "manual"}
        return self.invoke(who, "adaptiveCard/action", value, message)

    def fetch(self, who: str, action: dict[str, Any], message: Message) -> Answer:
        """Presses a button that opens a dialog."""
        return self.invoke(who, "task/fetch", {"data": action["data"], "context": {"theme": "default"}}, message)

    def hand_in(self, who: str, action: dict[str, Any], message: Message | None = None, **fields: str) -> Answer:
        """Hands in a dialog."""
        data = {**action["data"], **{name.replace("__", "."): value for name, value in fields.items()}}
        return self.invoke(who, "task/submit", {"data": data, "context": {"theme": "default"}}, message)


def buttons(card: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The buttons of a card by what stands on them, whole."""
    return {action.get("tooltip", action["title"]): action for action in card.get("actions", ())}


def texts(element: Any) -> str:
    """Everything that can be read in a card, in order."""
    if isinstance(element, list):
        return "\n".join(filter(None, map(texts, element)))
    if not isinstance(element, dict) or element.get("type", "").startswith("Action."):
        return ""
    own = [
        element[name] for name in ("label", "text", "title", "value", "altText") if isinstance(element.get(name), str)
    ]
    inside = [element[name] for name in ("items", "body", "facts", "rows", "cells", "choices") if name in element]
    return "\n".join(filter(None, [*own, *map(texts, inside)]))


@contextmanager
def deployment(store: Store, folder: Path, now: datetime, **more: Any) -> Iterator[Deployment]:
    """A deployment that is put away at the end."""
    fake = FakeTeams()
    with asyncio.Runner() as runner, ThreadPoolExecutor(4) as pool:
        runner.run(fake.__aenter__())
        made = Deployment(store, folder, now, pool, runner=runner, fake=fake, **more)
        try:
            yield made
        finally:
            made.stop()
            runner.run(fake.__aexit__())
