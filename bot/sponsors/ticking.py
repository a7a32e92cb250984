"""When the week's card is due: on Monday morning where the sponsor and the project manager are, once in each ISO week.

What is due is recorded in the transaction that queues it, so that two clocks do it once. When it is sent is decided by
`gathering`, in the recipient's working time.
"""

from __future__ import annotations

import logging
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.delivery.occurring import caught_up
from bot.delivery.occurring import due as due_since
from bot.learning.weekly import MONDAY_MORNING, open_gaps
from bot.messages import Post
from bot.milestones import telling
from bot.milestones.standing import standings
from bot.milestones.telling import Reader
from bot.milestones.words import Subject
from bot.people.hours import clock_shows
from bot.playbook.model import Initiative, Playbooks
from bot.sponsors.week import Week, moved_since
from bot.sponsors.words import card
from bot.store import (
    SealBroken,
    Session,
    Store,
    deliveries,
    gaps,
    learned,
    milestones,
    occurrences,
    ticks,
    weeks,
)

log = logging.getLogger(__name__)

KIND = "digests"
TICK = "sponsor-digests"
WEEK = timedelta(days=7)


def due(store: Store, playbooks: Playbooks, now: datetime) -> int:
    """Queues the cards that are due at `now` (aware); says how many."""
    with store.begin() as tx:
        since = ticks.since(tx, TICK, now)
        posts = [
            post
            for one in playbooks.initiatives.values()
            if one.written.status in ("live", "pilot")
            for post in _of(tx, one, playbooks, since, now)
        ]
        return deliveries.enqueue(tx, posts, now)


def _of(tx: Session, initiative: Initiative, playbooks: Playbooks, since: datetime, now: datetime) -> list[Post]:
    written = initiative.written
    found = []
    for address in dict.fromkeys((written.sponsor, written.project_manager)):
        whom = telling.reader(tx, address, playbooks)
        if whom and (post := _post(tx, initiative, whom, playbooks, since, now)):
            found.append(post)
    return found


def _post(
    tx: Session, initiative: Initiative, whom: Reader, playbooks: Playbooks, since: datetime, now: datetime
) -> Post | None:
    zone = whom.calendar.zone
    occurrence = caught_up(KIND, due_since(MONDAY_MORNING, since, now, zone, TICK), now, zone)
    if occurrence is None:
        return None
    year, number, _ = occurrence.reading.isocalendar()
    key = f"sponsor-digest:{initiative.id}:{whom.person.key}:{year}-W{number:02}"
    if not occurrences.first_time(tx, key, now):
        return None
    week = week_of(tx, initiative, playbooks, zone, now)
    if not week.anything:
        return None
    leader = telling.names(tx)(initiative.written.project_manager)
    return Post(key=key, card=card(initiative, week, whom.words, leader), person=whom.person.key, kind=KIND)


def week_of(tx: Session, initiative: Initiative, playbooks: Playbooks, zone: str, now: datetime) -> Week:
    """The last seven days of an initiative, counted from the morning seven days ago in this zone."""
    today = now.astimezone(ZoneInfo(zone)).date()
    first = today - WEEK
    begin = clock_shows(first, time(), zone)
    name = telling.names(tx)
    found = standings(initiative, milestones.reports(tx, initiative.id))
    return Week(
        since=first,
        today=today,
        subjects=tuple(Subject(initiative, one, playbooks.organisation, name) for one in found),
        moved=moved_since(milestones.sent(tx, initiative.id), first),
        raised=weeks.raised(tx, initiative.id, begin, now),
        unwritten=_unwritten(tx, initiative, today - timedelta(days=1)),
        reach=weeks.reach(tx, initiative.id, begin),
    )


def _unwritten(tx: Session, initiative: Initiative, last: date) -> int:
    """How many questions were asked in the week of this day to which nothing is written."""
    monday = last - timedelta(days=last.weekday())
    try:
        found = open_gaps(gaps.gaps(tx, initiative.id), initiative, learned.in_force(tx))
    except SealBroken as broken:
        log.warning("what was asked of %s cannot be counted: %s", initiative.id, broken)
        return 0
    return sum(gap.week >= monday for gap in found)
