"""What was said of milestones in chat, new dates that wait for the project manager's word, and which posts were shown.

Evidence and reasons are sealed. It decides nothing about who may say what, nor when anything is told.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, select, update

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.seal import SealBroken
from bot.store.sql import changed, insert_new, put

ON_TRACK, AT_RISK, DONE = "on-track", "at-risk", "done"
WAITING, SENT, DROPPED = "waiting", "sent", "dropped"

SHOWN, ASKED, APPROVED, HELD, OUT, GONE = "shown", "asked", "approved", "held", "out", "gone"
"""States of a post: shown to the project manager, whose silence means yes; asked about, where only a word means yes;
approved; held; out; and gone, which is neither sent nor offered any more."""
WAITS = (SHOWN, ASKED, APPROVED, HELD)


@dataclass(frozen=True, slots=True)
class Report:
    """What was last said of a milestone: its state ('' for nothing), with evidence or a reason, and on which day.
    `moved_to` is the date that was accepted in chat when the file said `written`."""

    state: str = ""
    note: str = ""
    said_on: date | None = None
    moved_to: date | None = None
    written: date | None = None


@dataclass(frozen=True, slots=True)
class Slip:
    """A new date for a milestone. `state` is waiting, sent or dropped; `before` is the date that held, `since` the day
    on which it was said."""

    id: str
    initiative: str
    milestone: str
    before: date
    to: date
    reason: str
    state: str
    since: date = date.min


@dataclass(frozen=True, slots=True)
class PostId:
    """A post that is planned for the date of a milestone."""

    initiative: str
    milestone: str
    date: date
    stage: str


@dataclass(frozen=True, slots=True)
class Edited:
    """A text of the project manager's own, with the planned one that it stands for."""

    text: str
    instead: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A post that the project manager was shown, in which version of its words. `edited` are own texts by language,
    `decided_on` the day on which somebody last said whether it goes out."""

    id: PostId
    state: str
    version: str
    edited: Mapping[str, Edited] = field(default_factory=dict)
    decided_on: date | None = None


def reports(tx: Session, initiative: str) -> dict[str, Report]:
    """What was said of the milestones of an initiative, by their ids."""
    rows = tx.execute(select(t.milestone).where(t.milestone.c.initiative == initiative))
    return {r.milestone: Report(r.state, _opened(tx, r.note), r.said_on, r.moved_to, r.written) for r in rows}


def report(tx: Session, initiative: str, milestone: str, state: str, note: str, person: str, today: date) -> None:
    """From now on this is said of the milestone."""
    key = {"initiative": initiative, "milestone": milestone}
    values = {"state": state, "note": tx.seal.seal(note), "said_by": person or None, "said_on": today}
    put(tx, t.milestone, key, values)


def move(tx: Session, initiative: str, milestone: str, to: date, written: date) -> None:
    """This date holds until the file says something else than `written`; how it stands is not known any more."""
    key = {"initiative": initiative, "milestone": milestone}
    values = {"state": "", "note": tx.seal.seal(""), "said_on": None, "moved_to": to, "written": written}
    put(tx, t.milestone, key, values)


def propose(
    tx: Session, initiative: str, milestone: str, before: date, to: date, reason: str, person: str, today: date
) -> str:
    """Keeps a new date until it is released; its id. An earlier one of this milestone that still waits is dropped."""
    c, id = t.milestone_slip.c, uuid4().hex
    mine = (c.initiative == initiative, c.milestone == milestone, c.state == WAITING)
    tx.execute(update(t.milestone_slip).where(*mine).values(state=DROPPED))
    values = {"id": id, "initiative": initiative, "milestone": milestone, "before": before, "moved_to": to}
    more = {"reason": tx.seal.seal(reason), "said_by": person or None, "state": WAITING, "since": today}
    tx.execute(t.milestone_slip.insert().values(**values, **more))
    return id


def slip(tx: Session, id: str) -> Slip | None:
    """The new date with this id."""
    row = tx.execute(select(t.milestone_slip).where(t.milestone_slip.c.id == id)).first()
    return _slip(tx, row) if row else None


def _slip(tx: Session, row: Any) -> Slip:
    reason = _opened(tx, row.reason)
    return Slip(row.id, row.initiative, row.milestone, row.before, row.moved_to, reason, row.state, row.since)


def sent(tx: Session, initiative: str) -> list[Slip]:
    """The new dates of an initiative that went out, in the order in which they were said."""
    c = t.milestone_slip.c
    rows = tx.execute(select(t.milestone_slip).where(c.initiative == initiative, c.state == SENT).order_by(c.since))
    return [_slip(tx, row) for row in rows]


def answer(tx: Session, id: str, state: str) -> bool:
    """Notes that a new date is sent or dropped; False if that was decided before."""
    c = t.milestone_slip.c
    return changed(tx, update(t.milestone_slip).where(c.id == id, c.state == WAITING).values(state=state)) == 1


def posts(tx: Session, initiative: str) -> list[Shown]:
    """The posts of an initiative that were shown, whatever became of them."""
    rows = tx.execute(select(t.milestone_post).where(t.milestone_post.c.initiative == initiative))
    return [_shown(tx, row) for row in rows]


def post(tx: Session, id: PostId) -> Shown | None:
    """One post, if it was shown, held until the end of the transaction."""
    row = tx.execute(select(t.milestone_post).where(*_mine(id)).with_for_update()).first()
    return _shown(tx, row) if row else None


def show(tx: Session, id: PostId, state: str, version: str) -> bool:
    """Notes that a post is shown; False if it was noted before."""
    key = {"initiative": id.initiative, "milestone": id.milestone, "date": id.date, "stage": id.stage}
    return insert_new(tx, t.milestone_post, {**key, "state": state, "version": version})


def renew(tx: Session, shown: Shown, version: str) -> bool:
    """Notes that it says something else now; False if that was noted before, or if it waits no more."""
    same = (t.milestone_post.c.version == shown.version, t.milestone_post.c.state.in_(WAITS))
    return changed(tx, update(t.milestone_post).where(*_mine(shown.id), *same).values(version=version)) == 1


def turn(tx: Session, id: PostId, state: str, of: Sequence[str], on: date | None = None) -> bool:
    """Gives a post this state if it has one `of` these; False if somebody was quicker. `on` is the day of a word."""
    here = update(t.milestone_post).where(*_mine(id), t.milestone_post.c.state.in_(of))
    return changed(tx, here.values(state=state, **({"decided_on": on} if on else {}))) == 1


def edit(tx: Session, id: PostId, edited: Mapping[str, Edited], version: str) -> bool:
    """From now on these are its own texts, in this version of its words ('' for one that is shown anew); False if it
    waits no more."""
    sealed = tx.seal.seal(json.dumps({locale: asdict(one) for locale, one in edited.items()}, ensure_ascii=False))
    here = update(t.milestone_post).where(*_mine(id), t.milestone_post.c.state.in_(WAITS))
    return changed(tx, here.values(edited=sealed if edited else None, version=version)) == 1


def unshow(tx: Session, id: PostId) -> bool:
    """A post that still waits is as if it had never been shown, so that it can be planned again; False if it is out."""
    gone = delete(t.milestone_post).where(*_mine(id), t.milestone_post.c.state.in_(WAITS))
    return changed(tx, gone) == 1


def forget(tx: Session, older_than: date) -> int:
    """Deletes the posts of dates, and the new dates said, before this day; says how many."""
    gone = changed(tx, delete(t.milestone_post).where(t.milestone_post.c.date < older_than))
    old = (t.milestone_slip.c.since < older_than, t.milestone_slip.c.state != WAITING)
    return gone + changed(tx, delete(t.milestone_slip).where(*old))


def _opened(tx: Session, sealed: str) -> str:
    """The text; nothing where the key it was sealed with is gone, since dates must go on without it."""
    try:
        return tx.seal.open(sealed)
    except SealBroken:
        return ""


def _mine(id: PostId) -> tuple[Any, ...]:
    c = t.milestone_post.c
    return (c.initiative == id.initiative, c.milestone == id.milestone, c.date == id.date, c.stage == id.stage)


def _shown(tx: Session, row: Any) -> Shown:
    id = PostId(row.initiative, row.milestone, row.date, row.stage)
    opened = json.loads(_opened(tx, row.edited) or "{}") if row.edited else {}
    edited = {locale: Edited(**one) for locale, one in opened.items()}
    return Shown(id, row.state, row.version, edited, row.decided_on)
