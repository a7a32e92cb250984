"""Telling of a milestone: to the people concerned, to its change agents, to its channels, and to one person alone.

It queues in the transaction it is given and decides nothing about whether something is told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from bot.delivery import announcing
from bot.delivery.announcing import Preview
from bot.delivery.bound_channels import ALL_AFFECTED, Channel, bound
from bot.delivery.kinds import AHEAD
from bot.delivery.moment import right_moment
from bot.messages import Card, Post
from bot.milestones.previews import Upcoming
from bot.milestones.standing import agents_by_unit, agents_of
from bot.milestones.words import Subject, Written, wordings
from bot.people.audience import card_for, viewer_of
from bot.people.calendar import calendar_for, language_of, zone_of
from bot.people.hours import Calendar, calendar_of, clock_shows
from bot.playbook.access import in_audience, may_know
from bot.playbook.model import Initiative, Playbooks
from bot.store import Session, announcements, deliveries, people
from bot.store.announcements import Announcement, Audience
from bot.store.people import PersonRecord
from bot.words import Words

KIND = "milestones"
IN_THE_MORNING = time(9)
# Everybody has it, so it leaves nobody out; but what is for roles goes to no channel.
EVERYBODY = ("employee",)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is written to alone, with their words, working time and the address they have."""

    person: PersonRecord
    words: Words
    calendar: Calendar


def names(tx: Session) -> Callable[[str], str]:
    """The name of whoever has an address, else the address."""
    found: dict[str, str] = {}

    def name(address: str) -> str:
        if address not in found:
            person = people.person_by_email(tx, address)
            found[address] = person.name if person and person.name else address
        return found[address]

    return name


def reader(tx: Session, address: str, playbooks: Playbooks) -> Reader | None:
    """Whoever has this address; None where the directory does not know them or they have left."""
    person = people.person_by_email(tx, address)
    if person is None or person.left_on is not None:
        return None
    organisation = playbooks.organisation
    unit, settings = organisation.units.get(person.unit), people.settings(tx, person.key)
    words = Words(language_of(person, settings, unit), zone_of(person, unit), organisation.policy.word_for)
    return Reader(person, words, calendar_for(person, settings, organisation.units))


def is_told(initiative: Initiative) -> bool:
    """Whether anything of it is told of the bot's own accord: of a pilot to its people, of a draft nothing."""
    return initiative.written.status != "draft"


def leader(tx: Session, initiative: Initiative, playbooks: Playbooks) -> Reader | None:
    """The project manager, or where the directory does not know them the sponsor."""
    written = initiative.written
    return reader(tx, written.project_manager, playbooks) or reader(tx, written.sponsor, playbooks)


def project_calendar(leader: Reader | None, initiative: Initiative, playbooks: Playbooks) -> Calendar:
    """The working days that posts are planned by: the project manager's, else those of the first affected unit."""
    if leader is not None:
        return leader.calendar
    unit = playbooks.organisation.units.get(initiative.written.units[0].id)
    return calendar_of(unit) if unit else Calendar(assumed=True)


def to_one(tx: Session, key: str, whom: Reader, card: Card, now: datetime) -> None:
    """Writes to one person about their own part in it, in their working time."""
    moment = right_moment(now, whom.calendar)
    deliveries.enqueue(tx, [Post(key=key, card=card, person=whom.person.key, not_before=moment)], now)


def for_people(subject: Subject, key: str, written: Written, day: date, without: tuple[str, ...] = ()) -> Announcement:
    """The announcement to the people whom the milestone concerns, on the morning of this day where they are; `without`
    are addresses."""
    milestone = subject.standing.milestone
    name = milestone.audience or ALL_AFFECTED
    audience = Audience(name, units=milestone.units, roles=EVERYBODY, without=without)
    return _announcement(subject, key, audience, written, day)


def for_agents(tx: Session, subject: Subject, key: str, written: Written, day: date) -> Announcement | None:
    """The announcement to the change agents of the units concerned; None where there are none. Of a unit's agents those
    who are in the milestone's audience themselves, since the colleagues of the others hear nothing; where none is, all.
    """
    found = agents_by_unit(subject.initiative, subject.standing.milestone, subject.organisation.units)
    meant = [[one for one in agents if _in_audience(tx, subject, one)] or agents for agents in found.values()]
    agents = tuple(dict.fromkeys(agent for some in meant for agent in some))
    audience = Audience("", people=agents)
    return replace(_announcement(subject, key, audience, written, day), kind=AHEAD) if agents else None


def _in_audience(tx: Session, subject: Subject, address: str) -> bool:
    found = people.person_by_email(tx, address)
    name = subject.standing.milestone.audience or ALL_AFFECTED
    return found is not None and in_audience(viewer_of(found), name, subject.initiative, subject.organisation.units)


def to_agents(tx: Session, subject: Subject, key: str, written: Written, playbooks: Playbooks, now: datetime) -> None:
    """Writes to each change agent of the units concerned about their part in it, in their working time."""
    units = playbooks.organisation.units
    for address in agents_of(subject.initiative, subject.standing.milestone, units):
        agent = reader(tx, address, playbooks)
        if agent is not None and may_know(viewer_of(agent.person), subject.initiative, units):
            to_one(tx, f"{key}:{agent.person.key}", agent, written(subject, agent.words, ""), now)


def _announcement(subject: Subject, key: str, audience: Audience, written: Written, day: date) -> Announcement:
    due = datetime.combine(day, IN_THE_MORNING, UTC)
    said = wordings(subject, written)
    return Announcement(key, KIND, subject.initiative.id, audience, said, due, own_time=True)


def channels_of(tx: Session, subject: Subject) -> list[Channel]:
    """The channels of the milestone's audience, each once. Without an audience, or with one that is made of units
    alone, the channels of the units concerned are among them."""
    milestone, units = subject.standing.milestone, subject.organisation.units
    name = milestone.audience or ALL_AFFECTED
    defined = subject.initiative.written.audiences.get(name)
    audiences = [Audience(name)] if milestone.audience or not milestone.units else []
    if not milestone.audience and milestone.units:
        audiences.append(Audience(name, units=milestone.units))
    elif defined and defined.units and not (defined.roles or defined.locations):
        audiences.append(Audience(name, units=defined.units))
    found = [channel for one in audiences for channel in bound(tx, one, subject.initiative, units)]
    return list({channel.place: channel for channel in reversed(found)}.values())[::-1]


def to_channels(tx: Session, subject: Subject, key: str, written: Written, day: date, now: datetime) -> int:
    """Queues a post for each channel, on the morning of this day in its unit's zone and working time."""
    initiative, units = subject.initiative, subject.organisation.units
    said, original = wordings(subject, written), initiative.written.language
    quiet = [initiative.written.messaging.quiet_hours]
    found = []
    for channel in channels_of(tx, subject):
        unit = units.get(channel.unit) or units.get(initiative.written.units[0].id)
        locale = unit.locale if unit and channel.unit else original
        card = card_for(said, locale, channel.unit, original, units)
        if card is None:
            continue
        calendar = calendar_of(unit) if unit else Calendar(assumed=True)
        moment = right_moment(max(now, clock_shows(day, IN_THE_MORNING, calendar.zone)), calendar, quiet)
        mark = tx.seal.mark("channel", channel.place.encode())
        found.append(Post(key=f"{key}:{mark}", card=card, place=channel.place, batch=key, not_before=moment))
    return deliveries.enqueue(tx, found, now)


def dry_run(tx: Session, subject: Subject, announcement: Announcement, playbooks: Playbooks) -> Preview:
    """Whom a post would reach now: the people of the announcement, and the milestone's channels."""
    found = announcing.preview(tx, announcement, playbooks)
    return replace(found, channels=len(channels_of(tx, subject)))


def post_dry_run(tx: Session, post: Upcoming, playbooks: Playbooks) -> Preview:
    """Whom a planned post would reach now."""
    return dry_run(tx, post.subject, for_people(post.subject, post.key, post.written, post.planned.day), playbooks)


def stop(tx: Session, key: str, now: datetime) -> None:
    """Nobody else is told of this any more; what was sent stays sent."""
    announcing.cancel(tx, key, now, "the milestone has changed")


def announce(tx: Session, announcement: Announcement | None, now: datetime) -> int:
    """Keeps the announcement until it is due; says how many are new."""
    return int(announcement is not None and announcements.add(tx, announcement, now))
