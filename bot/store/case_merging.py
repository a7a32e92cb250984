"""Two cases that go on as one, and apart again. Who stands behind them is kept in `case_supporters` and the mailbox."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from bot.store import case_history, cases
from bot.store import tables as t
from bot.store.cases import OPEN, Case
from bot.store.engine import Session
from bot.store.sql import changed

_C = t.case.c


def hold(tx: Session, *ids: str) -> list[Case | None]:
    """These cases as they are now; nobody else changes them before this transaction ends. Always in the same order, so
    that two who put the same cases together wait for each other."""
    tx.execute(select(_C.id).where(_C.id.in_(ids)).order_by(_C.id).with_for_update()).all()
    return [cases.case(tx, id) for id in ids]


def merge(tx: Session, case: Case, into: Case, *, actor: str, now: datetime) -> bool:
    """The first goes on in the second from now on; the stricter clocks stay. False where one of them is closed or
    merged already. Both are to be held."""
    closed = {"merged_into": into.id, "respond_until": None, "paused_since": None}
    apart = (case.merged_into or into.merged_into, into.state not in OPEN, case.id == into.id)
    if any(apart) or not case_history.change_state(
        tx, case.id, "resolved", actor=actor, now=now, text=str(into.number), what="merged", also=closed
    ):
        return False
    both = [one for one in (case.respond_until, into.respond_until) if one]
    stricter = {
        "severity": max(case.severity, into.severity),
        "due_at": min(case.due_at, into.due_at),
        "respond_until": min(both) if into.respond_until else None,
        "paused_since": into.paused_since if case.paused_since else None,
    }
    return case_history.step(tx, into.id, "merged", actor=actor, now=now, text=str(case.number), also=stricter)


def split(tx: Session, case: Case, into: Case, due_at: datetime, *, actor: str, now: datetime) -> bool:
    """The first goes on by itself again, with this time for its decision. False where it did already."""
    merged = update(t.case).where(_C.id == case.id, _C.merged_into == into.id)
    if not changed(tx, merged.values(merged_into=None, state="in-progress")):
        return False
    also = {"due_at": due_at}
    case_history.step(tx, case.id, "split", actor=actor, now=now, text=str(into.number), also=also)
    every = tuple(case_history.STATES)
    return case_history.step(tx, into.id, "split", actor=actor, now=now, text=str(case.number), of=every)
