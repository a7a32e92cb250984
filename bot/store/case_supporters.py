"""Those who stand behind a case under their name, besides whoever raised it. Who joined in confidence is not here."""

from __future__ import annotations

from sqlalchemy import delete, select

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.sql import changed, insert_new

_S = t.case_supporter.c


def join(tx: Session, case_id: str, person: str, came_with: str = "") -> bool:
    """This person stands behind it from now on; False if they did before. `came_with` is the id of the case that was
    merged into this one and brought them along."""
    return insert_new(tx, t.case_supporter, {"case": case_id, "person": person, "came_with": came_with or None})


def leave(tx: Session, case_id: str, person: str) -> bool:
    """This person does not stand behind it any more; False if they did not before."""
    return changed(tx, delete(t.case_supporter).where(_S.case == case_id, _S.person == person)) == 1


def supporters(tx: Session, case_id: str) -> tuple[str, ...]:
    """The keys of those who stand behind it, in the order of their addresses."""
    behind = select(_S.person).join(t.person, t.person.c.key == _S.person).where(_S.case == case_id)
    return tuple(tx.scalars(behind.order_by(t.person.c.email, _S.person)))


def supported_by(tx: Session, person: str) -> tuple[str, ...]:
    """The ids of the cases that this person stands behind."""
    return tuple(tx.scalars(select(_S.case).where(_S.person == person).order_by(_S.case)))


def send_back(tx: Session, case_id: str, came_with: str) -> None:
    """Those who were brought along by that case do not stand behind this one any more."""
    tx.execute(delete(t.case_supporter).where(_S.case == case_id, _S.came_with == came_with))
