"""The dry run of a broadcast: how many it reaches and why others are not, how long it takes, what else comes that day.

It reads and changes nothing. It knows no platform: how many messages a second each takes is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.broadcasts.telling import KIND, announcement, audience_of, whole_audience
from bot.delivery import announcing
from bot.delivery.announcing import Preview
from bot.messages import Card
from bot.milestones import plan
from bot.milestones import telling as milestone_telling
from bot.milestones.previews import key_of
from bot.milestones.standing import standings
from bot.milestones.words import Subject, news
from bot.people.audience import card_for, includes, viewer_of
from bot.people.calendar import language_of
from bot.playbook.access import Viewer, known
from bot.playbook.model import Initiative, Playbooks
from bot.store import Session, announcements, broadcasts
from bot.store import milestones as kept
from bot.store.announcements import Announcement, Wording
from bot.store.broadcasts import ASKED, PLANNED, Broadcast
from bot.store.gathering import Reach
from bot.store.lanes import Lane
from bot.store.milestones import DONE, GONE, HELD, PostId
from bot.store.people import PersonRecord

NO_MATTER_WHEN = datetime(2000, 1, 1, tzinfo=UTC)
Pace = Callable[[str], float]
"""How many messages a second a workspace or tenant of the platform of this name takes."""
USUAL_PER_SECOND = 1.0
"""What is reckoned with where nobody has said it: less than any platform documents."""


def usual_pace(_platform: str) -> float:
    """The pace where nobody has said it."""
    return USUAL_PER_SECOND


@dataclass(frozen=True, slots=True)
class Overlap:
    """Something else that people of the audience get that day: its title, and how many people and channels."""

    title: str
    people: int
    channels: int


@dataclass(frozen=True, slots=True)
class DryRun:
    """Whom it would reach now, how many it is for in all (channels read by people count as these people), how long
    sending takes once it has begun, how many it reaches who read another language (`elsewhere`), and what else comes
    that day."""

    reach: Preview
    meant: int
    seconds: float
    elsewhere: int = 0
    overlaps: tuple[Overlap, ...] = ()


@dataclass(frozen=True, slots=True)
class Looker:
    """Who looks: what they may know of, in which language and zone."""

    viewer: Viewer
    locale: str
    zone: str


def dry_run(
    tx: Session,
    broadcast: Broadcast,
    playbooks: Playbooks,
    looker: Looker,
    now: datetime,
    pace: Pace = usual_pace,
) -> DryRun:
    """Whom it would reach now. Other messages count only where the one who looks may know of their initiative."""
    initiative = playbooks.initiatives[broadcast.initiative]
    due = max(broadcast.written.at or now, now)
    mine = announcement(broadcast, initiative, playbooks, "", due)
    day = due.astimezone(ZoneInfo(looker.zone)).date()
    others = _Others(_others(tx, broadcast, playbooks, looker, day, now), broadcast, playbooks, looker)
    reach = announcing.preview(tx, mine, playbooks, others.look_at)
    people = reach.people if broadcast.written.to != announcing.CHANNELS else meant(tx, broadcast, playbooks)
    overlaps = tuple(others.overlaps(tx, mine))
    return DryRun(reach, people, lasts(reach.lanes, pace), others.elsewhere, overlaps)


def meant(tx: Session, broadcast: Broadcast, playbooks: Playbooks) -> int:
    """How many people it is for, those too who only read it in a channel."""
    initiative, audience = playbooks.initiatives[broadcast.initiative], whole_audience(broadcast.written)
    everybody = Announcement("", KIND, initiative.id, audience, (), NO_MATTER_WHEN)
    return announcing.preview(tx, everybody, playbooks).people


def lasts(lanes: Mapping[Lane, int], pace: Pace) -> float:
    """How many seconds the slowest of these lanes takes, since they go side by side."""
    times = (count / pace(lane.platform) for lane, count in lanes.items())
    return max(times, default=0.0)


def _others(
    tx: Session, broadcast: Broadcast, playbooks: Playbooks, looker: Looker, day: date, now: datetime
) -> Iterator[Announcement]:
    """What else is told on this day: what was announced, what is planned for milestones, other broadcasts."""
    midnight = datetime.combine(day, time(), UTC)
    found = announcements.due_between(tx, midnight - timedelta(days=1), midnight + timedelta(days=2))
    told = [one for one in found if one.key != broadcast.key and _day(one, looker.zone) == day]
    yield from told
    keys = {one.key for one in found}
    for initiative in known(looker.viewer, playbooks):
        yield from _of_milestones(tx, initiative, playbooks, day, now, keys)
        for one in broadcasts.of_initiative(tx, initiative.id):
            at = one.written.at
            if one.number != broadcast.number and one.state in (PLANNED, ASKED) and at is not None:
                said = tuple(Wording(v.locale, Card("", title=v.title)) for v in one.written.versions)
                planned = Announcement(one.key, KIND, initiative.id, audience_of(one.written), said, at)
                if _day(planned, looker.zone) == day:
                    yield planned


def _day(one: Announcement, zone: str) -> date:
    return one.due_at.date() if one.own_time else one.due_at.astimezone(ZoneInfo(zone)).date()


def _of_milestones(
    tx: Session, initiative: Initiative, playbooks: Playbooks, day: date, now: datetime, told: set[str]
) -> Iterator[Announcement]:
    if initiative.written.status != "live":
        return
    calendar = milestone_telling.project_calendar(
        milestone_telling.leader(tx, initiative, playbooks), initiative, playbooks
    )
    today, name = now.astimezone(ZoneInfo(calendar.zone)).date(), milestone_telling.names(tx)
    stopped = {shown.id for shown in kept.posts(tx, initiative.id) if shown.state in (HELD, GONE)}
    for standing in standings(initiative, kept.reports(tx, initiative.id)):
        for planned in plan.posts(standing.on, calendar, today) if standing.report.state != DONE else ():
            id = PostId(initiative.id, standing.id, standing.on, planned.stage)
            if planned.day == day and id not in stopped and key_of(id) not in told:
                subject = Subject(initiative, standing, playbooks.organisation, name)
                post = milestone_telling.for_people(subject, key_of(id), news, day)
                to = "" if planned.to_people else announcing.CHANNELS
                yield replace(post, audience=replace(post.audience, roles=(), to=to))


class _Others:
    """Of everybody in the audience: who reads another language, and who gets which of the other messages too."""

    def __init__(
        self, found: Iterable[Announcement], broadcast: Broadcast, playbooks: Playbooks, looker: Looker
    ) -> None:
        there = {i.id: i for i in known(looker.viewer, playbooks)}
        self._told = [(one, there[one.initiative]) for one in found if one.initiative in there]
        self._people = [0] * len(self._told)
        self._spoken = {one.locale for one in broadcast.written.versions}
        self._playbooks, self._locale = playbooks, looker.locale
        self.elsewhere = 0

    def look_at(self, person: PersonRecord, reach: Reach, missed: str) -> None:
        """Counts one person; `missed` is why they are not reached."""
        if person.left_on is not None:
            return
        units, viewer = self._playbooks.organisation.units, viewer_of(person)
        language = language_of(person, reach.settings, units.get(person.unit)).partition("-")[0]
        self.elsewhere += not missed and language not in self._spoken
        for at, (other, initiative) in enumerate(self._told):
            to_people = other.audience.to != announcing.CHANNELS
            self._people[at] += to_people and includes(other.audience, viewer, initiative, units)

    def overlaps(self, tx: Session, mine: Announcement) -> Iterator[Overlap]:
        """What people or channels of the audience get besides."""
        playbooks, own = self._playbooks, self._playbooks.initiatives[mine.initiative]
        places = {one.place for one in announcing.channels_of(tx, mine, own, playbooks)}
        for (other, initiative), people in zip(self._told, self._people, strict=True):
            channels = sum(c.place in places for c in announcing.channels_of(tx, other, initiative, playbooks))
            original, units = initiative.written.language, playbooks.organisation.units
            card = card_for(other.wordings, self._locale, "", original, units)
            if people or channels:
                yield Overlap(card.title if card else "", people, channels)
