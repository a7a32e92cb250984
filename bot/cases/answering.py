"""What those who answer for a case do about it short of answering: take it, give it to a colleague, ask back, say what
is behind it.

Every step is taken once, in the transaction it is given: it gives the posts that the caller queues, or None where the
case is not there for it any more because somebody was quicker. Whether somebody may take it is decided by the caller.
"""

from __future__ import annotations

from dataclasses import replace

from bot.cases import told
from bot.cases.cards import answering_card, card_key
from bot.cases.steps import Posts, Step, say_answering, say_author, stepped, taken
from bot.cases.words import plainly
from bot.messages import Post, escape
from bot.milestones import telling
from bot.store import Session, case_history, mailbox, people
from bot.store.cases import OPEN, Case
from bot.store.people import PersonRecord


def acknowledged(step: Step, case: Case) -> Posts:
    """Somebody has seen it and takes care of it: the first clock has done its duty, and the author hears who it is."""
    also = {"handler": step.address(), "respond_until": None}
    if not case_history.change_state(step.tx, case.id, "acknowledged", actor=step.actor, now=step.now, also=also):
        return None
    after, name = taken(step, case, "acknowledged"), step.name()
    return say_author(step, after, lambda about, words: told.seen_card(about, words, name))


def assigned(step: Step, case: Case, to: PersonRecord) -> Posts:
    """A colleague takes care of it from now on, sees its card, and the author hears of it."""
    before = {one.address for one in step.subject(case).readers}
    also = {"state": "in-progress", "handler": to.email, "respond_until": None}
    if not stepped(step, case, "assigned", to.key, also):
        return None
    after, by = taken(step, case, "assigned"), step.name()
    return (
        *_to_assigned(step, after, to, by, known=to.email in before),
        *say_author(step, after, lambda about, words: told.assigned_card(about, words, by, to.name or to.email)),
    )


def _to_assigned(step: Step, case: Case, to: PersonRecord, by: str, known: bool) -> tuple[Post, ...]:
    whom = telling.reader(step.tx, to.email, step.playbooks)
    if whom is None or to.key == step.actor:
        return ()
    lead = whom.words("case.assigned-you", name=escape(by), case=plainly(case, whom.words))
    if known:
        note = told.step_card(case, whom.words, lead)
        return say_answering(step, case, lambda _: note, (to.email,))
    card = answering_card(step.subject(case), whom.words, whom.person)
    return (Post(card_key(case, to.key), replace(card, body=f"{lead}\n\n{card.body}"), person=to.key),)


def asked_back(step: Step, case: Case, question: str) -> Posts:
    """A question to the author; until it is answered both clocks stand still. None too where there is nobody to ask."""
    if not reachable(step.tx, case):
        return None
    also = {"state": "in-progress", "respond_until": None, "paused_since": case.paused_since or step.now}
    if not stepped(step, case, "asked-back", question, also):
        return None
    after, name = taken(step, case, "asked-back"), step.name()
    return say_author(step, after, lambda about, words: told.asked_card(about, words, name, question))


def cause_found(step: Step, case: Case, line: str) -> Posts:
    """One line on what is behind it; only those who answer read it."""
    if not stepped(step, case, "cause", line, {"cause": line}, (*OPEN, "answered", "resolved")):
        return None
    taken(step, case, "cause")
    return ()


def reachable(tx: Session, case: Case) -> bool:
    """Whether there is anybody who hears what is said to the author, and can answer."""
    if case.confidential:
        return not mailbox.is_closed(tx, case.id)
    if case.asker:
        author = people.person(tx, case.asker)
        return author is not None and author.left_on is None
    return bool(case.reply_to.platform)
