"""What becomes of cases when somebody is erased: of those they raised under their name, and of those they answer for.

A case without a name is not theirs to see here: nothing in it is read or changed but who answers for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select, update

from bot.messages import Place
from bot.store import case_history, cases
from bot.store import tables as t
from bot.store.case_history import PADDED_PLACE
from bot.store.cases import OPEN
from bot.store.engine import Session
from bot.store.subject import Subject

NOWHERE = Place("", "", "")
"""Where the answer to a case goes whose asker is erased: nobody is told."""
_C, _E, _D = t.case.c, t.case_event.c, t.delivery.c


def erase_cases(tx: Session, whose: Subject, heirs: Mapping[str, str], now: datetime) -> None:
    """What they raised under their name goes, history and all, unless it is still open: then its words stay without the
    name. What they had to answer goes to the `heirs`, by initiative, '' standing for the others.
    """
    mine = tx.execute(select(_C.id, _C.number, _C.state).where(_C.asker == whose.key)).all()
    for case in mine:
        _redact_cards(tx, whose, case.number, case.state in OPEN)
    tx.execute(delete(t.case).where(_C.asker == whose.key, _C.state.not_in(OPEN)))
    nowhere = tx.seal.seal(NOWHERE.encode().ljust(PADDED_PLACE))
    unit = {"asker": None, "reply_to": nowhere, "unit": ""}
    tx.execute(update(t.case).where(_C.asker == whose.key).values(unit))
    tx.execute(update(t.case_event).where(_E.actor == whose.key).values(actor=""))
    tx.execute(update(t.case).where(_C.decided_by == whose.key).values(decided_by=None))
    tx.execute(update(t.case_news).where(t.case_news.c.drafted_by == whose.key).values(drafted_by=None))
    if whose.email:
        for initiative in cases.open_of(tx, whose.email):
            heir = heirs.get(initiative) or heirs.get("", "")
            case_history.hand_over(tx, whose.email, heir, initiative, actor="", now=now)
        tx.execute(update(t.case).where(_C.owner == whose.email).values(owner=""))
        tx.execute(update(t.case).where(_C.handler == whose.email).values(handler=None))


def _redact_cards(tx: Session, whose: Subject, number: int, is_open: bool) -> None:
    """The cards about this case: what is sent is emptied; what waits goes without the name, or not at all."""
    posts = select(_D.id).where(_D.key.startswith(f"case:{number}:"))
    concerned = or_(_D.id.in_(posts), _D.target.in_(posts))
    for row in tx.execute(select(_D.seq, _D.state, _D.card).where(concerned)).all():
        values: dict[str, Any] = {"card": None}
        if row.state == "queued" and is_open and row.card:
            values = {"card": tx.seal.seal(_without(tx.seal.open(row.card), (whose.name, whose.email)))}
        elif row.state == "queued":
            values |= {"state": "cancelled", "withdrawn": True, "reason": "the person was erased"}
        tx.execute(update(t.delivery).where(_D.seq == row.seq).values(values))


def _without(card: str, names: Sequence[str]) -> str:
    for name in filter(None, names):
        for written in (name, json.dumps(name, ensure_ascii=False)[1:-1], json.dumps(name)[1:-1]):
            card = card.replace(written, "–")
    return card


def open_named(tx: Session, address: str) -> int:
    """How many open cases with a name this address answers for."""
    mine = (_C.owner == address, _C.asker.is_not(None), _C.state.in_(OPEN))
    return tx.scalar(select(func.count()).select_from(t.case).where(*mine)) or 0
