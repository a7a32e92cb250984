"""Which obligations of an initiative somebody has reported as met, when, and by what that can be seen (sealed)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.seal import SealBroken
from bot.store.sql import changed, put

_C = t.obligation.c


@dataclass(frozen=True, slots=True)
class Met:
    """That an obligation is met since this day. `said_by` is a person's key, '' once they are erased."""

    obligation: str
    met_on: date
    evidence: str
    said_by: str = ""


def met(tx: Session, initiative: str) -> dict[str, Met]:
    """What is reported as met in an initiative, by the obligation's id."""
    rows = tx.execute(select(t.obligation).where(_C.initiative == initiative))
    return {r.obligation: Met(r.obligation, r.met_on, _opened(tx, r.evidence), r.said_by or "") for r in rows}


def report(tx: Session, initiative: str, obligation: str, evidence: str, person: str, today: date) -> None:
    """From now on it is met, since this day."""
    key = {"initiative": initiative, "obligation": obligation}
    put(tx, t.obligation, key, {"met_on": today, "evidence": tx.seal.seal(evidence), "said_by": person or None})


def withdraw(tx: Session, initiative: str, obligation: str) -> bool:
    """It is not met after all; False if nobody had said so."""
    return changed(tx, delete(t.obligation).where(_C.initiative == initiative, _C.obligation == obligation)) == 1


def _opened(tx: Session, sealed: str) -> str:
    try:
        return tx.seal.open(sealed)
    except SealBroken:
        return ""
