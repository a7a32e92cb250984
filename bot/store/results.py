"""Results of surveys: adding up the answers of a closed round once, and what is kept of that; actions.

It reads answers without knowing whose they are, and gives away nothing but sums over the groups it is told.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import String, func, or_, select, type_coerce, update

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.seal import SealBroken
from bot.store.sql import changed, insert_all_new, insert_new

OPEN, NAMED, DONE, NOTHING = "open", "named", "done", "nothing"
"""States of an action: nobody has said what will be done; it was said; it is done; nothing is done, with a reason."""
_X = t.survey_action.c


@dataclass(frozen=True, slots=True)
class Given:
    """Answers that came out the same: the label of their group, what was answered by question, and how many there are.
    An answer is a scale value or an option's number, or a list of these."""

    label: str
    answers: Mapping[str, int | list[int]]
    times: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each value or option was given in one atom. `answers` is how many answered the question at all."""

    question: str
    atom: str
    answers: int
    counts: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Closed:
    """What is kept of a closed round besides its tallies."""

    round: int
    closed_on: date
    before: int
    asked: Mapping[str, int]
    told: bool


@dataclass(frozen=True, slots=True)
class Action:
    """What is done about a weak point: a question ('' for the survey as a whole) in a scope (its key). `said` is what
    will be done, or why nothing is; `asked_on` when somebody was last asked how it stands."""

    id: str
    round: int
    number: int
    question: str
    scope: str
    proposal: str = ""
    state: str = OPEN
    said: str = ""
    until: date | None = None
    named_by: str = ""
    asked_on: date | None = None


def given(tx: Session, round: int) -> Iterator[Given]:
    """All answers of a closed round; those that came out the same together."""
    c = t.survey_answer.c
    # As text, so that equal ones are read once: most answers to short surveys are.
    rows = tx.execute(select(c.unit, type_coerce(c.answers, String)).where(c.round == round))
    for (unit, text), times in Counter((row[0], row[1]) for row in rows).items():
        yield Given(unit, json.loads(text), times)


def commented(tx: Session, round: int) -> dict[str, dict[str, int]]:
    """How many comments there are, by question and label."""
    c = t.survey_comment.c
    rows = tx.execute(select(c.question, c.unit, func.count()).where(c.round == round).group_by(c.question, c.unit))
    found: dict[str, dict[str, int]] = {}
    for question, unit, n in rows:
        found.setdefault(question, {})[unit] = n
    return found


def comments(tx: Session, round: int, question: str, labels: Collection[str], limit: int) -> list[str]:
    """At most so many comments of groups with these labels, in the order of their random keys, which says nothing."""
    c = t.survey_comment.c
    mine = (c.round == round, c.question == question, c.unit.in_(list(labels)))
    found = []
    for sealed in tx.scalars(select(c.text).where(*mine).order_by(c.key).limit(limit)):
        with suppress(SealBroken):
            found.append(tx.seal.open(sealed))
    return found


def names_among(tx: Session, words: Collection[str]) -> set[str]:
    """Those of these words that are a part of the name of somebody in the directory."""
    c, found = t.person.c.name, set()
    for word in words:
        like = or_(c.contains(word, autoescape=True), func.lower(c).contains(word.lower(), autoescape=True))
        parts = (part for name in tx.scalars(select(c).where(like)) for part in re.split(r"[^\w'’]+", name.casefold()))
        if word.casefold() in parts:
            found.add(word)
    return found


def asked_by_unit(tx: Session, round: int) -> dict[str, int]:
    """How many were asked, by the unit they were in then."""
    c = t.survey_asked.c
    rows = tx.execute(select(c.unit, func.count()).where(c.round == round).group_by(c.unit))
    return {row[0]: row[1] for row in rows}


def keep(tx: Session, closed: Closed, tallies: Sequence[Tally]) -> bool:
    """Keeps what may ever be shown of a round; False if that was done before, and nothing is changed then."""
    values = {"closed_on": closed.closed_on, "before": closed.before or None, "told": closed.told}
    if not insert_new(tx, t.survey_result, {"round": closed.round, "asked": dict(closed.asked), **values}):
        return False
    rows = [
        {"round": closed.round, "question": one.question, "atom": one.atom, "answers": one.answers}
        | {"counts": {str(value): n for value, n in one.counts.items()}}
        for one in tallies
    ]
    insert_all_new(tx, t.survey_tally, rows)
    return True


def closed(tx: Session, round: int) -> Closed | None:
    """What is kept of a closed round; None where it is not closed, or not there."""
    row = tx.execute(select(t.survey_result).where(t.survey_result.c.round == round)).first()
    return _closed(row) if row else None


def untold(tx: Session) -> list[Closed]:
    """The closed rounds of which those asked were not told yet what is done."""
    query = select(t.survey_result).where(t.survey_result.c.told.is_(False)).order_by(t.survey_result.c.round)
    return [_closed(row) for row in tx.execute(query)]


def tell(tx: Session, round: int) -> bool:
    """Notes that those asked are told; False if somebody was quicker."""
    c = t.survey_result.c
    here = update(t.survey_result).where(c.round == round, c.told.is_(False))
    return changed(tx, here.values(told=True)) == 1


def tallies(tx: Session, round: int) -> list[Tally]:
    """Everything that may be shown of a round."""
    rows = tx.execute(select(t.survey_tally).where(t.survey_tally.c.round == round))
    return [Tally(r.question, r.atom, r.answers, {int(k): n for k, n in r.counts.items()}) for r in rows]


def propose(tx: Session, actions: Sequence[Action]) -> None:
    """Keeps new actions, for which nobody has said yet what will be done (whatever their `id` says)."""
    sealed = tx.seal.seal("")
    for one in actions:
        values = {"round": one.round, "number": one.number, "question": one.question, "scope": one.scope}
        more = {"proposal": one.proposal, "state": OPEN, "said": sealed}
        tx.execute(t.survey_action.insert().values(id=uuid4().hex, **values, **more))


def action(tx: Session, id: str) -> Action | None:
    """The action with this id, held until the end of the transaction."""
    row = tx.execute(select(t.survey_action).where(_X.id == id).with_for_update()).first()
    return _action(tx, row) if row else None


def actions(tx: Session, round: int) -> list[Action]:
    """The actions of a round, in their order."""
    query = select(t.survey_action).where(_X.round == round).order_by(_X.number)
    return [_action(tx, row) for row in tx.execute(query)]


def unfinished(tx: Session) -> list[Action]:
    """The actions of all rounds that are neither done nor given up, in the order of rounds."""
    query = select(t.survey_action).where(_X.state.in_((OPEN, NAMED))).order_by(_X.round, _X.number)
    return [_action(tx, row) for row in tx.execute(query)]


def say(tx: Session, action: Action, state: str, said: str, until: date | None, person: str, of: Sequence[str]) -> bool:
    """Gives an action this state, these words and this date, if its state is one `of` these; False if it is not."""
    values: dict[str, Any] = {"state": state, "said": tx.seal.seal(said), "until": until}
    here = update(t.survey_action).where(_X.id == action.id, _X.state.in_(of))
    return changed(tx, here.values(**values, named_by=person or None, asked_on=None)) == 1


def asked(tx: Session, action: Action, on: date) -> bool:
    """Notes the day on which somebody is asked how it stands; False if somebody was quicker."""
    same = _X.asked_on.is_(None) if action.asked_on is None else _X.asked_on == action.asked_on
    return changed(tx, update(t.survey_action).where(_X.id == action.id, same).values(asked_on=on)) == 1


def _closed(row: Any) -> Closed:
    return Closed(row.round, row.closed_on, row.before or 0, row.asked, row.told)


def _action(tx: Session, row: Any) -> Action:
    try:
        said = tx.seal.open(row.said)
    except SealBroken:
        said = ""
    same = (row.id, row.round, row.number, row.question, row.scope, row.proposal, row.state)
    return Action(*same, said, row.until, row.named_by or "", row.asked_on)
