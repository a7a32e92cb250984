"""The question whether somebody takes a role on: put, and closed once it is answered, taken back or too old.

It queues in the transaction it is given and decides nothing about who may ask.
"""

from __future__ import annotations

from datetime import datetime

from bot.messages import escape
from bot.milestones import telling
from bot.playbook.model import Playbooks
from bot.roles.giving import count_of
from bot.roles.held import Held
from bot.roles.words import Asked, closed, offer_card
from bot.store import Session, deliveries, offers, people
from bot.store.amendments import AGENT
from bot.store.offers import Offer
from bot.words import Words


def held_of(offer: Offer) -> Held:
    """What is offered."""
    return Held(offer.role, offer.initiative, offer.subject)


def post_key(offer_id: str) -> str:
    """Under which key the question is posted."""
    return f"offer:{offer_id}"


def again(offer: Offer) -> str:
    """What a button says that offers the same once more, to somebody else."""
    if not offer.holder and offer.role == AGENT:
        return f"nominate {offer.initiative}/{offer.subject}"
    return f"hand-over give {held_of(offer).ref} {offer.holder}"


def asked(tx: Session, offer: Offer) -> Asked:
    """The offer as it is shown to whoever is asked."""
    asker, holder = name(tx, offer.by), name(tx, offer.holder)
    return Asked(offer.id, held_of(offer), asker, holder, offer.note, offer.since, count_of(tx, held_of(offer)))


def name(tx: Session, key: str) -> str:
    """The name of this person, else the address; '' for nobody."""
    found = people.person(tx, key) if key else None
    return (found.name or found.email) if found else ""


def close(tx: Session, offer: Offer, playbooks: Playbooks, state: str, now: datetime) -> None:
    """The card that somebody got says from now on what became of it, and cannot be pressed any more."""
    words = words_of(tx, offer.person, playbooks)
    if words is not None:
        said = words(f"offer.closed-{state}", name=escape(name(tx, offer.by)))
        card = closed(offer_card(asked(tx, offer), words, playbooks), said)
        deliveries.edit(tx, post_key(offer.id), card, now)


def words_of(tx: Session, key: str, playbooks: Playbooks) -> Words | None:
    """The words in which this person is written to; None where nobody is there."""
    found = people.person(tx, key) if key else None
    reader = telling.reader(tx, found.email, playbooks) if found and found.email else None
    return reader.words if reader else None


def withdraw(tx: Session, offer: Offer, playbooks: Playbooks, now: datetime) -> bool:
    """Takes it back; False if it was answered before."""
    if not offers.settle(tx, offer.id, offers.WITHDRAWN):
        return False
    close(tx, offer, playbooks, offers.WITHDRAWN, now)
    return True
