"""Processes to be killed: each runs one or all parts of the bot, put together as the real one, on the platforms of the
test. It runs as a program that forks them, so that a new process is there at once.

Each line on standard input asks for something: `start ROLE` for a new process, whose number is written to standard
output, or `end NUMBER`: that process is waited for, and its exit status written.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import ClientError, ClientSession

import adapters.clock
from adapters.clock import Clock
from bot import serving
from bot.core import Core
from bot.delivery import lane
from bot.delivery.sender import Sender
from bot.library import Library
from bot.messages import Absent, Card, Later, Limits, Outcome, Person, Place, Refused, Said, Sent, Unknown, Window
from bot.store import Seal, Store, StoreUnavailable, hearing
from bot.store.announcements import Announcement, Audience, Wording
from bot.store.patience import Patience

PLAYBOOKS = Path(__file__).parent.parent / "transcripts" / "playbooks" / "small"
PARTS = ("web", "worker", "clock")
WORKSPACE = "acme"
SECRET = "a secret for tests only"
WINDOW = Window(60, 0.3)
# What takes half a minute in earnest takes a second here; and who is killed all the time may try more often.
PATIENCE = Patience(
    call=timedelta(seconds=0.4),
    settle=timedelta(seconds=0.3),
    in_hand=timedelta(seconds=0.5),
    lease=timedelta(seconds=1),
    renew=timedelta(seconds=0.2),
    doubts=1000,
)
LOST_AFTER = timedelta(seconds=1)
LOOK_SECONDS = 0.2


def now() -> datetime:
    return datetime.now(UTC)


def quicken() -> None:
    """The clock and what is left over, at the same pace as `PATIENCE`."""
    lane.LOOK_EVERY_SECONDS = LOOK_SECONDS
    adapters.clock.TICK_SECONDS = 0.5  # type: ignore[assignment]  # whole seconds in earnest
    hearing.HANDLED_WITHIN = LOST_AFTER
    hearing.TRY_AGAIN_AFTER = (LOST_AFTER,) * 1000


@dataclass
class Called:
    """An adapter: one call each, told in the engine's words."""

    name: str
    address: str
    session: ClientSession
    limits: Limits

    async def send(self, place: Place, card: Card, key: str) -> Outcome:
        account = place.conversation.removeprefix("direct:")
        asked = {"key": key, "account": account, "process": os.getpid()}
        try:
            async with self.session.post(f"{self.address}/{self.name}/send", json=asked) as answer:
                told = await answer.json()
                match answer.status:
                    case 200:
                        return Sent(told["id"])
                    case 403:
                        return Refused(told["reason"])
                    case 429 | 503:
                        return Later(float(answer.headers.get("Retry-After", 0.1)), f"status {answer.status}")
                return Unknown(f"status {answer.status}")
        except ClientError as broken:
            return Unknown(type(broken).__name__)

    async def edit(self, place: Place, message: str, card: Card) -> Outcome:
        return Refused("nothing is edited here")

    async def delete(self, place: Place, message: str) -> Outcome:
        return Refused("nothing is taken back here")

    async def find(self, place: Place, key: str, since: datetime, until: datetime) -> Sent | Absent | Later | Refused:
        try:
            async with self.session.get(f"{self.address}/{self.name}/find", params={"key": key}) as answer:
                told = await answer.json()
                return Sent(told["id"]) if answer.status == 200 else Absent()
        except ClientError as broken:
            return Later(0.1, type(broken).__name__)

    async def open_direct(self, account: str, workspace: str) -> Place | Refused | Later:
        try:
            async with self.session.get(f"{self.address}/{self.name}/open", params={"account": account}) as answer:
                return Place(self.name, workspace, (await answer.json())["conversation"])
        except ClientError as broken:
            return Later(0.1, type(broken).__name__)


class Process:
    """One process with the parts of its role, as `bot.__main__` puts them together."""

    def __init__(self, url: str, address: str, role: str) -> None:
        self._store = Store.open(url, secret=Seal([SECRET]))
        self._address = address
        self._parts = PARTS if role == "all" else (role,)

    async def live(self) -> None:
        """Until it is told to stop."""
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        library = Library(self._store, PLAYBOOKS)
        library.refresh(now())
        async with ClientSession() as session:
            with ThreadPoolExecutor(4) as pool:
                await self._run(session, library, pool, stop)

    async def _run(
        self, session: ClientSession, library: Library, pool: ThreadPoolExecutor, stop: asyncio.Event
    ) -> None:
        core = Core(self._store, library, now, wake=lambda: sender.wake())  # noqa: PLW0108 - it is made below
        limits = {name: Limits(workspace=(WINDOW,), history=name == "readable") for name in ("readable", "blind")}
        callers = {name: Called(name, self._address, session, limits[name]) for name in limits}
        sender = Sender(self._store, callers, now, pool, PATIENCE)
        running: list[Awaitable[None]] = []
        if "worker" in self._parts:
            serving.pick_up_at_start(core, self._store, now(), alone=self._store.embedded)
            running.append(sender.run(stop))
        if "clock" in self._parts:
            tick = serving.ticking(core, now)
            running.append(Clock(lambda _: tick(), now, pool).run(stop))
        if "web" in self._parts:
            running.append(self._hear(session, core, pool, stop))
        await serving.run_all(running, stop)

    async def _hear(self, session: ClientSession, core: Core, pool: ThreadPoolExecutor, stop: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        while not stop.is_set():
            with suppress(ClientError, StoreUnavailable):
                async with session.post(f"{self._address}/events/take") as answer:
                    event = (await answer.json())["event"]
                if event:
                    said = asked(event)
                    await loop.run_in_executor(pool, core.accept, said)
                    await session.post(f"{self._address}/events/acknowledge", params={"event": event})
                    pool.submit(core.handle, said)
            await asyncio.sleep(LOOK_SECONDS)


NEWS = "news"
CARD = Card("The old phones go on 10 May. Nothing is lost.")


def announcement() -> Announcement:
    """What everybody is told."""
    wordings = (Wording("en", CARD),)
    return Announcement(NEWS, "milestones", "phones", Audience(), wordings, now(), urgent=True)


def recipient(number: int) -> Person:
    """A person of the audience, on one of the platforms."""
    platform = "readable" if number % 2 else "blind"
    return Person(platform, WORKSPACE, f"p{number}", email=f"p{number}@example.com", locale="en")


def asked(event: str) -> Said:
    """A question of somebody who asks only this."""
    platform = "readable" if int(event.removeprefix("E")) % 2 else "blind"
    person = Person(platform, WORKSPACE, f"asks-{event}", email=f"asks-{event}@example.com", locale="en")
    return Said(event, person, Place(platform, WORKSPACE, f"direct:asks-{event}"), "can I keep my number?")


def learn(url: str) -> None:
    """Loads what every process would load, so that a life begins with sending."""
    serving.warm_up()
    store = Store.open(url, secret=Seal([SECRET]))
    Library(store, PLAYBOOKS).refresh(now())
    store.close()


def main(url: str, address: str) -> None:
    quicken()
    learn(url)
    logging.disable(logging.WARNING)  # thousands of faults are met on purpose
    for line in sys.stdin:
        word, argument = line.split()
        if word == "start":
            child = os.fork()
            if child == 0:
                asyncio.run(Process(url, address, argument).live())
                os._exit(0)
            print(child, flush=True)  # noqa: T201 - the protocol with the test
        else:
            _, status = os.waitpid(int(argument), 0)
            print(status, flush=True)  # noqa: T201 - the same


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
