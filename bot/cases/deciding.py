"""Answering a case and deciding on it, always with a reason; everybody behind it hears it in the same moment.

As in `life`, a step is taken once, and None says that somebody was quicker.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.cases import told
from bot.cases.raised import DECISIONS
from bot.cases.steps import Posts, Step, say_answering, say_author, say_everybody, taken
from bot.delivery.moment import right_moment
from bot.messages import Post
from bot.people.calendar import calendar_for
from bot.playbook.model import Playbooks
from bot.store import Store, case_history, cases, deliveries, people
from bot.store.cases import Case
from bot.store.times import day

DATED = ("yes", "yes-but")
"""Decisions that can carry a date."""
CLOSED_AFTER = timedelta(days=10)
"""How long after a decision to which nobody objected a case is closed by itself."""
MOST_AT_ONCE = 200


def answered(step: Step, case: Case, text: str) -> Posts:
    """An answer without a decision: what is known, which may settle it."""
    also = {**_done(step), "decision": None, "promised_for": None}
    if case.merged_into or not case_history.change_state(
        step.tx, case.id, "answered", actor=step.actor, now=step.now, text=text, also=also
    ):
        return None
    return _told(step, taken(step, case, "answered"))


def decided(step: Step, case: Case, decision: str, reason: str, promised_for: date | None = None) -> Posts:
    """The decision with its reason. ValueError for a decision that is none, and without a reason."""
    also = {**_done(step), **_decision(decision, reason, promised_for)}
    said = f"{decision}\n{reason}"
    if case.merged_into or not case_history.change_state(
        step.tx, case.id, "answered", actor=step.actor, now=step.now, text=said, what="decided", also=also
    ):
        return None
    return _told(step, taken(step, case, "decided"))


def revised(step: Step, case: Case, decision: str, reason: str, promised_for: date | None = None) -> Posts:
    """What was decided says something else from now on. None where it was not decided, or is open again."""
    also = {**_done(step), **_decision(decision, reason, promised_for), "state": "answered"}
    said = f"{decision}\n{reason}"
    done = ("answered", "resolved")
    if case.merged_into or not case_history.step(
        step.tx, case.id, "decided", actor=step.actor, now=step.now, text=said, of=done, also=also
    ):
        return None
    return say_everybody(step, taken(step, case, "decided"), told.changed_card)


def kept(step: Step, case: Case) -> Posts:
    """What was promised with a decision is done; who stands behind it hears that, and can still say that it does not
    solve it. None where nothing is promised (any more)."""
    also = {"promised_for": None, "decided_on": day(step.now)}
    if case.promised_for is None or not case_history.step(
        step.tx, case.id, "kept", actor=step.actor, now=step.now, of=("answered", "resolved"), also=also
    ):
        return None
    name = step.name()
    after = taken(step, case, "kept")
    return say_everybody(step, after, lambda about, words, author: told.kept_card(about, words, name, author))


def _decision(decision: str, reason: str, promised_for: date | None) -> dict[str, Any]:
    if decision not in DECISIONS or not reason.strip():
        raise ValueError("a decision is one of four, and has a reason")
    promised = promised_for if decision in DATED else None
    return {"decision": decision, "answer": reason, "promised_for": promised}


def _done(step: Step) -> dict[str, Any]:
    return {"decided_on": day(step.now), "decided_by": step.actor, "respond_until": None, "paused_since": None}


def _told(step: Step, case: Case) -> Posts:
    """Everybody behind it, and those who answer for it too and need not any more."""
    name = step.name()
    others = tuple(one.address for one in step.subject(case).readers)
    return (
        *say_everybody(step, case, lambda about, words, author: told.answered_card(about, words, name, author)),
        *say_answering(step, case, lambda words: told.done_note(case, words, name), others),
    )


def is_unobjected(case: Case, today: date) -> bool:
    """Whether a case may be closed by itself: it was answered, what was promised has had its day, and nobody has said
    since that it is not solved."""
    since = max((one for one in (case.decided_on, case.promised_for) if one), default=None)
    return case.state == "answered" and since is not None and since + CLOSED_AFTER <= today


def close_unobjected(store: Store, playbooks: Playbooks, now: datetime) -> int:
    """Closes what nobody objected to, and tells its author; says how many posts were queued."""
    today = day(now)
    with store.begin() as tx:
        lying = cases.answered_before(tx, today - CLOSED_AFTER, MOST_AT_ONCE)
        queued = 0
        for case in lying:
            step = Step(tx, playbooks, "", now)
            if not is_unobjected(case, today) or not case_history.change_state(
                tx, case.id, "resolved", actor="", now=now
            ):
                continue
            posts = say_author(
                step, taken(step, case, "resolved"), lambda about, words: told.closed_card(about.case, words)
            )
            deliveries.enqueue(tx, [_in_working_time(step, one) for one in posts], now)
            queued += len(posts)
    return queued


def _in_working_time(step: Step, post: Post) -> Post:
    """A day ends at midnight, and nobody is woken for that."""
    person = people.person(step.tx, post.person) if post.person else None
    if person is None:
        return post
    calendar = calendar_for(person, people.settings(step.tx, person.key), step.playbooks.organisation.units)
    return replace(post, not_before=right_moment(step.now, calendar))
