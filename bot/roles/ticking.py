"""What is due of roles: what somebody held who has left is put before whoever decides, once; so is what is still open
when an initiative goes into operation; and offers that nobody answered end.

Each step is noted in the transaction that does it, so that several clocks, or one that ends in the middle, do it once.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import datetime

from bot.messages import Card, Choice, escape
from bot.milestones import telling
from bot.playbook.model import Initiative, Playbooks
from bot.roles.asking import again as once_more
from bot.roles.asking import close, held_of, name
from bot.roles.giving import administrators, first_there, in_force, inventory
from bot.roles.held import Held, everybody
from bot.roles.rights import deciders
from bot.roles.words import STANDS, listed, title
from bot.store import Session, Store, cases, occurrences, offers, people
from bot.store.offers import EXPIRED
from bot.store.people import PersonRecord

log = logging.getLogger(__name__)
OPERATING = ("operate", "review")


def due(store: Store, playbooks: Playbooks, now: datetime) -> int:
    """Does what is due at `now` (aware); says how many things that were."""
    with store.begin() as tx:
        holding = in_force(tx, playbooks)
        return _expire(tx, holding, now) + _left(tx, holding, now) + _operating(tx, holding, now)


def _expire(tx: Session, playbooks: Playbooks, now: datetime) -> int:
    """Ends what has waited too long for an answer, and tells whoever asked."""
    done = 0
    for offer in offers.waiting(tx):
        if offer.since + STANDS >= now.date() or not offers.settle(tx, offer.id, EXPIRED):
            continue
        close(tx, offer, playbooks, EXPIRED, now)
        by = people.person(tx, offer.by) if offer.by else None
        asker = telling.reader(tx, by.email, playbooks) if by else None
        if asker is not None:
            words, held = asker.words, held_of(offer)
            body = words("offer.told-expired", name=escape(name(tx, offer.person)))
            again = Choice(words("offer.another"), once_more(offer))
            card = Card(body=f"{body}\n\n**{title(held, words, playbooks)}**", choices=(again,), locale=words.language)
            telling.to_one(tx, f"offer:{offer.id}:expired", asker, card, now)
        done += 1
    return done


def _left(tx: Session, playbooks: Playbooks, now: datetime) -> int:
    """Tells whoever decides what somebody held who has left."""
    gone = people.departed(tx, {*everybody(playbooks), *cases.owners_who_left(tx)})
    return sum(_of_one_who_left(tx, playbooks, one, now) for one in gone)


def _of_one_who_left(tx: Session, playbooks: Playbooks, gone: PersonRecord, now: datetime) -> int:
    admins = administrators(tx)
    to_tell: dict[str, list[tuple[Held, int]]] = defaultdict(list)
    for held, count in inventory(tx, playbooks, gone):
        there = first_there(tx, deciders(playbooks, held, gone.email, admins))
        if not there and occurrences.first_time(tx, _once(gone, held, "nobody"), now):
            log.warning("nobody is there to hand over what somebody held who has left: %s", held.ref)
        for one in there:
            if occurrences.first_time(tx, _once(gone, held, one.key), now):
                to_tell[one.email].append((held, count))
    for address, held_there in to_tell.items():
        _tell_of_one_who_left(tx, playbooks, gone, address, held_there, now)
    return len(to_tell)


def _once(gone: PersonRecord, held: Held, decider: str) -> str:
    return f"left:{gone.key}:{gone.left_on}:{held.ref}:{decider}"


def _tell_of_one_who_left(
    tx: Session, playbooks: Playbooks, gone: PersonRecord, address: str, held: list[tuple[Held, int]], now: datetime
) -> None:
    reader = telling.reader(tx, address, playbooks)
    if reader is None:
        return
    words, who = reader.words, gone.name or gone.email
    card = listed(words, playbooks, words("hand-over.left"), held, gone.key, words("hand-over.left-title", name=who))
    what = tx.seal.mark("left", gone.key, address, str(now), *(one.ref for one, _ in held))
    telling.to_one(tx, f"left:{what}", reader, card, now)


def _operating(tx: Session, playbooks: Playbooks, now: datetime) -> int:
    """Once an initiative is in operation the project manager is asked to hand over what is open."""
    done = 0
    for one in playbooks.initiatives.values():
        if one.written.phase in OPERATING and occurrences.first_time(tx, f"operating:{one.id}", now):
            done += _ask_to_hand_over(tx, playbooks, one, now)
    return done


def _ask_to_hand_over(tx: Session, playbooks: Playbooks, initiative: Initiative, now: datetime) -> int:
    written = initiative.written
    leader = telling.reader(tx, written.project_manager, playbooks)
    after = telling.reader(tx, written.after.owner, playbooks) if written.after else None
    if leader is None or (after is not None and after.person.key == leader.person.key):
        return 0
    held = [(one, n) for one, n in inventory(tx, playbooks, leader.person) if one.initiative == initiative.id]
    words, project = leader.words, initiative.text(leader.words.locale).name.partition(":")[0].strip()
    who = (after.person.name or after.person.email) if after else ""
    body = words("hand-over.operating", name=escape(who)) if after else words("hand-over.operating-nobody")
    heading = words("hand-over.operating-title", project=project)
    card = listed(words, playbooks, body, held, leader.person.key, heading)
    telling.to_one(tx, f"operating:{initiative.id}", leader, card, now)
    if after is None:
        return 1
    words, project = after.words, initiative.text(after.words.locale).name.partition(":")[0].strip()
    body = words("hand-over.operating-after", name=escape(leader.person.name or leader.person.email))
    heading = words("hand-over.operating-title", project=project)
    card = Card(title=heading, body=body, locale=words.language)
    telling.to_one(tx, f"operating:{initiative.id}:after", after, card, now)
    return 2
