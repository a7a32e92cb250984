"""A changed request: something else is offered instead, and what the author says to it decides.

As in `life`, a step is taken once, and None says that somebody was quicker.
"""

from __future__ import annotations

from dataclasses import replace

from bot.cases import deciding, told
from bot.cases.answering import reachable
from bot.cases.steps import Posts, Step, say_answering, say_author, stepped, taken
from bot.cases.words import begun, plainly
from bot.messages import escape
from bot.store import audit, case_history, cases, people, requests
from bot.store.cases import Case

CHANGED = "yes-but"
"""The decision that an accepted offer is."""


def offered(step: Step, case: Case, instead: str, reason: str) -> Posts:
    """Something else is offered; until the author says yes or answers, both clocks stand still. None too where there
    is nobody to ask."""
    if not reachable(step.tx, case) or requests.request(step.tx, case) is None:
        return None
    also = {"state": "in-progress", "respond_until": None, "paused_since": step.now}
    if not stepped(step, case, "offered", f"{instead}\n\n{reason}", also):
        return None
    requests.offer(step.tx, case.id, instead)
    after, name = taken(step, case, "offered"), step.name()
    return say_author(step, after, lambda about, words: told.offered_card(about.case, words, name, instead, reason))


def accepted(step: Step, case: Case, said: str = "") -> Posts:
    """The author takes what was offered, perhaps with a word besides: that is the decision, in the name of whoever
    offered it."""
    kept = requests.request(step.tx, case)
    by = next((one.actor for one in reversed(case_history.history(step.tx, case.id)) if one.what == "offered"), "")
    if kept is None or not kept.offered:
        return None
    posts = deciding.decided(replace(step, actor=by), case, CHANGED, kept.offered)
    if posts is None:
        return None
    requests.offer(step.tx, case.id, "")
    # Whoever takes it under their name is answered already.
    posts = tuple(one for one in posts if not step.actor or one.person != step.actor)
    if step.actor:
        audit.note(step.tx, step.actor, "case.accepted", f"case {case.number}", step.now)
    after = cases.case(step.tx, case.id) or case
    offerer = people.person(step.tx, by) if by else None
    if offerer is None or not offerer.email:
        return posts
    who = "" if offerer.email == step.subject(after).last_word else escape(step.name())
    note = say_answering(
        step,
        after,
        lambda words: told.step_card(
            after,
            words,
            begun(words("case.note-accepted", case=plainly(after, words), who=who or words("case.whoever"))),
            said,
        ),
        (offerer.email,),
        "accepted",
    )
    return (*posts, *note)
