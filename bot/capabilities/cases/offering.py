"""Offering something else than was requested, and taking what was offered."""

from __future__ import annotations

from bot.capabilities.cases.there import Held, done, handed_in, not_yours, step_of, text_of, too_late
from bot.cases import offering
from bot.cases.told import is_open
from bot.messages import Ask, Card, quoted
from bot.turn import Reply, Turn

LONGEST = 3000


def offer(turn: Turn, held: Held) -> Reply:
    """A form: what would be done instead, and why."""
    if not held.answers:
        return not_yours(turn)
    if not is_open(held.case) or held.case.kind != "request":
        return too_late(turn, held.case)
    words, case = turn.words, held.case
    form = Card(
        title=words("case.offer-title", number=case.number),
        body=quoted(case.text),
        asks=(
            Ask("instead", words("case.offer-instead"), longest=LONGEST, value=held.rest[:LONGEST]),
            Ask("reason", words("case.reason"), longest=LONGEST, hint=words("case.reason-hint")),
        ),
        submits=f"case offer {case.number}",
        submit_label=words("case.offer-button"),
        locale=words.language,
    )
    given, shown = handed_in(turn, form)
    if given is None:
        return shown
    posts = offering.offered(step_of(turn), case, text_of(given, "instead"), text_of(given, "reason"))
    return done(turn, held, posts, "case.offered-done")


def accept(turn: Turn, held: Held) -> Reply:
    """The author takes what was offered."""
    if not held.author:
        return not_yours(turn)
    return done(turn, held, offering.accepted(step_of(turn), held.case), "case.accepted-done")
