"""Which case is meant, and what the person who speaks is in it. Whoever is nothing in it learns nothing of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.cases import accountable, told
from bot.cases.standing import subject
from bot.cases.steps import Posts, Step
from bot.cases.words import stands
from bot.dialogue import handed_back, problems
from bot.messages import Answers, Card, Choice
from bot.store import case_supporters, cases
from bot.store.cases import Case
from bot.turn import Reply, Turn

NUMBER = re.compile(r"^#?(\d{1,9})\b[ :]*(.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Held:
    """A case and what the person is in it: answers for it, raised it under their name, joined it under their name.
    `rest` is what stands behind the number."""

    case: Case
    answers: bool
    author: bool
    joined: bool
    rest: str = ""


def held(turn: Turn, text: str) -> Held | None:
    """The case of the number at the beginning of a text; None where there is none or the person has no part in it."""
    found = NUMBER.match(text.strip())
    case = cases.case_by_number(turn.tx, int(found[1])) if found else None
    if case is None or found is None or not turn.person.member or turn.person.left_on is not None:
        return None
    answers = accountable.may_answer(turn.tx, turn.reader.playbooks, case, turn.person.email)
    author = bool(case.asker) and case.asker == turn.person.key
    joined = turn.person.key in case_supporters.supporters(turn.tx, case.id)
    return Held(case, answers, author, joined, found[2].strip()) if answers or author or joined else None


def step_of(turn: Turn) -> Step:
    """What the person takes a step with."""
    return Step(turn.tx, turn.reader.playbooks, turn.person.key, turn.now)


def said(turn: Turn, key: str, *choices: Choice, **fields: object) -> Reply:
    """A plain answer, for this person alone."""
    card = Card(body=turn.words(key, **fields), choices=choices, locale=turn.words.language)
    return Reply(cards=(card,), personal=True)


def not_yours(turn: Turn, text: str = "") -> Reply:
    """The same whether there is no such case or it is not theirs. `text` begins with the number that was said."""
    found = NUMBER.match(text.strip())
    return Reply(cards=(told.not_known(turn.words, "case.unknown", found[1] if found else ""),), personal=True)


def done(turn: Turn, held: Held, posts: Posts, key: str, *choices: Choice, **fields: object) -> Reply:
    """What was done, with its posts; where somebody was quicker, how the case stands."""
    if posts is None:
        return too_late(turn, held.case)
    whole = told.where_it_stands(held.case, turn.words)
    reply = said(turn, key, *(choices or (whole,)), number=held.case.number, **fields)
    return Reply(cards=reply.cards, personal=True, posts=posts)


def too_late(turn: Turn, case: Case) -> Reply:
    """Somebody was quicker, or it is over: how it stands now."""
    now = cases.case(turn.tx, case.id) or case
    standing = stands(subject(turn.tx, turn.reader.playbooks, now), turn.words)
    body = turn.words("case.too-late", number=case.number, stands=standing)
    whole = told.where_it_stands(now, turn.words)
    return Reply(cards=(Card(body=body, choices=(whole,), locale=turn.words.language),), personal=True)


def handed_in(turn: Turn, form: Card, more: dict[str, str] | None = None) -> tuple[Answers | None, Reply]:
    """The answers of a form where they are complete, else the reply that shows the form, with what is wrong with it.
    `more` are problems that only the capability knows of."""
    given = turn.said.answers
    if not given:
        return None, Reply(cards=(form,), personal=True)
    wrong = {**problems(form.asks, given, turn.words), **(more or {})}
    if wrong:
        return None, handed_back(form, given, wrong)
    return given, Reply()


def text_of(given: Answers, name: str) -> str:
    """What was entered in a field, without blanks around it."""
    value = given.get(name, "")
    return value.strip() if isinstance(value, str) else ""
