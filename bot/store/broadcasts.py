"""Broadcasts: what somebody composed for an audience, where it stands, and how many pressed something on it.

Texts are sealed. Who pressed is kept as a keyed mark alone, so that it is counted once and nobody can read who it was.
It decides nothing about who may do what, nor when anything goes out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, func, select, update

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.seal import SealBroken
from bot.store.sql import changed, insert_new, put

DRAFT, ASKED, BACK, PLANNED = "draft", "asked", "back", "planned"
OUT, STOPPED, RECALLED, DROPPED = "out", "stopped", "recalled", "dropped"
"""States: a draft; one that waits for a second person; one that was sent back; one that waits for its moment; handed
to the delivery engine; stopped on its way; taken back; and thrown away by its author."""
WITH_AUTHOR = (DRAFT, BACK)
UNDER_WAY = (DRAFT, BACK, ASKED, PLANNED, OUT)
READ, PRESSED = "read", "pressed"
IN_A_DIGEST = "in a digest: "


@dataclass(frozen=True, slots=True)
class Version:
    """The texts of a broadcast in one language."""

    locale: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """What its author has put down. `versions` begins with the original. `group` is an audience of the playbook, ''
    for all affected; `to` is '', or 'people' or 'channels' for these alone; `at` is aware, None: as soon as it may."""

    versions: tuple[Version, ...]
    group: str = ""
    units: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    to: str = ""
    receipt: bool = False
    urgent: bool = False
    at: datetime | None = field(default=None, compare=False)

    @property
    def original(self) -> Version:
        """The texts as they were written first."""
        return self.versions[0]


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A broadcast as it stands. `author` and `decided_by` are keys of persons, '' once they are erased; `note` says why
    it was sent back; `version` counts what was saved."""

    number: int
    initiative: str
    author: str
    state: str
    version: int
    written: Written
    note: str = ""
    decided_by: str = ""
    out_at: datetime | None = None
    looked_at: datetime | None = None
    shown: str = ""
    finished: bool = False

    @property
    def key(self) -> str:
        """Under which key it is announced, so that nobody is told twice."""
        return f"broadcast:{self.number}"


def draft(tx: Session, initiative: str, author: str, written: Written, now: datetime) -> int:
    """Keeps a new draft; its number."""
    # The row stays locked until the transaction ends: two at once get two numbers.
    put(tx, t.counter, {"name": "broadcast"}, {"value": t.counter.c.value + 1}, first={"value": 1})
    number = int(tx.scalars(select(t.counter.c.value).where(t.counter.c.name == "broadcast")).one())
    values = {"number": number, "initiative": initiative, "author": author, "state": DRAFT, "version": 1}
    more = {"note": tx.seal.seal(""), "shown": "", "finished": False, "made_at": now}
    tx.execute(t.broadcast.insert().values(**values, **_texts(tx, written), **more))
    return number


def save(tx: Session, number: int, written: Written) -> bool:
    """Puts this in its place; False if it is no longer with its author."""
    c = t.broadcast.c
    mine = update(t.broadcast).where(c.number == number, c.state.in_(WITH_AUTHOR))
    return changed(tx, mine.values(version=c.version + 1, **_texts(tx, written))) == 1


def get(tx: Session, number: int) -> Broadcast | None:
    """The broadcast with this number."""
    row = tx.execute(select(t.broadcast).where(t.broadcast.c.number == number)).first()
    return _read(tx, row) if row else None


def hold(tx: Session, number: int) -> Broadcast | None:
    """The same, held until the end of the transaction, so that of two who decide about it one comes first."""
    row = tx.execute(select(t.broadcast).where(t.broadcast.c.number == number).with_for_update()).first()
    return _read(tx, row) if row else None


def of_initiative(tx: Session, initiative: str) -> list[Broadcast]:
    """All broadcasts of an initiative, the newest first; those that cannot be opened and those thrown away are not
    among them."""
    c = t.broadcast.c
    rows = tx.execute(select(t.broadcast).where(c.initiative == initiative).order_by(c.number.desc()))
    return [one for row in rows if (one := _opened(tx, row)) and one.state != DROPPED]


def under_way(tx: Session) -> list[int]:
    """The numbers of those that wait for their moment or are on their way, the oldest first."""
    c = t.broadcast.c
    going = (c.state == PLANNED) | ((c.state == OUT) & ~c.finished)
    return list(tx.scalars(select(c.number).where(going).order_by(c.number)))


def turn(tx: Session, number: int, state: str, of: Sequence[str], **more: Any) -> bool:
    """Gives it this state if it has one `of` these; False if somebody was quicker. `more` are `decided_by`, `out_at`
    and `note`."""
    values = {**more, "note": tx.seal.seal(more["note"])} if "note" in more else more
    here = update(t.broadcast).where(t.broadcast.c.number == number, t.broadcast.c.state.in_(of))
    return changed(tx, here.values(state=state, **values)) == 1


def looked(tx: Session, number: int, now: datetime, shown: str, finished: bool) -> None:
    """Notes what the card of its author says now, and whether nothing will change any more."""
    here = update(t.broadcast).where(t.broadcast.c.number == number)
    tx.execute(here.values(looked_at=now, shown=shown, finished=finished))


def mark(tx: Session, broadcast: int, kind: str, person: str) -> bool:
    """Counts that somebody did this; False if they were counted before."""
    mark = tx.seal.mark("broadcast", str(broadcast), kind, person)
    return insert_new(tx, t.broadcast_mark, {"mark": mark, "broadcast": broadcast, "kind": kind})


def marks(tx: Session, broadcast: int) -> dict[str, int]:
    """How many people did what."""
    c = t.broadcast_mark.c
    query = select(c.kind, func.count().label("total")).where(c.broadcast == broadcast).group_by(c.kind)
    return {row.kind: row.total for row in tx.execute(query)}


def fates(tx: Session, key: str) -> dict[tuple[str, str], int]:
    """What became of the messages of a batch, counted by state and reason. What came within a summary has the state of
    that summary and the reason 'digest'."""
    c, whole = t.delivery.c, t.delivery.alias("whole")
    digested = c.reason.startswith(IN_A_DIGEST, autoescape=True)
    fate = case((whole.c.state.is_not(None), whole.c.state), else_=c.state).label("fate")
    why = case((digested, "digest"), else_=c.reason).label("why")
    joined = t.delivery.outerjoin(whole, digested & (whole.c.id == func.substr(c.reason, len(IN_A_DIGEST) + 1)))
    query = select(fate, why, func.count().label("total")).select_from(joined)
    mine = (c.batch != "", c.batch == key, c.action == "post")
    rows = tx.execute(query.where(*mine).group_by("fate", "why"))
    return {(row.fate, row.why): row.total for row in rows}


@dataclass(frozen=True, slots=True)
class Ahead:
    """What of a batch is still to be sent: `now`, by platform and workspace, and `later`, when their moment has come,
    the first of which is `at`."""

    now: dict[tuple[str, str], int]
    later: int
    at: datetime | None


def ahead(tx: Session, key: str, now: datetime) -> Ahead:
    """What of a batch is still to be sent."""
    c = t.delivery.c
    mine = (c.batch != "", c.batch == key, c.action == "post", c.state.in_(("queued", "sending")))
    waits = (c.state == "queued") & (~c.timed | (c.not_before > now))
    count = func.count().label("total")
    soon = tx.execute(select(c.platform, c.workspace, count).where(*mine, ~waits).group_by(c.platform, c.workspace))
    found = {(row.platform, row.workspace): row.total for row in soon}
    later = tx.execute(select(count, func.min(c.not_before).label("soonest")).where(*mine, waits)).one()
    return Ahead(found, later.total, later.soonest)


def platforms(tx: Session) -> list[str]:
    """The platforms that anything was ever sent to."""
    return sorted(tx.scalars(select(t.lane.c.platform).distinct()))


def locations(tx: Session) -> list[str]:
    """Where people are, as the directory says."""
    c = t.person.c
    return sorted(tx.scalars(select(c.location).distinct().where(c.location != "", c.left_on.is_(None))))


def forget(tx: Session, older_than: datetime) -> int:
    """Deletes what went out before this, or was made before and never did, with what was counted of it; what is still
    to go out stays."""
    c = t.broadcast.c
    old = (func.coalesce(c.out_at, c.made_at) < older_than, c.state != PLANNED)
    gone = select(c.number).where(*old)
    tx.execute(delete(t.broadcast_mark).where(t.broadcast_mark.c.broadcast.in_(gone)))
    return changed(tx, delete(t.broadcast).where(*old))


def _texts(tx: Session, written: Written) -> dict[str, Any]:
    said = asdict(written)
    at = said.pop("at")
    return {"written": tx.seal.seal(json.dumps(said, ensure_ascii=False)), "at": at}


def _opened(tx: Session, row: Any) -> Broadcast | None:
    with suppress(SealBroken):
        return _read(tx, row)
    return None


def _read(tx: Session, row: Any) -> Broadcast:
    raw: dict[str, Any] = json.loads(tx.seal.open(row.written))
    versions = tuple(Version(**one) for one in raw.pop("versions"))
    rest: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()}
    return Broadcast(
        number=row.number,
        initiative=row.initiative,
        author=row.author or "",
        state=row.state,
        version=row.version,
        written=Written(versions=versions, at=row.at, **rest),
        note=tx.seal.open(row.note),
        decided_by=row.decided_by or "",
        out_at=row.out_at,
        looked_at=row.looked_at,
        shown=row.shown,
        finished=row.finished,
    )
