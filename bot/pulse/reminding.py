"""Writing to people about a round, in short transactions: those who were drawn are invited, those whose time has come
are asked once more. What it writes waits for each recipient's right moment and weekly cap like anything else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.messages import Card, Post
from bot.milestones import telling
from bot.people.calendar import calendar_for, language_of, zone_of
from bot.people.hours import Calendar
from bot.playbook.model import Playbooks
from bot.pulse.inviting import Subject, first_reminder, invitation, reminder, second_reminder
from bot.pulse.rounds import KIND
from bot.store import Session, Store, deliveries, gathering, participation, surveys
from bot.store.participation import Asked
from bot.store.people import PersonRecord
from bot.store.surveys import Round
from bot.words import Words

CHUNK = 500
MOST_IN_A_TICK = 10_000


@dataclass(frozen=True, slots=True)
class _Somebody:
    """A recipient with their words and working time."""

    person: PersonRecord
    words: Words
    calendar: Calendar


def subject_of(tx: Session, round: Round, playbooks: Playbooks) -> Subject | None:
    """What a round's cards need; None where its initiative is told of no more, or its key is gone."""
    initiative, snapshot = playbooks.initiatives.get(round.initiative), surveys.snapshot(tx, round.id)
    if initiative is None or snapshot is None or not telling.is_told(initiative):
        return None
    written, name = initiative.written, telling.names(tx)
    readers = tuple(dict.fromkeys(name(one) for one in (written.project_manager, written.sponsor)))
    return Subject(round, snapshot, initiative, readers)


def invite(store: Store, playbooks: Playbooks, now: datetime) -> int:
    """Invites those who were drawn and are not asked yet; says how many. Several clocks may do this at once."""
    done = 0
    with store.read() as tx:
        there = [one.id for one in surveys.under_way(tx) if one.closes_at > now]
    for id in there:
        while done < MOST_IN_A_TICK and (some := _invite_some(store, playbooks, id, now)):
            done += some
    return done


def _invite_some(store: Store, playbooks: Playbooks, id: int, now: datetime) -> int:
    with store.begin() as tx:
        round = surveys.round(tx, id)
        subject = subject_of(tx, round, playbooks) if round and round.state == surveys.OPEN else None
        some = participation.drawn(tx, id, CHUNK) if subject else []
        if round is None or subject is None or not some:
            return 0
        found = _recipients(tx, some, playbooks)
        made = _once_each(lambda words: invitation(subject, words))
        posts = [
            Post(f"{round.batch}:{key}", made(one.words), person=key, kind=KIND, batch=round.batch)
            for key, one in found.items()
        ]
        deliveries.enqueue(tx, posts, now)
        moments = {key: first_reminder(round, one.calendar) for key, one in found.items()}
        participation.asked_now(tx, id, moments)
        return len(some)


def remind(store: Store, playbooks: Playbooks, now: datetime) -> int:
    """Asks those once more whose time has come; says how many were looked at. Several clocks may do this at once."""
    done = 0
    while done < MOST_IN_A_TICK and (some := _remind_some(store, playbooks, now)):
        done += some
    return done


def _remind_some(store: Store, playbooks: Playbooks, now: datetime) -> int:
    with store.begin() as tx:
        some = participation.to_ask_again(tx, now, CHUNK)
        rounds = {id: surveys.round(tx, id) for id in {one.round for one in some}}
        posts: list[Post] = []
        for id, round in rounds.items():
            mine = [one for one in some if one.round == id]
            subject = subject_of(tx, round, playbooks) if round else None
            if subject is None:
                for one in mine:
                    participation.turn(tx, id, one.person, one.state)
                continue
            posts += _reminders(tx, subject, mine, playbooks, now)
        deliveries.enqueue(tx, posts, now)
        return len(some)


def _reminders(tx: Session, subject: Subject, mine: list[Asked], playbooks: Playbooks, now: datetime) -> list[Post]:
    round, found = subject.round, _recipients(tx, mine, playbooks)
    made = {last: _once_each(partial(reminder, subject, last=last)) for last in (False, True)}
    posts, there = [], {asked.person: asked for asked in mine}
    for key, one in found.items():
        asked = there[key]
        if one.person.left_on is not None:
            participation.turn(tx, round.id, key, asked.state)
            continue
        again = second_reminder(round, one.calendar, now) if asked.reminded == 0 else None
        if not participation.still_waits(tx, round.id, key):
            unique = f"{round.batch}:{key}:{asked.reminded + 1}"
            posts.append(Post(unique, made[again is None](one.words), person=key, kind=KIND, batch=round.batch))
        participation.asked_again(tx, asked, again)
    return posts


def _recipients(tx: Session, some: list[Asked], playbooks: Playbooks) -> dict[str, _Somebody]:
    keys = [one.person for one in some]
    people, settings = participation.people_by_key(tx, keys), gathering.settings_of(tx, keys)
    organisation, found = playbooks.organisation, {}
    for key, person in sorted(people.items(), key=lambda one: one[1].email):
        unit, own = organisation.units.get(person.unit), settings.get(key, {})
        words = Words(language_of(person, own, unit), zone_of(person, unit), organisation.policy.word_for)
        found[key] = _Somebody(person, words, calendar_for(person, own, organisation.units))
    return found


def _once_each(make: Callable[[Words], Card]) -> Callable[[Words], Card]:
    """The card for each language and zone, made once: most people share it."""
    made: dict[tuple[str, str], Card] = {}

    def card(words: Words) -> Card:
        key = (words.locale, words.zone)
        if key not in made:
            made[key] = make(words)
        return made[key]

    return card
