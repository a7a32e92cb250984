"""Lives through months of simulated time with the sample people and playbooks, and keeps what everybody got.

The clock jumps from one moment at which something can happen to the next. What people do is a `Deed` on its day; what
they get is what the in-memory platform shows. Replies are not kept: nobody gets those without having said something.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.people.directory import import_people
from bot.people.people_file import read_people
from bot.store import Session, Store
from bot.store import tables as t
from tests.world import SAMPLE, World, world

HALF_HOUR = timedelta(minutes=30)
STAGES = ("agents", "early", "week", "eve", "day")


@dataclass(frozen=True, slots=True)
class Deed:
    """What is done at a moment: called with the world. `at` is aware."""

    at: datetime
    do: Callable[[World], object]


@dataclass(frozen=True, slots=True)
class Got:
    """One message as it was shown. `where` is an account or a channel; `parts` are the keys a digest stands for."""

    at: datetime
    where: str
    channel: bool
    key: str
    kind: str
    urgent: bool
    text: str
    labels: tuple[str, ...]
    parts: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Its first line."""
        return self.text.partition("\n")[0]

    @property
    def keys(self) -> tuple[str, ...]:
        """Under which keys it was queued: those of its parts, or its own."""
        return self.parts or (self.key,)


@dataclass
class Lived:
    """What came of it: everything that was got, in order, and how often the clock ticked."""

    got: list[Got] = field(default_factory=list)
    ticks: int = 0


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of people.csv, by the name of their account."""

    account: str
    row: dict[str, str]

    @property
    def zone(self) -> ZoneInfo:
        """Where they live."""
        return ZoneInfo(self.row["timezone"])


def colleagues(folder: Path = SAMPLE) -> dict[str, Colleague]:
    """The sample people by account."""
    with (folder / "people.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    found = [Colleague(row["email"].partition(".")[0], row) for row in rows]
    assert len({one.account for one in found}) == len(found), "two colleagues would share an account"
    return {one.account: one for one in found}


def posts(one: Got) -> list[tuple[tuple[str, ...], int]]:
    """The dates of milestones that a message tells of (initiative, milestone, date), with the number of its stage."""
    found = []
    for key in one.keys:
        kind, *rest = key.split(":")
        if kind == "milestone" and len(rest) == 5 and rest[3] in STAGES:
            found.append((tuple(rest[:3]), STAGES.index(rest[3])))
    return found


def live(
    store: Store,
    scratch: Path,
    deeds: Sequence[Deed],
    first: datetime,
    last: datetime,
    step: timedelta = HALF_HOUR,
    on_tick: Callable[[datetime], object] = lambda _: None,
) -> Lived:
    """All that happens from `first` to `last` (aware) where people do these things, by a clock that ticks at each
    `step` of the day and whenever something may go out. `on_tick` is told of each, to show how far it is."""
    folder, lived = scratch / "playbooks", Lived()
    shutil.copytree(SAMPLE, folder)
    ahead = sorted(deeds, key=lambda deed: deed.at)
    with world(store, folder, first.astimezone(UTC)) as here:
        seen: set[str] = set()
        for moment in _moments(store, [deed.at for deed in ahead], first, last, step):
            here.time = moment
            while ahead and ahead[0].at <= moment:
                ahead.pop(0).do(here)
            here.core.tick(moment)
            on_tick(moment)
            lived.ticks += 1
            if _any_due(store, moment):
                here.drain()
            lived.got += _new(store, here, seen)
    return lived


def leave(*accounts: str) -> Callable[[World], None]:
    """These are missing when the directory is imported anew."""

    def do(here: World) -> None:
        read = read_people(_remove(here.folder, accounts), None)
        with here.store.begin() as tx:
            import_people(tx, read, here.time, skip_bad=True)

    return do


def _remove(folder: Path, accounts: Collection[str]) -> bytes:
    """The file of people without these, which it is from now on."""
    file, gone = folder / "people.csv", tuple(f"{account}." for account in accounts)
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.startswith(gone)), encoding="utf-8")
    return file.read_bytes()


def _moments(
    store: Store, deeds: list[datetime], first: datetime, last: datetime, step: timedelta
) -> Iterator[datetime]:
    """Every step of the clock, and each moment from which on something may go out or somebody does something."""
    now, deeds = first.astimezone(UTC), [at.astimezone(UTC) for at in deeds]
    while now <= last:
        yield now
        with store.read() as tx:
            waits = tx.scalar(select(func.min(t.delivery.c.not_before)).where(t.delivery.c.state == "queued"))
        following = [at for at in (waits, *deeds) if at is not None and at > now]
        now = min([_next_step(now, step), *following])


def _next_step(now: datetime, step: timedelta) -> datetime:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + ((now - midnight) // step + 1) * step


def _any_due(store: Store, now: datetime) -> bool:
    c = t.delivery.c
    with store.read() as tx:
        due = select(func.count()).where(c.state == "queued", c.timed.is_(True), c.not_before <= now)
        return bool(tx.scalar(due))


def _new(store: Store, here: World, seen: set[str]) -> list[Got]:
    """What was sent since the last time, in the order in which it was shown."""
    c = t.delivery.c
    fresh = here.platform.keys.keys() - seen
    if not fresh:
        return []
    seen |= fresh
    with store.read() as tx:
        rows = tx.execute(select(t.delivery).where(c.id.in_(fresh), ~c.reply, c.action == "post")).all()
        shown = [(int(here.platform.keys[row.id]), _got(tx, here, row)) for row in rows]
    return [got for _, got in sorted(shown, key=lambda one: one[0])]


def _got(tx: Session, here: World, row: Any) -> Got:
    place, message = here.platform.posted[int(here.platform.keys[row.id]) - 1]
    c = t.delivery.c
    parts = tx.scalars(select(c.key).where(c.reason == f"in a digest: {row.id}").order_by(c.seq))
    return Got(
        at=here.time,
        where=place.conversation.removeprefix("direct:"),
        channel=place.kind != "direct" and not place.conversation.startswith("direct:"),
        key=row.key,
        kind=row.kind,
        urgent=row.urgent,
        text=message["text"],
        labels=tuple(button["label"] for button in message["buttons"]),
        parts=tuple(parts),
    )
