"""Putting two cases together that say the same: those behind the one come along to the other, and its author hears it.
Taking them apart undoes it.
"""

from __future__ import annotations

from bot.cases import clock, told
from bot.cases.accountable import left_out, may_answer
from bot.cases.steps import Posts, Step, say_author, say_everybody, taken
from bot.cases.working import calendar_for
from bot.playbook.initiative_file import Sla
from bot.playbook.model import Playbooks
from bot.store import Session, case_merging, case_supporters, mailbox, themes
from bot.store.cases import OPEN, Case


def may_go_together(tx: Session, playbooks: Playbooks, case: Case, into: Case) -> bool:
    """Whether these two can be put together: both open, of one project and one kind. Whom the author of the first left
    out is not to decide on it by way of the second."""
    if case.id == into.id or case.merged_into or into.merged_into:
        return False
    same = (case.initiative, case.kind) == (into.initiative, into.kind)
    if not (same and case.state in OPEN and into.state in OPEN):
        return False
    out = left_out(playbooks, case.unit) - {case.owner, case.handler} if case.avoid_owner else frozenset()
    return not any(may_answer(tx, playbooks, into, one) for one in out)


def merged(step: Step, case: Case, into: Case) -> Posts:
    """The first goes on in the second. None where that is not possible (any more)."""
    held, other = case_merging.hold(step.tx, case.id, into.id)
    if held is None or other is None or not may_go_together(step.tx, step.playbooks, held, other):
        return None
    if not case_merging.merge(step.tx, held, other, actor=step.actor, now=step.now):
        return None
    behind = (*([held.asker] if held.asker else []), *case_supporters.supporters(step.tx, held.id))
    for person in behind:
        if person != other.asker:
            case_supporters.join(step.tx, other.id, person, came_with=held.id)
    mailbox.merge(step.tx, held.id, other.id)
    goes_on, gone = taken(step, other, "merged"), taken(step, held, "merged")
    return say_everybody(step, gone, lambda about, words, author: told.merged_card(about.case, goes_on, words, author))


def split(step: Step, case: Case) -> Posts:
    """It goes on by itself again, with those who came along from it. None where it is not part of another one."""
    if not case.merged_into:
        return None
    held, other = case_merging.hold(step.tx, case.id, case.merged_into)
    if held is None or other is None:
        return None
    initiative = step.playbooks.initiatives.get(held.initiative)
    calendar = calendar_for(step.tx, step.playbooks, held.owner, held.unit)
    anew = clock.started(initiative.written.sla if initiative else Sla(), held.severity, step.now, calendar)
    if not case_merging.split(step.tx, held, other, anew.decide_until, actor=step.actor, now=step.now):
        return None
    case_supporters.send_back(step.tx, other.id, came_with=held.id)
    mailbox.split(step.tx, held.id, other.id)
    themes.worded_anew(step.tx, held.id)
    taken(step, other, "split")
    return say_author(step, taken(step, held, "split"), lambda about, words: told.split_card(about.case, words))
