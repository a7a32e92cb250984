"""Expands announcements: one post for each person and channel of the audience, step by step, resumable at any point.

It decides who is told and in which words; when each is told is decided by `gathering`. It sends nothing.

The rules:
- Somebody is told if they belong to the audience when the expansion comes to them, once and never again. Who joins
  the audience later is not told in retrospect; who leaves it before is not told.
- Channels come first, in their unit's working hours; a channel of no unit in those of the first affected unit.
- An announcement whose initiative is no longer in force is cancelled.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.delivery.bound_channels import Channel, bound
from bot.delivery.kinds import switched_off
from bot.delivery.moment import right_moment
from bot.messages import Post
from bot.people.audience import card_for, includes, viewer_of
from bot.people.calendar import language_of, zone_of
from bot.people.hours import Calendar, calendar_of, clock_shows
from bot.playbook.model import Initiative, Playbooks
from bot.store import Session, Store, announcements, deliveries, gathering
from bot.store.announcements import Announcement, Progress
from bot.store.gathering import Reach
from bot.store.lanes import Lane
from bot.store.people import PersonRecord

log = logging.getLogger(__name__)

CHUNK = 500
# What `Audience.to` says.
PEOPLE, CHANNELS = "people", "channels"
# So that one tick stays short: people who are looked at in it, told or not.
MOST_IN_A_TICK = 50_000


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom an announcement would reach now. `people` is the audience without those who have left; `unreachable`
    counts by reason: `no-account`, `refused`, `switched-off` (of the audience), `left` (besides it). `lanes` counts by
    platform and workspace who would be written to, channels included."""

    people: int = 0
    channels: int = 0
    unreachable: Mapping[str, int] = field(default_factory=dict)
    lanes: Mapping[Lane, int] = field(default_factory=dict)


def expand(store: Store, playbooks: Playbooks, now: datetime, at_most: int = MOST_IN_A_TICK) -> int:
    """Queues the posts of everything that is due, 500 people in a transaction, looking at so many people at most; says
    how many posts were queued. Several clocks may do this at once."""
    queued = 0
    for _ in range(max(1, at_most // CHUNK)):
        with store.begin() as tx:
            held = announcements.hold_due(tx, now)
            if held is None:
                break
            queued += _step(tx, *held, playbooks, now)
    return queued


def cancel(tx: Session, key: str, now: datetime, reason: str = "cancelled") -> int:
    """Nobody is told any more: stops the expansion and cancels what is queued; says how many queued messages that
    were. What was sent stays sent."""
    announcements.cancel(tx, key)
    return deliveries.cancel(tx, reason, now, batch=key)


def preview(
    tx: Session,
    announcement: Announcement,
    playbooks: Playbooks,
    each: Callable[[PersonRecord, Reach, str], None] = lambda *_: None,
) -> Preview:
    """Whom it would reach if it were expanded now, and why others are not reached. Changes nothing. `each` is told of
    everybody who is meant, with why they would not be reached, so that nobody has to look through the directory twice.
    """
    initiative = playbooks.initiatives.get(announcement.initiative)
    if initiative is None:
        return Preview()
    places = channels_of(tx, announcement, initiative, playbooks)
    lanes = Counter(Lane(c.place.platform, c.place.workspace) for c in places)
    people, missed = 0, Counter[str]()
    for person, reach in audience_of(tx, announcement, initiative, playbooks):
        people += person.left_on is None
        reason = unreachable(person, reach, announcement)
        each(person, reach, reason)
        if reason:
            missed[reason] += 1
        else:
            lanes[reach.lane] += 1
    return Preview(people, len(places), dict(missed), dict(lanes))


def channels_of(tx: Session, announcement: Announcement, initiative: Initiative, playbooks: Playbooks) -> list[Channel]:
    """The channels it goes to."""
    audience = announcement.audience
    found = bound(tx, audience, initiative, playbooks.organisation.units) if audience.to != PEOPLE else []
    return [one for one in found if not audience.platforms or one.place.platform in audience.platforms]


def audience_of(
    tx: Session, announcement: Announcement, initiative: Initiative, playbooks: Playbooks
) -> Iterator[tuple[PersonRecord, Reach]]:
    """Everybody who is meant, in the order of their keys, with how they can be reached; those who have left too."""
    units, reached, platforms = playbooks.organisation.units, "", announcement.audience.platforms
    while announcement.audience.to != CHANNELS and (found := announcements.candidates(tx, reached, CHUNK, left=True)):
        meant = [p for p in found if includes(announcement.audience, viewer_of(p), initiative, units)]
        reach = gathering.reach(tx, [p.key for p in meant])
        ways = ((p, reach.get(p.key, Reach())) for p in meant)
        yield from ((p, way) for p, way in ways if not platforms or way.lane.platform in platforms)
        reached = found[-1].key


def unreachable(person: PersonRecord, reach: Reach, announcement: Announcement) -> str:
    """Why this person would not get it: `left`, `no-account`, `refused`, `switched-off`; or nothing."""
    if person.left_on is not None:
        return "left"
    if not reach.accounts:
        return "no-account"
    if reach.refused:
        return "refused"
    off = switched_off(announcement.kind, reach.settings)
    return "switched-off" if off and not announcement.urgent else ""


def _step(
    tx: Session,
    announcement: Announcement,
    progress: Progress,
    playbooks: Playbooks,
    now: datetime,
) -> int:
    """Deals with the channels, at the beginning, and with the next people of a held announcement."""
    initiative = playbooks.initiatives.get(announcement.initiative)
    if initiative is None:
        log.warning("an announcement of %s is cancelled: it is no longer in force", announcement.initiative)
        announcements.cancel(tx, announcement.key)
        return 0
    first = progress.state == "waiting"
    places = _to_channels(tx, announcement, initiative, playbooks, now) if first else []
    found = announcements.candidates(tx, progress.reached, CHUNK) if announcement.audience.to != CHANNELS else []
    people = _to_people(tx, announcement, initiative, playbooks, found)
    deliveries.enqueue(tx, [*places, *people], now)
    announcements.advance(
        tx,
        announcement.key,
        reached=found[-1].key if found else progress.reached,
        people=len(people),
        channels=len(places),
        done=len(found) < CHUNK,
    )
    return len(places) + len(people)


def _to_channels(
    tx: Session,
    announcement: Announcement,
    initiative: Initiative,
    playbooks: Playbooks,
    now: datetime,
) -> list[Post]:
    units, messaging = playbooks.organisation.units, initiative.written.messaging
    posts = []
    for channel in channels_of(tx, announcement, initiative, playbooks):
        unit = units.get(channel.unit) or units.get(initiative.written.units[0].id)
        locale = unit.locale if unit and channel.unit else initiative.written.language
        card = card_for(announcement.wordings, locale, channel.unit, initiative.written.language, units)
        if card is None:
            continue
        calendar = calendar_of(unit) if unit else Calendar(assumed=True)
        begin = max(now, _begins(announcement, calendar.zone) or now)
        moment = begin if announcement.urgent else right_moment(begin, calendar, [messaging.quiet_hours])
        key = f"{announcement.key}:{tx.seal.mark('channel', channel.place.encode())}"
        # Without a kind: nobody can switch off for all what comes to a channel, and its moment is decided here.
        posts.append(Post(key=key, card=card, place=channel.place, batch=announcement.key, not_before=moment))
    return posts


def _to_people(
    tx: Session,
    announcement: Announcement,
    initiative: Initiative,
    playbooks: Playbooks,
    found: Iterable[PersonRecord],
) -> list[Post]:
    units, original = playbooks.organisation.units, initiative.written.language
    meant = [p for p in found if includes(announcement.audience, viewer_of(p), initiative, units)]
    if platforms := announcement.audience.platforms:
        reach = gathering.reach(tx, [p.key for p in meant])
        meant = [p for p in meant if reach.get(p.key, Reach()).lane.platform in platforms]
    settings = gathering.settings_of(tx, [p.key for p in meant])
    posts = []
    for person in meant:
        unit = units.get(person.unit)
        locale = language_of(person, settings.get(person.key, {}), unit)
        card = card_for(announcement.wordings, locale, person.unit, original, units)
        if card is None:
            continue
        post = Post(
            key=f"{announcement.key}:{person.key}",
            card=card,
            person=person.key,
            kind=announcement.kind,
            urgent=announcement.urgent,
            batch=announcement.key,
            not_before=_begins(announcement, zone_of(person, unit)),
        )
        posts.append(post)
    return posts


def _begins(announcement: Announcement, zone: str) -> datetime | None:
    """From when on it counts for somebody in this zone; None: as soon as it is expanded."""
    reading = announcement.due_at
    return clock_shows(reading.date(), reading.time(), zone) if announcement.own_time else None
