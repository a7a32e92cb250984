"""What is read under a calendar address: the dates of whose it is, as they are now, with what has changed since.

It ends when the person leaves. What they may no longer know of is not there any more; what was dropped or does not
concern them any more is cancelled, for two months.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.cases import workshop
from bot.following.dates import Entry, entries, initiative_of
from bot.following.ics import Dated, ics
from bot.people.audience import viewer_of
from bot.people.calendar import LANGUAGE_SETTING, zone_of
from bot.playbook.access import Viewer, known
from bot.playbook.model import Playbooks
from bot.store import Session, Store, following, milestones, people
from bot.store.following import Address, Kept
from bot.store.people import PersonRecord
from bot.words import Words

CANCELLED_SHOWN = timedelta(days=60)


def read(store: Store, playbooks: Playbooks, token: str, now: datetime, pages: str = "") -> bytes | None:
    """The calendar under this token as an ICS file, or that of a meeting; None for every token under which there is
    none. Notes which dates were read, so that the next reading says which have changed."""
    with store.read() as tx:
        if _whose(tx, token) is None:
            return workshop.file(tx, token)
    with store.begin() as tx:
        found = _whose(tx, token)
        if found is None:
            return None
        address, person = found
        words = words_of(tx, address.language, person, playbooks)
        dates = _brought_up_to_date(tx, address, viewer_of(person), playbooks, words, now)
    return ics(words("calendar.name"), dates, pages)


def own_entries(tx: Session, viewer: Viewer, playbooks: Playbooks, words: Words, now: datetime) -> tuple[Entry, ...]:
    """This person's dates now."""
    today = now.astimezone(ZoneInfo(words.zone)).date()
    reports = {id: milestones.reports(tx, id) for id in playbooks.initiatives}
    return entries(viewer, playbooks, reports, words, today)


def words_of(tx: Session, language: str, person: PersonRecord, playbooks: Playbooks) -> Words:
    """In which words the calendar is: in the language that the person chose, else the one they asked for it in."""
    chosen = people.settings(tx, person.key).get(LANGUAGE_SETTING, "")
    organisation = playbooks.organisation
    zone = zone_of(person, organisation.units.get(person.unit))
    return Words(chosen or language, zone, organisation.policy.word_for)


def _whose(tx: Session, token: str) -> tuple[Address, PersonRecord] | None:
    address = following.address(tx, token)
    person = people.person(tx, address.person) if address else None
    return (address, person) if address and person and person.left_on is None else None


def _brought_up_to_date(
    tx: Session, address: Address, viewer: Viewer, playbooks: Playbooks, words: Words, now: datetime
) -> list[Dated]:
    before = following.kept(tx, address)
    there = {one.uid: one for one in own_entries(tx, viewer, playbooks, words, now)}
    still_known = {one.id for one in known(viewer, playbooks)}
    gone = {uid for uid, one in before.items() if uid not in there and _forgotten(uid, one, still_known, now)}
    after = _after({uid: one for uid, one in before.items() if uid not in gone}, there, now)
    following.drop(tx, address, gone)
    following.keep(tx, address, {uid: one for uid, one in after.items() if before.get(uid) != one})
    return [
        Dated(Entry.from_json(one.shown), one.sequence, one.changed_at, cancelled=not one.version)
        for _, one in sorted(after.items())
    ]


def _forgotten(uid: str, one: Kept, still_known: set[str], now: datetime) -> bool:
    return initiative_of(uid) not in still_known or (not one.version and now - one.changed_at > CANCELLED_SHOWN)


def _after(before: Mapping[str, Kept], there: Mapping[str, Entry], now: datetime) -> dict[str, Kept]:
    """What is kept of each date from now on: new, as it was, changed, or cancelled. Pure."""
    moment, after = now.replace(microsecond=0), {}
    for uid, entry in there.items():
        shown = entry.to_json()
        version = hashlib.sha256(shown.encode()).hexdigest()[:16]
        was = before.get(uid)
        same = was is not None and was.version == version
        after[uid] = was if was and same else Kept(shown, version, was.sequence + 1 if was else 0, moment)
    for uid, was in before.items():
        if uid not in there:
            after[uid] = Kept(was.shown, "", was.sequence + 1, moment) if was.version else was
    return after
