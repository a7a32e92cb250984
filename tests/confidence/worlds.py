"""Random worlds for the adversary: a unit of people who ask, press, and raise worries by name and in confidence.

Everything goes through the core, as the platforms hand it in; the clock and the sender do what they do in a process.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import text

from bot import confidence
from bot.conversation import conversation
from bot.core import Core
from bot.library import Library, Snapshot
from bot.messages import Person, Place, Said, Sent
from bot.store import Store, deliveries, outgoing, people
from bot.store.deliveries import Result
from bot.store.lanes import Lane
from tests.confidence.copying import Copy, copied

SMALL = Path(__file__).parent.parent / "transcripts" / "playbooks" / "small"
DAY = datetime(2026, 11, 24, 8, tzinfo=UTC)
OPEN_HOURS = timedelta(hours=14)
EVENING = DAY.replace(hour=18, minute=5)
EVENING_HOURS = timedelta(hours=4)
A_MINUTE = timedelta(minutes=1)
# Whoever holds a lane renews that so often, each time in a transaction.
RENEWED_EVERY = timedelta(seconds=5)
LANE = Lane("slack", "T1")
UNIT = "sales"
TYPED = ("hello", "why phones", "when do I get my phone?", "what changes for me", "who decides about the phones?",
         "risks", "help", "what did we decide about the brand?", "can I keep my number?")  # fmt: skip
PRESSED = ("why phones", "changes phones", "when phones", "who phones", "privacy", "settings")
WORRIES = ("Nobody asked us, and month-end will break.", "I am afraid that my job goes with the old phones.",
           "Last time it took months until anything worked, and we had no time to test it at all.",
           "The training is on our busiest day.")  # fmt: skip


@dataclass
class Seen:
    """What the adversary gets of one world, and what is true in it: who used the bot, and who is to be found."""

    before: Copy
    after: Copy
    users: list[str]
    authors: set[str]
    names: dict[str, set[str]]
    """By person's key: everything that leads to them, as somebody who has watched for long knows it."""


class _Still:
    """The playbooks, read once for all worlds."""

    def __init__(self, current: Snapshot) -> None:
        self.current = current


def playbooks(store: Store) -> Snapshot:
    """The small organisation's playbooks, read with this store."""
    library = Library(store, SMALL)
    library.refresh(DAY)
    return library.current


@dataclass
class World:
    """One deployment and its clock. `chance` decides everything that people do."""

    store: Store
    snapshot: Snapshot
    chance: Random
    now: datetime = DAY
    log: list[tuple[datetime, str]] = field(default_factory=list)
    events: int = 0
    ticked: datetime = DAY

    def __post_init__(self) -> None:
        self.core = Core(self.store, _Still(self.snapshot), lambda: self.now, frozenset({"slack"}))  # type: ignore[arg-type]  # the core asks a library only for what is in force
        size = self.chance.randint(10, 40)
        unit = [f"person{n}@example.com" for n in range(size)]
        leaders = ["head@example.com", "pm@example.com", "agent@example.com"]
        with self.store.begin() as tx:
            people.upsert_people(tx, [_row(one, UNIT) for one in unit] + [_row(one, "company") for one in leaders])
        self.unit = [self._account(n, address) for n, address in enumerate(unit)]

    def _account(self, number: int, address: str) -> Person:
        return Person(
            "slack", "T1", f"U{number:04}", address.split("@", maxsplit=1)[0].title(), address, "en", "Europe/Lisbon"
        )

    def said(self, who: Person, text: str, how: Any = "typed", **more: Any) -> Said:
        """What somebody says in their conversation with the bot."""
        self.events += 1
        return Said(f"Ev{self.events}", who, Place("slack", "T1", f"D{who.account}"), text, how, **more)

    def pass_time(self, until: datetime) -> None:
        """The clock ticks every minute, of which the one before `until` and those at slots are done."""
        elapsed = until - self.now
        if not self.store.embedded and elapsed > RENEWED_EVERY:
            loop = f"FOR i IN 1..{elapsed // RENEWED_EVERY} LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP;"
            with self.store.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
                connection.execute(text(f"DO $$ BEGIN {loop} END $$"))
        slot = self.now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        while slot < until:
            self.tick(slot)
            slot += timedelta(hours=1)
        if until.replace(second=0, microsecond=0) > self.ticked:
            self.tick(until.replace(second=0, microsecond=0))
        self.now = until

    def tick(self, moment: datetime) -> None:
        """One tick, and what is sent after it."""
        self.now = self.ticked = moment
        if confidence.due(self.store, self.snapshot.playbooks, moment):
            self.send()

    def send(self) -> None:
        """What is due is sent, as whoever holds the lane does."""
        with self.store.begin() as tx:
            claimed = deliveries.claim(tx, LANE, self.now, 50) + outgoing.claim(tx, LANE, self.now, 50)
        if claimed:
            results = [Result(one.id, Sent(f"{self.now.timestamp()}")) for one in claimed]
            with self.store.begin() as tx:
                deliveries.record_all(tx, results, self.now)
                outgoing.record_all(tx, results, self.now)

    def chat(self, who: Person) -> None:
        """Somebody asks something, or presses a button."""
        if self.chance.random() < 0.4:
            self.type(who, self.chance.choice(TYPED))
        else:
            self.core.hear(self.said(who, self.chance.choice(PRESSED), "pressed"))
        self.send()

    def type(self, who: Person, words: str) -> None:
        """Somebody writes something: it is accepted, then handled."""
        said = self.said(who, words)
        self.core.accept(said)
        self.core.handle(said)

    def raise_by_name(self, who: Person) -> None:
        """Somebody raises a worry with their name."""
        answers = self.answers() | {"name": "named"}
        self.core.hear(self.said(who, "concern phones", "form", answers=answers, opens=True))
        self.send()

    def answers(self) -> dict[str, str]:
        """A form filled in."""
        words = " ".join(self.chance.choices(WORRIES, k=self.chance.randint(1, 6)))
        severity = self.chance.choice(["1", "1", "1", "2", "3"])
        return {"text": words, "severity": severity, "unit": UNIT, "readers": "all"}

    def raise_in_confidence(self, who: Person) -> None:
        """Somebody opens the form, fills it in within minutes, and hands in the second one too."""
        self.core.hear(self.said(who, "concern phones", "pressed", opens=True))
        self.wait(20, 300)
        answers = self.answers() | {"name": "confidence"}
        self.core.hear(self.said(who, "concern phones", "form", answers=answers, opens=True))
        self.wait(5, 60)
        submits = f"concern phones sure {answers['severity']} - {UNIT} all"
        handled = self.core.hear(
            self.said(who, submits, "form", answers={"text": answers["text"], "alike": "other"}, opens=True)
        )
        assert not handled.problems, handled.problems

    def wait(self, least: int, most: int) -> None:
        """Seconds pass."""
        self.pass_time(self.now + timedelta(seconds=self.chance.randint(least, most)))

    def names(self, who: Person) -> set[str]:
        """Everything that leads to somebody, to those who have watched for long."""
        seal, place = self.store.seal, Place("slack", "T1", f"D{who.account}")
        with self.store.read() as tx:
            found = people.person_by_email(tx, who.email)
        key = found.key if found else ""
        marks = {
            seal.mark("conversation", conversation(Said("", who, place, ""))),
            seal.mark("delivery", place.encode()),
            seal.mark("delivery", key),
        }
        return {key, who.email, who.account, place.encode(), *marks}


@dataclass(frozen=True)
class _Row:
    email: str
    name: str
    unit: str
    manager: str = "head@example.com"
    locale: str = "en"
    timezone: str = "Europe/Lisbon"
    roles: tuple[str, ...] = ()
    start_date: None = None
    location: str = ""
    working_days: tuple[str, ...] = ()
    working_hours: None = None


def _row(address: str, unit: str) -> _Row:
    return _Row(address, address.split("@", maxsplit=1)[0].title(), unit)


@contextmanager
def listened(world: World) -> Iterator[None]:
    """What is logged meanwhile, however unimportant, the adversary has too."""

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            world.log.append((world.now, record.getMessage()))

    ear, root = Ear(), logging.getLogger("bot")
    level = root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.removeHandler(ear)
        root.setLevel(level)


def a_day(store: Store, snapshot: Snapshot, chance: Random, evening: bool | None = None) -> Seen:
    """A day on which some of the unit use the bot, and one or two of these raise a worry in confidence.

    Authors do otherwise what the others do: what they say in confidence comes behind one of the things they say. Some
    days are evenings: what is said then still waits when the night's copy is made. Half of the authors say nothing
    else afterwards. With `evening` it is one or not, and that goes for all of them.
    """
    world = World(store, snapshot, chance)
    with listened(world):
        users = chance.sample(world.unit, chance.randint(6, 8))
        for who in users:  # all have met the bot before
            world.chat(who)
            world.wait(30, 200)
        world.pass_time(world.now.replace(hour=23, minute=5))
        before = copied(store, tuple(world.log))
        authors = chance.sample(users, chance.randint(1, 2))
        plainly = evening is not None
        evening = chance.random() < 0.5 if evening is None else evening
        start, hours = (EVENING, EVENING_HOURS) if evening else (DAY, OPEN_HOURS)
        start += timedelta(days=1)
        plan = [(chance.random(), who) for who in users for _ in range(chance.randint(1, 2))]
        raised = {}
        for who in authors:
            moments = [at for at, one in plan if one == who]
            raised[who.account] = max(moments) if plainly or chance.random() < 0.5 else chance.choice(moments)
        for at, who in sorted(plan, key=lambda one: one[0]):
            world.pass_time(max(start + at * hours, world.now + timedelta(seconds=chance.randint(2, 30))))
            if chance.random() < 0.1:
                world.raise_by_name(who)
            else:
                world.chat(who)
            if raised.get(who.account) == at:
                world.wait(10, 90)
                world.raise_in_confidence(who)
        world.pass_time(max(start.replace(hour=23, minute=5), world.now + A_MINUTE))
        after = copied(store, tuple(world.log))
    names = {who.email: world.names(who) for who in users}
    return Seen(before, after, [who.email for who in users], {who.email for who in authors}, names)
