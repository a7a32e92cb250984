"""Meetings that are offered about a case, one for each case; its calendar file is read under a token."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select, update

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.sql import changed, put

_W = t.case_workshop.c


@dataclass(frozen=True, slots=True)
class Meeting:
    """What a meeting is about: its title, where it is (a room or an address), and what will be talked about."""

    title: str
    where: str
    agenda: str


@dataclass(frozen=True, slots=True)
class Workshop:
    """A meeting about a case. `sequence` grows with every change, the last of which was at `changed_at`."""

    case: str
    token: str
    begins: datetime
    minutes: int
    meeting: Meeting
    sequence: int
    cancelled: bool
    changed_at: datetime


def offer(tx: Session, case_id: str, begins: datetime, minutes: int, meeting: Meeting, now: datetime) -> Workshop:
    """Keeps the meeting about a case, in place of one that was offered before."""
    token = token_of(tx, case_id)
    values = {
        "case": case_id,
        "begins": begins,
        "minutes": minutes,
        "said": tx.seal.seal(json.dumps(asdict(meeting), ensure_ascii=False)),
        "cancelled": False,
        "changed_at": now,
    }
    again = {**values, "sequence": _W.sequence + 1}
    put(tx, t.case_workshop, {"token": _kept(tx, token)}, again, first={**values, "sequence": 0})
    return Workshop(case_id, token, begins, minutes, meeting, 0, False, now)


def cancel(tx: Session, case_id: str, now: datetime) -> bool:
    """The meeting does not take place; False where there is none."""
    gone = update(t.case_workshop).where(_W.case == case_id, ~_W.cancelled)
    return changed(tx, gone.values(cancelled=True, sequence=_W.sequence + 1, changed_at=now)) == 1


def of_case(tx: Session, case_id: str) -> Workshop | None:
    """The meeting about a case."""
    return under(tx, token_of(tx, case_id))


def under(tx: Session, token: str) -> Workshop | None:
    """The meeting whose calendar file is read under this token."""
    row = tx.execute(select(t.case_workshop).where(_W.token == _kept(tx, token))).first()
    if row is None:
        return None
    meeting = Meeting(**json.loads(tx.seal.open(row.said)))
    return Workshop(row.case, token, row.begins, row.minutes, meeting, row.sequence, row.cancelled, row.changed_at)


def token_of(tx: Session, case_id: str) -> str:
    """The token of a case's meeting; nobody can guess it without the key."""
    return tx.seal.mark("workshop", case_id)


def _kept(tx: Session, token: str) -> str:
    return tx.seal.mark("workshop-token", token)
