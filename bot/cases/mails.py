"""Mails to people behind a case in confidence: what stands in them and when they go. It sends nothing.

A mail is one sealed thing that waits for its slot; there is no delivery of it, no line in a log or in the audit trail.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.cases.slots import next_slot, zone_of
from bot.messages import Card, Choice
from bot.playbook.model import Playbooks
from bot.store import Session, mailbox
from bot.store.cases import Case
from bot.store.people import PersonRecord

WORD = "in-confidence"
"""The command word under which an author in confidence does what others do under their name."""
MAIL = "mail"
STEPS = ("show", "reply", "add", "correct", "withdraw", "settled", "not-settled", "accept")


def write(tx: Session, playbooks: Playbooks, case: Case, whom: PersonRecord, card: Card, now: datetime) -> None:
    """Lets a card wait for the next slot of a working day; of what is very bad for the next hour. The slot is the same
    for everybody: one in the person's own working time would tell who they are.
    """
    due = next_slot(now, case.severity, zone_of(playbooks.organisation.units), working_days=True)
    # What somebody is told of a case at one moment is sent in the order in which it was written.
    before = sum((one.what, one.person) == (MAIL, whom.key) for one in mailbox.waiting(tx))
    nth = [case.number, before]
    sealed = {"card": card.to_json(), "at": now.isoformat(), "nth": nth, "since": due.isoformat()}
    mailbox.put(tx, due, MAIL, whom.key, sealed)


def in_confidence(card: Card, case: Case, closed: bool = False) -> Card:
    """The card that somebody gets under their name, for one in confidence: its buttons lead to forms that are heard
    without a trace; where their exchange is `closed` they can only look.
    """
    found = (_choice(choice, case, closed) for choice in card.choices)
    choices = tuple(choice for choice in found if choice)
    return replace(card, choices=choices)


def _choice(choice: Choice, case: Case, closed: bool) -> Choice | None:
    """`case reply 14` becomes `in-confidence reply 14`, `settled 14` becomes `in-confidence settled 14`."""
    if choice.url:
        return choice
    parts = choice.says.split()
    step = next((part for part in parts[:2] if part in STEPS), "show" if parts[:1] == ["case"] else "")
    if not step or (closed and step != "show"):
        return None
    return replace(choice, says=f"{WORD} {step} {case.number}")
