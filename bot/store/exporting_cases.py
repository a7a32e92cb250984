"""What is stored about a person in cases. A case without a name is never among it, nor is there a sign of one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.store import case_history, cases
from bot.store import tables as t
from bot.store.case_history import NUMBERS_WITHOUT_NAME
from bot.store.cases import Case
from bot.store.engine import Session
from bot.store.plain_rows import Rows, opened
from bot.store.subject import Subject


def case(tx: Session, one: Case, whose: Subject) -> dict[str, Any]:
    """A case of theirs, with its history; others in it are colleagues."""
    history = [
        {
            "at": event.at,
            "what": event.what,
            "by": "them" if event.actor == whose.key else "a colleague",
            "text": event.text,
        }
        for event in case_history.history(tx, one.id)
    ]
    names = ("number", "kind", "initiative", "unit", "text", "driver", "severity", "state", "created_at", "due_at",
             "at_stake", "would_work", "affects", "decision")  # fmt: skip
    more = {"answer": one.answer, "for_colleague": one.for_colleague, "history": history}
    return {name: getattr(one, name) for name in names} | more


def joined(tx: Session, whose: Subject) -> Rows:
    """What they stand behind under their name: not who raised it, nor in which words."""
    s, c = t.case_supporter.c, t.case.c
    query = select(c.number, c.kind, c.initiative, c.state).join_from(t.case_supporter, t.case, s.case == c.id)
    return [dict(row._mapping) for row in tx.execute(query.where(s.person == whose.key).order_by(c.number))]


def dealt_with(tx: Session, whose: Subject) -> Rows:
    """What they did with cases of others that were raised under a name."""
    c, e = t.case.c, t.case_event.c
    mine = (e.actor == whose.key, c.asker.is_not(None), c.asker != whose.key)
    query = select(c.number, c.initiative, e.at, e.what, e.text).join_from(t.case_event, t.case, e.case == c.id)
    rows = tx.execute(query.where(*mine).order_by(e.id))
    return [{**row._mapping, "text": opened(tx, row.text)} for row in rows]


def has_name(tx: Session, number: str) -> bool:
    """Whether the case of this number was certainly raised under a name."""
    if not number.isdecimal():
        return False
    found = cases.case_by_number(tx, int(number))
    return found.asker is not None if found else int(number) < NUMBERS_WITHOUT_NAME.start
