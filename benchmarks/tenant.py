"""The bot on a platform that keeps strictly to its pace, with a large audience and somebody who asks questions."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot import serving
from bot.core import Core
from bot.delivery import announcing
from bot.delivery.sender import Sender
from bot.library import Library
from bot.messages import Absent, Card, Later, Limits, Outcome, Person, Place, Refused, Said, Sent, Window
from bot.store import Store, announcements, deliveries
from bot.store import tables as t
from bot.store.announcements import Announcement, Audience, Wording

PLAYBOOKS = Path(__file__).parent.parent / "playbooks"
PACE = Window(50, 1.0)
LATENCY = 0.08  # seconds; what a call to a platform takes
ASKERS = 20
BETWEEN_QUESTIONS = 0.5
CARD = Card("The old system closes on 10 May. Your customer numbers stay. " * 5, title="What happens on 10 May")
QUESTION = "why are we replacing Visita?"


def now() -> datetime:
    """The moment it is."""
    return datetime.now(UTC)


@dataclass
class Tenant:
    """A platform that takes so many calls within a second and not one more."""

    name: str = "teams"
    limits: Limits = field(default_factory=lambda: Limits(workspace=(PACE,)))
    came: list[float] = field(default_factory=list)
    too_fast: int = 0
    answered: dict[str, float] = field(default_factory=dict)
    _recent: deque[float] = field(default_factory=deque)

    async def send(self, place: Place, card: Card, key: str) -> Outcome:
        """Takes the message, or asks for patience."""
        at = time.perf_counter()
        while self._recent and at - self._recent[0] >= PACE.seconds:
            self._recent.popleft()
        if len(self._recent) >= PACE.calls:
            self.too_fast += 1
            return Later(PACE.seconds)
        self._recent.append(at)
        self.came.append(at)
        self.answered.setdefault(place.conversation, at)
        await asyncio.sleep(LATENCY)
        return Sent(key)

    async def edit(self, place: Place, message: str, card: Card) -> Outcome:
        """Not asked here."""
        return Refused("not here")

    async def delete(self, place: Place, message: str) -> Outcome:
        """Not asked here."""
        return Refused("not here")

    async def find(self, place: Place, key: str, since: datetime, until: datetime) -> Sent | Absent | Later | Refused:
        """Not asked here."""
        return Refused("not here")

    async def open_direct(self, account: str, workspace: str) -> Place | Refused | Later:
        """Everybody's conversation is known already."""
        return Refused("not here")

    def figures(self, messages: int) -> dict[str, float]:
        """The pace that was kept, and the calls that were refused."""
        seconds = self.came[-1] - self.came[0]
        return {"messages": messages, "per second": len(self.came) / seconds, "refused": self.too_fast}


class Running:
    """The bot on a tenant, put together as `serve` does it, with somebody who asks questions."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.tenant = Tenant()
        self._threads = ThreadPoolExecutor(8)
        self._library = Library(store, PLAYBOOKS)
        self._library.refresh(now())
        serving.warm_up()
        self._sender = Sender(store, {"teams": self.tenant}, now, self._threads)
        self._core = Core(store, self._library, now, wake=self._sender.wake)
        self._asked = 0
        self.waited: list[float] = []

    async def greet(self) -> None:
        """Meets the askers, so that later answers are answers alone."""
        for number in range(ASKERS):
            self._hear(_said(number, "hello", f"greet-{number}"))

    async def ask(self) -> None:
        """Asks one question and notes how long it is until the platform has the answer, in seconds."""
        number, self._asked = self._asked % ASKERS, self._asked + 1
        said = _said(number, QUESTION, f"ask-{self._asked}")
        began = time.perf_counter()
        self.tenant.answered.pop(said.place.conversation, None)
        await asyncio.get_running_loop().run_in_executor(self._threads, self._hear, said)
        while said.place.conversation not in self.tenant.answered:
            assert time.perf_counter() - began < 60, "no answer"
            await asyncio.sleep(0.002)
        self.waited.append(self.tenant.answered[said.place.conversation] - began)

    def _hear(self, said: Said) -> None:
        self._core.accept(said)
        self._core.handle(said)

    async def ask_until(self, done: asyncio.Event) -> None:
        """One question after another, with a pause."""
        while not done.is_set():
            await self.ask()
            await asyncio.sleep(BETWEEN_QUESTIONS)

    @asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        """The sender runs for as long as the block lasts."""
        stop = asyncio.Event()
        task = asyncio.create_task(self._sender.run(stop))
        try:
            yield
        finally:
            stop.set()
            await task

    def queue(self) -> float:
        """Queues one message to each recipient, as the clock does it, and wakes the sender; says how many seconds of
        this thread's processor that took.
        """
        began = time.thread_time()
        with self.store.begin() as tx:
            announcements.add(tx, announcement(), now())
        while announcing.expand(self.store, self._library.current.playbooks, now(), at_most=announcing.CHUNK):
            self._sender.wake()
        return time.thread_time() - began

    def until_sent(self) -> None:
        """Waits until every message is done."""
        while self._unsent():
            time.sleep(0.2)

    def _unsent(self) -> int:
        with self.store.read() as tx:
            counts = deliveries.counts(tx)
        return sum(count for state, count in counts.items() if state in ("queued", "sending"))


def _key(number: int) -> str:
    return f"{number:032x}"


def announcement() -> Announcement:
    """What everybody is told, at once."""
    wordings = (Wording("en", CARD),)
    return Announcement("news", "milestones", "crm-renewal", Audience(), wordings, now(), urgent=True)


def _said(asker: int, words: str, event: str) -> Said:
    person = Person("teams", "tenant", f"asker{asker}", email=f"asker{asker}@example.com", locale="en")
    return Said(event, person, Place("teams", "tenant", f"asker{asker}"), words)


def people(store: Store, count: int) -> None:
    """A directory of so many people who can be written to."""
    nobody = {
        "unit": "field-sales",
        "manager": "",
        "locale": "en",
        "timezone": "Europe/Lisbon",
        "location": "",
        "roles": [],
    }
    with store.begin() as tx:
        for first in range(0, count, 10_000):
            part = range(first, min(first + 10_000, count))
            rows = [
                {"key": _key(n), "email": f"p{n}@example.com", "name": f"Person {n}", "origin": "directory", **nobody}
                for n in part
            ]
            tx.execute(t.person.insert(), [{**row, "working_days": [], "working_hours": {}} for row in rows])
            tx.execute(t.identity.insert(), [_identity(n) for n in part])


def _identity(number: int) -> dict[str, object]:
    direct = Place("teams", "tenant", f"direct{number}").encode()
    account = {"platform": "teams", "workspace": "tenant", "account": f"p{number}"}
    return {**account, "person": _key(number), "member": True, "direct": direct, "first_seen": now().date()}
