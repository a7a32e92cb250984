"""What those who answer for a case do about it short of deciding."""

from __future__ import annotations

from bot.answers.text import key as comparable
from bot.capabilities.cases.there import Held, done, handed_in, not_yours, said, step_of, text_of, too_late
from bot.cases import accountable, answering
from bot.cases.told import is_open
from bot.messages import Ask, Card, Choice, escape, quoted
from bot.people.audience import viewer_of
from bot.playbook.access import may_know
from bot.store import people
from bot.store.cases import Case
from bot.store.people import PersonRecord
from bot.turn import Reply, Turn
from bot.words import Words

LONGEST, LONGEST_LINE, LONGEST_NAME = 3000, 300, 200
MOST_NAMES = 5


def acknowledge(turn: Turn, held: Held) -> Reply:
    """I have seen it and take care of it."""
    if not held.answers:
        return not_yours(turn)
    posts = answering.acknowledged(step_of(turn), held.case)
    number, words = held.case.number, turn.words
    choices = (
        Choice(words("case.decide-button"), f"case decide {number}", style="primary"),
        Choice(words("case.ask-button"), f"case ask {number}"),
    )
    return done(turn, held, posts, "case.acknowledged", *choices)


def ask(turn: Turn, held: Held) -> Reply:
    """A question to whoever raised it."""
    if not held.answers:
        return not_yours(turn)
    if not is_open(held.case):
        return too_late(turn, held.case)
    if not answering.reachable(turn.tx, held.case):
        return said(turn, "case.nobody-to-ask")
    text, reply = _written(turn, held, "ask", LONGEST)
    if not text:
        return reply
    return done(turn, held, answering.asked_back(step_of(turn), held.case, text), "case.asked")


def cause(turn: Turn, held: Held) -> Reply:
    """One line on what is behind it."""
    if not held.answers:
        return not_yours(turn)
    text, reply = _written(turn, held, "cause", LONGEST_LINE)
    if not text:
        return reply
    return done(turn, held, answering.cause_found(step_of(turn), held.case, text), "case.cause-kept")


def _written(turn: Turn, held: Held, verb: str, longest: int) -> tuple[str, Reply]:
    """What somebody wrote behind the number or in the form; the form where that is nothing."""
    words, case = turn.words, held.case
    if held.rest and not turn.said.answers and len(held.rest) <= longest:
        return held.rest, Reply()
    form = Card(
        title=words(f"case.{verb}-title", number=case.number),
        body=quoted(case.text),
        asks=(_asked(words, verb, longest, held.rest),),
        submits=f"case {verb} {case.number}",
        submit_label=words("ask.send"),
        locale=words.language,
    )
    given, reply = handed_in(turn, form)
    return (text_of(given, "text") if given else ""), reply


def _asked(words: Words, verb: str, longest: int, begun: str) -> Ask:
    hint = words(f"case.{verb}-text-hint")
    return Ask("text", words(f"case.{verb}-text"), longest=longest, value=begun[:longest], hint=hint)


def assign(turn: Turn, held: Held) -> Reply:
    """A colleague takes care of it, named by address or name."""
    if not held.answers:
        return not_yours(turn)
    if not is_open(held.case):
        return too_late(turn, held.case)
    name = text_of(turn.said.answers, "who") or held.rest
    found = _colleagues(turn, held.case, name) if name else []
    if len(found) == 1:
        posts = answering.assigned(step_of(turn), held.case, found[0])
        return done(turn, held, posts, "case.assigned", name=escape(found[0].name or found[0].email))
    if len(found) > 1:
        choices = tuple(
            Choice(f"{one.name} ({one.email})", f"case assign {held.case.number} {one.email}")
            for one in found[:MOST_NAMES]
        )
        return said(turn, "case.assign-which", *choices)
    if name and not turn.said.answers:
        again = Choice(turn.words("case.assign-button"), f"case assign {held.case.number}")
        return said(turn, "case.assign-unknown", again)
    wrong = {"who": turn.words("case.assign-unknown")} if name else {}
    return handed_in(turn, _assign_form(turn, held, name), wrong)[1]


def _assign_form(turn: Turn, held: Held, name: str) -> Card:
    words = turn.words
    who = Ask("who", words("case.assign-who"), longest=LONGEST_NAME, value=name, hint=words("case.assign-hint"))
    return Card(
        title=words("case.assign-title", number=held.case.number),
        body=quoted(held.case.text),
        asks=(who,),
        submits=f"case assign {held.case.number}",
        submit_label=words("case.assign-button"),
        locale=words.language,
    )


def _colleagues(turn: Turn, case: Case, name: str) -> list[PersonRecord]:
    """Those in the directory whom this means: by address, by their whole name, else by a part of it. Only who may know
    of the project, neither the author nor whom they left out."""
    initiative = turn.reader.playbooks.initiatives.get(case.initiative)
    units, out = turn.reader.playbooks.organisation.units, frozenset[str]()
    if case.avoid_owner:
        out = accountable.left_out(turn.reader.playbooks, case.unit) - {case.owner}
    if "@" in name:
        one = people.person_by_email(turn.tx, name)
        named = [one] if one and one.listed else []
    else:
        wanted = comparable(name)
        there = [one for one in people.directory(turn.tx) if one.listed]
        named = [one for one in there if comparable(one.name) == wanted]
        named = named or [one for one in there if wanted and f" {wanted} " in f" {comparable(one.name)} "]
    return [
        one
        for one in named
        if one.email not in out
        and one.key != case.asker
        and initiative is not None
        and may_know(viewer_of(one), initiative, units)
    ]
