"""Ballots of short surveys: the sealed box of a round, and what is left of it after closing.

Nothing here leads from a ballot, an answer or a comment to a person, and no row holds a time. It decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import Table, bindparam, delete, exists, insert, select

from bot.store import tables as t
from bot.store.engine import Session, Store
from bot.store.erasing import sweep
from bot.store.participation import Asked
from bot.store.seal import Seal, SealBroken
from bot.store.sql import changed, insert_all_new, insert_new
from bot.store.surveys import CLOSED, DESTROYED, OPEN, Round, Snapshot, round_of

AT_ONCE = 1_000
_B, _A, _N = t.survey_ballot.c, t.survey_asked.c, t.survey_named.c
OF_SURVEYS: tuple[Table, ...] = (t.survey_ballot, t.survey_asked, t.survey_answer, t.survey_comment)


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers of somebody, for the time after closing: by question, with the label of the group they count for."""

    key: str
    group: str
    answers: Mapping[str, Any]

    def counted_for(self, group: str) -> Answered:
        """The same for another group."""
        return Answered(self.key, group, self.answers)


@dataclass(frozen=True, slots=True)
class Comment:
    """A free text of somebody, sealed, for the time after closing, with the label of the group it counts for."""

    key: str
    question: str
    group: str
    sealed: str

    def counted_for(self, group: str) -> Comment:
        """The same for another group."""
        return Comment(self.key, self.question, group, self.sealed)


_HELD = select(t.survey_round.c.state).where(t.survey_round.c.id == bindparam("number")).with_for_update(read=True)
_BALLOT = insert(t.survey_ballot)


def open_for_answers(tx: Session, round: int) -> bool:
    """Whether the round is open, and stays so until this transaction ends. Any number of people answer at once."""
    return bool(tx.scalar(_HELD, {"number": round}) == OPEN)


@dataclass(frozen=True, slots=True)
class There:
    """A round, what it asks, and how somebody stands in it."""

    round: Round
    asked: Asked
    snapshot: Snapshot


# Made once: thousands answer within an hour.
_THERE = (
    select(t.survey_round, _A.unit, _A.state.label("stands"))
    .join(t.survey_asked, _A.round == t.survey_round.c.id)
    .where(t.survey_round.c.id == bindparam("number"), _A.person == bindparam("whose"))
)


def there(tx: Session, round: int, person: str) -> There | None:
    """The round for somebody who is asked in it; None for everybody else, and where its key is gone. Holds nothing."""
    row = tx.execute(_THERE, {"number": round, "whose": person}).first()
    snapshot = _snapshot(tx.seal, row.snapshot) if row else None
    if row is None or snapshot is None:
        return None
    return There(round_of(row), Asked(round, person, row.unit, row.stands), snapshot)


@lru_cache(maxsize=32)
def _snapshot(seal: Seal, sealed: str) -> Snapshot | None:
    """What was sealed is always the same, and takes longer to read than all the rest."""
    try:
        return Snapshot.from_json(seal.open(sealed))
    except SealBroken:
        return None


def put_in(tx: Session, round: int, key: str, content: str, size: int) -> None:
    """Puts a ballot into the box of a round, sealed and padded to this many bytes, under a random key."""
    tx.execute(_BALLOT, {"key": key, "round": round, "content": tx.seal.seal(content, (size,))})


def put_named(tx: Session, round: int, person: str, content: str, size: int) -> bool:
    """Keeps the answers of somebody in a survey with names, sealed; False if theirs are there already."""
    values = {"round": round, "person": person, "answers": tx.seal.seal(content, (size,))}
    return insert_new(tx, t.survey_named, values)


def opened(tx: Session, round: int) -> Iterator[str]:
    """What every ballot of a round says, or that of every person in a survey with names, in no order of casting.
    Raises `SealBroken` where the key of the seal is gone.
    """
    for content, of in ((_B.content, _B.round), (_N.answers, _N.round)):
        with tx.scalars(select(content).where(of == round).execution_options(yield_per=AT_ONCE)) as found:
            for sealed in found:
                yield tx.seal.open(sealed)


def named(tx: Session, round: int) -> list[tuple[str, str, str]]:
    """What everybody answered in a survey with names: their name, the unit they were asked in, and the ballot; in the
    order of names. Without those whose key of the seal is gone."""
    found, p = [], t.person.c
    query = select(p.name, p.email, _A.unit, _N.answers).join_from(t.survey_named, t.person, p.key == _N.person)
    query = query.join(t.survey_asked, (_A.round == _N.round) & (_A.person == _N.person))
    for name, email, unit, sealed in tx.execute(query.where(_N.round == round).order_by(p.name, p.key)):
        with suppress(SealBroken):
            found.append((name or email or "", unit, tx.seal.open(sealed)))
    return found


def keep(tx: Session, round: int, answers: Iterable[Answered], comments: Iterable[Comment]) -> None:
    """Stores what was in a box, in this order, each free text as a row of its own."""
    given = ({"key": a.key, "round": round, "unit": a.group, "role": "", "answers": a.answers} for a in answers)
    said = ({"key": c.key, "round": round, "question": c.question, "unit": c.group, "text": c.sealed} for c in comments)
    for table, rows in ((t.survey_answer, given), (t.survey_comment, said)):
        while some := list(islice(rows, AT_ONCE)):
            insert_all_new(tx, table, some)


def unburnt(tx: Session) -> list[int]:
    """The rounds that are over and whose boxes are still there."""
    there = exists().where(_B.round == t.survey_round.c.id)
    return list(tx.scalars(select(t.survey_round.c.id).where(t.survey_round.c.state.in_((CLOSED, DESTROYED)), there)))


def burn(tx: Session, round: int) -> bool:
    """Deletes a part of the box; False if nothing is left of it."""
    some = select(_B.key).where(_B.round == round).limit(AT_ONCE).scalar_subquery()
    return bool(changed(tx, delete(t.survey_ballot).where(_B.key.in_(some))))


def rewrite_participation(tx: Session, round: int, after: str) -> str | None:
    """Writes rows of who was asked anew, in the order of their keys: a part of those after this key. Gives the last key
    of them; None where there are no more.
    """
    mine = (_A.round == round, _A.person > after)
    query = select(t.survey_asked).where(*mine).order_by(_A.person).limit(AT_ONCE)
    rows = [dict(row._mapping) for row in tx.execute(query.with_for_update())]
    if not rows:
        return None
    until: str = rows[-1]["person"]
    tx.execute(delete(t.survey_asked).where(*mine, _A.person <= until))
    insert_all_new(tx, t.survey_asked, rows)
    return until


def swept(store: Store) -> bool:
    """Takes what closing deleted out of the database's files; outside of any transaction. False where others read just
    now: then the database does it by itself later.
    """
    return sweep(store, OF_SURVEYS)
