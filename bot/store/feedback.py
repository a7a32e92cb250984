"""Whether passages helped: one vote of each person on each version of a passage, without saying whose."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case as when
from sqlalchemy import func, select

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.sql import put


@dataclass(frozen=True, slots=True)
class Votes:
    """How many found a passage helpful, and how many not."""

    helpful: int
    not_helpful: int


def vote(tx: Session, *, passage: str, hash: str, person: str, helpful: bool) -> None:
    """This person's vote on this version of the passage; a later one replaces it."""
    mark = tx.seal.mark("vote", passage, hash, person)
    put(tx, t.feedback, {"mark": mark}, {"passage": passage, "hash": hash, "helpful": helpful})


def votes(tx: Session) -> dict[tuple[str, str], Votes]:
    """The votes on every version of every passage, by passage id and hash."""
    c = t.feedback.c
    yes = func.sum(when((c.helpful, 1), else_=0))
    rows = tx.execute(
        select(c.passage, c.hash, yes.label("yes"), func.count().label("all")).group_by(c.passage, c.hash)
    )
    return {(r.passage, r.hash): Votes(int(r.yes), r.all - int(r.yes)) for r in rows}
