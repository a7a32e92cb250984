"""Telling of wins: to the unit, to everybody else, to one person about their part in it; and taking them back.

It acts in the transaction it is given. Whoever calls it has seen to it that the person who asks for this may.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.delivery import announcing
from bot.delivery.announcing import Preview
from bot.messages import Card
from bot.milestones import telling
from bot.people.audience import card_for, viewer_of
from bot.people.calendar import calendar_for, language_of
from bot.people.hours import due_after
from bot.playbook.access import lineage, may_know
from bot.playbook.model import Initiative, Playbooks
from bot.store import Session, announcements, deliveries, people
from bot.store import wins as kept
from bot.store.announcements import Announcement, Audience
from bot.store.people import PersonRecord
from bot.store.wins import ASKED, OPEN, THANKS_YES, TOLD, WITHDRAWN, Win
from bot.wins.standing import beyond, deciders
from bot.wins.words import Subject, approval_card, suggestion_card, thanks_card, wordings
from bot.words import Words

KIND = "wins"
WAITS_FOR_THANKS = 2
"""Working days that a win waits for the word of whoever is thanked."""


def subject(tx: Session, win: Win, initiative: Initiative, playbooks: Playbooks) -> Subject:
    """The win with the names that may stand in it."""
    thanked = people.person(tx, win.thanked) if win.thanked and win.thanks == THANKS_YES else None
    named = name_of(tx, thanked.key) if thanked and thanked.left_on is None else ""
    return Subject(win, initiative, playbooks.organisation, name_of(tx, win.author), named)


def name_of(tx: Session, person: str) -> str:
    """The name of the person with this key, else their address; '' where they are not known any more."""
    there = people.person(tx, person) if person else None
    return (there.name or there.email) if there else ""


def to_person(
    tx: Session, win: Win, what: str, person: str, card: Callable[[Words], Card], playbooks: Playbooks, now: datetime
) -> bool:
    """Writes to the person with this key about their part in it; False where they are not there any more."""
    there = people.person(tx, person) if person else None
    whom = telling.reader(tx, there.email, playbooks) if there and there.email else None
    if whom is None:
        return False
    telling.to_one(tx, f"win:{win.id}:{what}:{person}:{now.timestamp()}", whom, card(whom.words), now)
    return True


def thankable(tx: Session, address: str, initiative: Initiative, playbooks: Playbooks) -> PersonRecord | None:
    """The colleague with this address, if they are there and may know what it is about."""
    person = people.person_by_email(tx, address)
    if person is None or person.left_on is not None or not person.member:
        return None
    return person if may_know(viewer_of(person), initiative, playbooks.organisation.units) else None


def waits_until(tx: Session, person: PersonRecord, playbooks: Playbooks, now: datetime) -> datetime:
    """Until when this person is waited for: the end of their second working day from now."""
    calendar = calendar_for(person, people.settings(tx, person.key), playbooks.organisation.units)
    return due_after(now, WAITS_FOR_THANKS, calendar)


def ask_thanked(tx: Session, win: Win, initiative: Initiative, playbooks: Playbooks, now: datetime) -> None:
    """Asks whoever is thanked whether their name may stand in it."""
    shown = replace(subject(tx, win, initiative, playbooks), thanked=name_of(tx, win.thanked))
    to_person(tx, win, "thanks", win.thanked, lambda words: thanks_card(shown, words), playbooks, now)


def suggest(tx: Session, win: Win, initiative: Initiative, playbooks: Playbooks, now: datetime) -> list[str]:
    """Puts a suggestion before the change agents of the unit, or the project manager where there are none; the names
    of whoever has it now."""
    shown = subject(tx, win, initiative, playbooks)
    who = name_of(tx, win.suggested_by)
    found = deciders(initiative, win.unit, playbooks.organisation.units)
    readers = [one for one in (telling.reader(tx, address, playbooks) for address in found) if one]
    if not readers:
        readers = [one for one in [telling.leader(tx, initiative, playbooks)] if one]
    for one in readers:
        card = suggestion_card(shown, one.words, who)
        telling.to_one(tx, f"win:{win.id}:suggested:{one.person.key}:{now.timestamp()}", one, card, now)
    return [one.person.name or one.person.email for one in readers]


def tell_unit(tx: Session, win: Win, initiative: Initiative, playbooks: Playbooks, now: datetime) -> None:
    """The people and channels of the unit hear of it; its author knows it."""
    author = people.person(tx, win.author) if win.author else None
    without = (author.email,) if author and author.email else ()
    audience = Audience(units=(win.unit,), without=without)
    announcements.add(tx, _announcement(tx, win, "unit", audience, initiative, playbooks, now), now)


def _everybody(
    tx: Session, win: Win, initiative: Initiative, playbooks: Playbooks, now: datetime
) -> Announcement | None:
    """The announcement to all affected who have not heard of it yet; None where that is nobody."""
    units = playbooks.organisation.units
    others = beyond(win.unit, initiative, units)
    if not others:
        return None
    # Where the unit is a part of an affected one, its people are among those of that one.
    inside = any(one in lineage(win.unit, units) for one in others)
    heard = [p.email for p in people.directory(tx) if win.unit in lineage(p.unit, units)] if inside else []
    audience = Audience(units=others, without=tuple(heard))
    return _announcement(tx, win, "everybody", audience, initiative, playbooks, now)


def preview(tx: Session, win: Win, initiative: Initiative, playbooks: Playbooks, now: datetime) -> Preview:
    """Whom it would reach beyond the unit."""
    found = _everybody(tx, win, initiative, playbooks, now)
    return announcing.preview(tx, found, playbooks) if found else Preview()


def tell_everybody(tx: Session, win: Win, initiative: Initiative, playbooks: Playbooks, now: datetime) -> None:
    """All affected hear of it who have not heard of it in its unit."""
    found = _everybody(tx, win, initiative, playbooks, now)
    if found is not None:
        announcements.add(tx, found, now)


def _announcement(
    tx: Session, win: Win, to: str, audience: Audience, initiative: Initiative, playbooks: Playbooks, now: datetime
) -> Announcement:
    said = wordings(subject(tx, win, initiative, playbooks))
    return Announcement(_key(win, to), KIND, initiative.id, audience, said, due_at=now)


def _key(win: Win, to: str) -> str:
    return f"win:{win.id}:{to}"


def ask_leader(tx: Session, win: Win, initiative: Initiative, playbooks: Playbooks, now: datetime) -> str:
    """Asks the project manager whether everybody is to hear it; their name, or '' where nobody can be asked."""
    leader = telling.leader(tx, initiative, playbooks)
    if leader is None or not kept.turn(tx, win.id, ASKED, of=[TOLD]):
        return ""
    reach = preview(tx, win, initiative, playbooks, now)
    card = approval_card(subject(tx, win, initiative, playbooks), leader.words, reach)
    telling.to_one(tx, f"win:{win.id}:asked:{now.timestamp()}", leader, card, now)
    return leader.person.name or leader.person.email


def withdraw(tx: Session, win: Win, now: datetime) -> bool:
    """Takes it back: off every list, nobody else is told, and what was sent is deleted where that is possible. False
    if that was done before."""
    if not kept.turn(tx, win.id, WITHDRAWN, of=OPEN):
        return False
    for to in ("unit", "everybody"):
        announcements.cancel(tx, _key(win, to))
        deliveries.recall(tx, "the win was taken back", now, batch=_key(win, to))
    return True


def rewrite(tx: Session, win: Win, initiative: Initiative, playbooks: Playbooks, now: datetime) -> None:
    """What was told of it says from now on what it says now: at once where it is not sent yet, and where the platform
    lets sent messages be changed."""
    units, original = playbooks.organisation.units, initiative.written.language
    said = wordings(subject(tx, win, initiative, playbooks))
    for told in (announcements.get(tx, _key(win, to)) for to in ("unit", "everybody")):
        if told is None:
            continue
        announcements.reword(tx, told.key, said)
        for person, reach in announcing.audience_of(tx, told, initiative, playbooks):
            locale = language_of(person, reach.settings, units.get(person.unit))
            _edit(tx, f"{told.key}:{person.key}", card_for(said, locale, person.unit, original, units), now)
        for channel in announcing.channels_of(tx, told, initiative, playbooks):
            mark = tx.seal.mark("channel", channel.place.encode())
            locale = units[channel.unit].locale if channel.unit in units else original
            _edit(tx, f"{told.key}:{mark}", card_for(said, locale, channel.unit, original, units), now)


def _edit(tx: Session, key: str, card: Card | None, now: datetime) -> None:
    if card is not None:
        deliveries.edit(tx, key, card, now)
