"""Putting a case together with another one that says the same, and taking them apart again."""

from __future__ import annotations

from bot import themes
from bot.capabilities.cases.there import Held, done, held, not_yours, said, step_of, too_late
from bot.cases import merging
from bot.cases.words import begun, plainly
from bot.messages import Card, Choice, escape
from bot.milestones.words import short
from bot.store import cases
from bot.store.cases import Case
from bot.turn import Reply, Turn

SUGGESTED = 3
LOOKED_AT = 12


def merge(turn: Turn, found: Held) -> Reply:
    """`case merge 14`: what says something similar; `case merge 14 17`: no. 14 goes on in no. 17."""
    if not found.answers:
        return not_yours(turn)
    if not found.rest:
        return _suggested(turn, found.case)
    into = held(turn, found.rest)
    if into is None or not into.answers:
        return not_yours(turn)
    if not merging.may_go_together(turn.tx, turn.reader.playbooks, found.case, into.case):
        return said(turn, "case.merge-not", number=found.case.number, other=into.case.number)
    posts = merging.merged(step_of(turn), found.case, into.case)
    apart = Choice(turn.words("case.split-button"), f"case split {found.case.number}")
    return done(turn, found, posts, "case.merged", apart, other=into.case.number)


def _suggested(turn: Turn, case: Case) -> Reply:
    words = turn.words
    if case.merged_into:
        return too_late(turn, case)
    alike = [one for one, _ in themes.alike(turn.tx, case.initiative, "", case.text, LOOKED_AT)]
    mine = [one for one in alike if merging.may_go_together(turn.tx, turn.reader.playbooks, case, one)]
    shown = [one for one in mine if (there := held(turn, str(one.number))) and there.answers][:SUGGESTED]
    if not shown:
        return said(turn, "case.merge-none", number=case.number)
    rows = "\n".join(
        f"- {begun(plainly(one, words))} {words('case.event-words', text=escape(short(one.text)))}" for one in shown
    )
    choices = tuple(
        Choice(words("case.merge-with", number=one.number), f"case merge {case.number} {one.number}") for one in shown
    )
    card = Card(
        title=words("case.merge-title", number=case.number),
        body=f"{words('case.merge-lead')}\n\n{rows}",
        choices=choices,
        locale=words.language,
    )
    return Reply(cards=(card,), personal=True)


def split(turn: Turn, found: Held) -> Reply:
    """It goes on by itself again."""
    if not found.answers:
        return not_yours(turn)
    into = cases.case(turn.tx, found.case.merged_into) if found.case.merged_into else None
    if into is None:
        return too_late(turn, found.case)
    return done(turn, found, merging.split(step_of(turn), found.case), "case.split")
