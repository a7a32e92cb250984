"""The author's side of a case: answering what was asked, adding, correcting, withdrawing, saying whether it is solved;
and joining it.

Every step is taken once, in the transaction it is given: it gives the posts that the caller queues, or None where the
case is not there for it any more. Whether somebody may take it is decided by the caller.
"""

from __future__ import annotations

from datetime import datetime

from bot.cases import cards, clock, told
from bot.cases.accountable import TO_SPONSOR
from bot.cases.clock import Clocks
from bot.cases.standing import TO_THE_OWNER, may_come_back
from bot.cases.steps import Posts, Step, care_of, say_answering, stepped, taken
from bot.cases.telling import to_author, to_joined
from bot.cases.words import begun, plainly
from bot.cases.working import calendar_for
from bot.messages import Card, Choice, Post, escape, quoted
from bot.playbook.initiative_file import Sla
from bot.store import case_history, case_supporters, mailbox, people, themes
from bot.store.cases import OPEN, Case
from bot.words import Words


def replied(step: Step, case: Case, text: str) -> Posts:
    """The author answers what was asked, or adds something: the clocks go on, and whoever asked hears it."""
    also = {"paused_since": None, **_resumed(step, case)} if case.paused_since else {}
    if not stepped(step, case, "replied", text, also, (*OPEN, "answered")):
        return None
    after = taken(step, case, "replied")
    asked = next((one.actor for one in reversed(step.subject(after).history) if one.what == "asked-back"), "")
    person = people.person(step.tx, asked) if asked and case.paused_since else None
    addresses = tuple(one for one in (person.email if person else "", care_of(after)) if one)
    return _noted(step, after, "case.note-replied", text, addresses)


def _noted(step: Step, case: Case, key: str, said: str, addresses: tuple[str, ...]) -> tuple[Post, ...]:
    """A note of what the author did, with their name where it may be told."""
    last_word, name = step.subject(case).last_word, escape(step.name())

    def to(address: str) -> tuple[Post, ...]:
        who = "" if address == last_word else name
        return say_answering(step, case, lambda words: _note(case, words, key, said, who), (address,))

    return tuple(post for one in dict.fromkeys(addresses) for post in to(one))


def added(step: Step, case: Case, text: str) -> Posts:
    """The author adds something: the same as an answer."""
    return replied(step, case, text)


def _resumed(step: Step, case: Case) -> dict[str, datetime | None]:
    if case.paused_since is None:
        return {}
    calendar = calendar_for(step.tx, step.playbooks, case.owner, case.unit)
    went_on = clock.resumed(Clocks(case.respond_until, case.due_at), case.paused_since, step.now, calendar)
    return {"due_at": went_on.decide_until, "respond_until": went_on.respond_until}


def corrected(step: Step, case: Case, text: str) -> Posts:
    """The author puts it in other words. Whoever takes care of it hears of that, unless nobody has seen it yet."""
    was_seen = case.state != "new"
    if not stepped(step, case, "corrected", case.text if was_seen else "", {"text": text}):
        return None
    themes.worded_anew(step.tx, case.id)
    after, who = taken(step, case, "corrected"), escape(step.name())
    if not was_seen:
        return ()
    return say_answering(step, after, lambda words: _note(after, words, "case.note-corrected", text, who))


def withdrawn(step: Step, case: Case, said: str = "") -> Posts:
    """The author takes it back, perhaps with a word why. Where others stand behind it, it goes on without them."""
    if case_supporters.supporters(step.tx, case.id) or mailbox.joined(step.tx, [case.id]):
        return _left(step, case, said)
    return _ended(step, case, "withdrawn", said)


def _ended(step: Step, case: Case, what: str, said: str = "") -> Posts:
    was_seen = case.state != "new"
    also = {"respond_until": None, "paused_since": None}
    if not case_history.change_state(
        step.tx, case.id, "withdrawn", actor=step.actor, now=step.now, text=said, what=what, also=also
    ):
        return () if what != "withdrawn" else None
    after = taken(step, case, what)
    if not was_seen:
        return ()
    return say_answering(step, after, lambda words: _note(after, words, "case.note-withdrawn", said))


def _left(step: Step, case: Case, said: str) -> Posts:
    if not case_history.without_author(step.tx, case.id, now=step.now):
        return None
    if case.confidential:
        mailbox.leave(step.tx, case.id)
    after = taken(step, case, "left")
    return say_answering(step, after, lambda words: _note(after, words, "case.note-left", said))


def joined(step: Step, case: Case) -> Posts:
    """Somebody stands behind it under their name. None where they did, or it is closed."""
    if case.asker == step.actor or not case_supporters.join(step.tx, case.id, step.actor):
        return None
    if not stepped(step, case, "joined", "", {}):
        case_supporters.leave(step.tx, case.id, step.actor)
        return None
    taken(step, case, "joined")
    return ()


def parted(step: Step, case: Case) -> Posts:
    """Somebody who joined under their name stands behind it no longer. Once its author has left too and nobody else is
    there, it ends. None where they had not joined."""
    if not case_supporters.leave(step.tx, case.id, step.actor):
        return None
    left = any(one.what == "left" for one in case_history.history(step.tx, case.id))
    behind = case_supporters.supporters(step.tx, case.id) or mailbox.behind(step.tx, case.id)
    if left and not behind and case.state in OPEN:
        return _ended(step, case, "nobody-left")
    stepped(step, case, "parted", "", {})
    taken(step, case, "parted")
    return ()


def thanked(step: Step, case: Case, said: str = "") -> Posts:
    """The author says that it is solved, perhaps with a word besides."""
    also = {"respond_until": None, "paused_since": None}
    if not case_history.change_state(
        step.tx, case.id, "resolved", actor=step.actor, now=step.now, text=said, also=also
    ):
        return None
    after = taken(step, case, "resolved")
    decider = people.person(step.tx, case.decided_by) if case.decided_by else None
    addresses = tuple(one for one in (care_of(after), decider.email if decider else "") if one)
    return _noted(step, after, "case.note-thanked", said, addresses)


def not_solved(step: Step, case: Case, reason: str) -> Posts:
    """The author, or somebody who joined, says that it is not solved: it is open again with both clocks anew. Twice it
    comes back to those who answered; then the sponsor sees it too."""
    if not may_come_back(case) or case.merged_into:
        return None
    up = case.reopened >= TO_THE_OWNER
    also = {**anew(step, case), "reopened": case.reopened + 1, "decided_on": None, "promised_for": None}
    also["escalated"] = TO_SPONSOR if up else 0
    if not case_history.change_state(
        step.tx, case.id, "reopened", actor=step.actor, now=step.now, text=reason, also=also
    ):
        return None
    if up:
        case_history.step(step.tx, case.id, "escalated", actor="", now=step.now)
    after = taken(step, case, "reopened")
    told_before = cards.refresh(step.tx, step.playbooks, after, step.now)
    key = "case.note-up" if up else "case.note-reopened"
    readers = tuple(one.address for one in step.subject(after).readers if one.address in told_before)
    notes = say_answering(step, after, lambda words: _note(after, words, key, reason), readers) if readers else ()
    return (*cards.card_posts(step.tx, step.playbooks, after), *notes, *_told_of_it(step, after))


def _told_of_it(step: Step, case: Case) -> tuple[Post, ...]:
    """The others behind it hear that it is open again, the author too unless it was them."""
    about = step.subject(case)
    name = about.name_of(care_of(case))
    posts = to_joined(
        step.tx, step.playbooks, case, lambda words: told.reopened_card(case, words, name, False), step.now
    )
    # Who in confidence says so may be the author in confidence, but never one under their name.
    if (step.actor or case.asker) and step.actor != case.asker:
        posts += to_author(
            step.tx, step.playbooks, case, lambda words: told.reopened_card(case, words, name, True), step.now
        )
    return tuple(one for one in posts if not step.actor or one.person != step.actor)


def anew(step: Step, case: Case) -> dict[str, datetime | None]:
    """Both clocks of a case that is open again, running from now on."""
    initiative = step.playbooks.initiatives.get(case.initiative)
    calendar = calendar_for(step.tx, step.playbooks, case.owner, case.unit)
    sla = initiative.written.sla if initiative else Sla()
    anew = clock.started(sla, case.severity, step.now, calendar)
    return {"respond_until": anew.respond_until, "due_at": anew.decide_until, "paused_since": None}


def _note(case: Case, words: Words, key: str, said: str = "", who: str = "") -> Card:
    """To those who take care of it: one sentence on what the author's side did, with its words."""
    lead = words(key, case=begun(plainly(case, words)), who=who or words("case.whoever"))
    body = "\n\n".join(part for part in (lead, quoted(said) if said else "") if part)
    whole = Choice(words("case.whole-button"), f"case {case.number}", style="primary")
    return Card(body=body, choices=(whole,), locale=words.language)
