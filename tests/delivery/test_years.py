"""Weeks and years of announcements in nine zones: nothing outside anybody's hours, nothing twice, nothing missed,
caps kept. Everything is checked by the slow and obvious clock on the wall.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from sqlalchemy import func, select

from bot.delivery.announcing import expand
from bot.delivery.gathering import REST, gather
from bot.delivery.occurring import caught_up, due
from bot.messages import Card
from bot.playbook.model import Playbooks
from bot.playbook.schedule import parse
from bot.store import Session, Store, announcements, occurrences, ticks
from bot.store import tables as t
from bot.store.announcements import Announcement, Audience, Wording
from tests.delivery.organisation import initiative, listed, playbooks, send_what_is_released, unit
from tests.people.slow_hours import ZONES, Wall, Worker

SEED = 20270315
HALF_HOUR, DAY = timedelta(minutes=30), timedelta(days=1)
LONGEST_OUTAGE = 20  # hours, so that every rule for catching up holds
CAP = 2
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OFFICE = ("mon", "tue", "wed", "thu", "fri")
# By zone: country, days, hours. Some work at night, at weekends, or few hours.
LIVES = {
    "Pacific/Auckland": ("NZ", OFFICE, ("09:00", "17:00")),
    "Asia/Kolkata": ("IN", WEEK, ("22:00", "06:00")),
    "Europe/Lisbon": ("PT", OFFICE, ("09:00", "17:00")),
    "America/Sao_Paulo": ("BR", OFFICE, ("08:00", "18:00")),
    "America/New_York": ("US", OFFICE, ("09:00", "17:30")),
    "America/Los_Angeles": ("US", ("sat", "sun"), ("00:30", "03:30")),
    "Europe/Berlin": ("DE", OFFICE, ("22:00", "06:00")),
    "Atlantic/Reykjavik": ("IS", ("tue", "thu"), ("10:00", "14:00")),
    "Australia/Lord_Howe": ("AU", OFFICE, ("01:30", "09:30")),
}
SCHEDULED_IN, MILESTONES_AT = "Europe/Lisbon", time(15)
SCHEDULES = {
    "weekly": ("wins", "30 9 * * 2", 2),
    "nightly": ("wins", "30 2 * * 0", 7),  # a time that clock changes skip and repeat
    "thursdays": ("milestones", "every week on Thursday at 15:00", 4),
}


@dataclass(frozen=True)
class Told:
    """One message that somebody got."""

    key: str
    at: datetime
    urgent: bool


def name_of(zone: str) -> str:
    return zone.split("/")[1].lower().replace("_", "-")


def deployment(store: Store) -> tuple[Playbooks, dict[str, str]]:
    """One unit and one person in each zone; returns the playbooks, and zones by the keys of the people."""
    units = [
        unit(
            name_of(zone),
            zone,
            country=country,
            working_days=list(days),
            working_hours={"from": first, "to": last},
            holidays=["2027-03-24", "2028-02-29"],
        )
        for zone, (country, days, (first, last)) in LIVES.items()
    ]
    books = playbooks(initiative("crm", [u.id for u in units]), initiative("erp", [units[0].id], cap=CAP), units=units)
    return books, {listed(store, name_of(zone), name_of(zone)): zone for zone in ZONES}


def worker(zone: str) -> Worker:
    country, days, (first, last) = LIVES[zone]
    free = holidays.country_holidays(country, years=range(2026, 2032))
    own = {date(2027, 3, 24), date(2028, 2, 29)}

    def works(day: date) -> bool:
        return WEEK[day.weekday()] in days and day not in free and day not in own

    return Worker(zone, works, time.fromisoformat(first), time.fromisoformat(last))


def announce_what_is_due(tx: Session, now: datetime, draw: random.Random) -> None:
    """As a capability would: by its schedule, once, caught up by the rule of its kind; and now and then by hand."""
    for name, (kind, schedule, _) in SCHEDULES.items():
        found = due(parse(schedule), ticks.since(tx, name, now), now, SCHEDULED_IN, name)
        one = caught_up(kind, found, now, SCHEDULED_IN)
        if one and occurrences.first_time(tx, one.key, now):
            announcements.add(tx, news(one.key, kind, now, own_time=name == "thursdays"), now)
    if draw.random() < 0.01:
        announcements.add(tx, news(f"by hand {now}", "wins", now, urgent=draw.random() < 0.2), now)


def news(key: str, kind: str, now: datetime, urgent: bool = False, own_time: bool = False) -> Announcement:
    wordings = (Wording("en", Card(f"About {key}")),)
    return Announcement(key, kind, "crm", Audience(), wordings, now, urgent=urgent, own_time=own_time)


def moments(store: Store, first: datetime, last: datetime, draw: random.Random) -> Iterator[datetime]:
    """Ticks: every half hour at which something may be due, at least twice a day, now and then after an outage."""
    now = first
    while now <= last:
        yield now
        with store.read() as tx:
            waits = tx.scalar(select(func.min(t.delivery.c.not_before)).where(~t.delivery.c.timed))
        now += HALF_HOUR
        soon = min(waits or last, now.replace(minute=0) + timedelta(hours=12))
        while now < soon:
            now += HALF_HOUR
        if draw.random() < 0.01:
            now += draw.randrange(2 * LONGEST_OUTAGE - 24) * HALF_HOUR


def live(store: Store, first: datetime, last: datetime) -> tuple[dict[str, str], list[datetime]]:
    """All ticks of this time, with everything that they lead to; returns zones by the keys of the people, and the
    ticks."""
    ticked = []
    draw = random.Random(SEED)
    books, zones = deployment(store)
    with store.begin() as tx:
        for name in SCHEDULES:
            ticks.since(tx, name, first)
    for now in moments(store, first, last, draw):
        ticked.append(now.astimezone(ZoneInfo(SCHEDULED_IN)))
        with store.begin() as tx:
            announce_what_is_due(tx, now, draw)
        expand(store, books, now)
        gather(store, books, now)
        with store.begin() as tx:
            send_what_is_released(tx, now)
    return zones, ticked


def told(store: Store) -> dict[str, list[Told]]:
    c = t.delivery.c
    found: dict[str, list[Told]] = {}
    with store.read() as tx:
        for row in tx.execute(
            select(c.person, c.key, c.sent_at, c.urgent).where(c.state == "sent").order_by(c.sent_at)
        ):
            found.setdefault(row.person, []).append(Told(row.key, row.sent_at, row.urgent))
    return found


def nothing_outside_working_hours(zone: str, messages: list[Told]) -> None:
    here = worker(zone)
    for message in messages:
        if not message.urgent:
            wall = Wall(zone, message.at - 2 * DAY)
            while wall.moment < message.at:
                wall.tick()
            assert here.shift(wall.latest) is not None, f"{zone}: {message}"


def caps_and_rest_are_kept(zone: str, messages: list[Told], cap: int) -> None:
    def week(message: Told) -> tuple[int, int]:
        return message.at.astimezone(ZoneInfo(zone)).isocalendar()[:2]

    for n, message in enumerate(messages):
        if not message.urgent:
            before = [m for m in messages[:n] if week(m) == week(message)]
            assert len(before) < cap, f"{zone}: {message} after {before}"
            assert all(message.at - m.at >= REST for m in before), f"{zone}: {message} after {before}"


def nothing_is_missed(store: Store, last: datetime, zones: dict[str, str]) -> None:
    """Everybody got every announcement, alone or within a digest that was sent; the latest ones may still wait."""
    c = t.delivery.c
    with store.read() as tx:
        made = tx.execute(select(t.announcement.c.key, t.announcement.c.people, t.announcement.c.state)).all()
        rows = tx.execute(select(c.id, c.key, c.state, c.reason, c.created_at)).all()
    assert {row.state for row in made} <= {"done", "waiting"}
    assert {row.people for row in made if row.state == "done"} == {len(zones)}
    sent = {row.id for row in rows if row.state == "sent"}
    for row in rows:
        in_digest = row.state == "suppressed" and row.reason.removeprefix("in a digest: ") in sent
        waits = row.state == "queued" and row.created_at > last - 14 * DAY
        assert row.state == "sent" or in_digest or waits, row


def every_occurrence_was_announced(store: Store, ticked: list[datetime]) -> None:
    """Counted on a calendar. After an outage a milestone's post is caught up on its own day only."""
    with store.read() as tx:
        keys = list(tx.scalars(select(t.announcement.c.key)))
    first, last = ticked[0].date() + DAY, ticked[-1].date() - DAY
    for name, (kind, _, weekday) in SCHEDULES.items():
        days = {first + n * DAY for n in range((last - first).days)}
        days = {day for day in days if day.isoweekday() == weekday}
        if kind == "milestones":
            days &= {tick.date() for tick in ticked if tick.time() >= MILESTONES_AT}
        announced = [key.split(":")[1][:10] for key in keys if key.startswith(name)]
        assert {str(day) for day in days} <= set(announced)
        assert len(announced) == len(set(announced))


def _holds(store: Store, first: datetime, last: datetime) -> None:
    zones, ticked = live(store, first, last)

    for person, messages in told(store).items():
        nothing_outside_working_hours(zones[person], messages)
        caps_and_rest_are_kept(zones[person], messages, CAP if zones[person] == ZONES[0] else 3)
    assert told(store).keys() == zones.keys()
    nothing_is_missed(store, last, zones)
    every_occurrence_was_announced(store, ticked)


def test_weeks_around_two_changes_of_the_clock(store: Store) -> None:
    """America changes on 14 March, Europe on 28 March, Lord Howe on 4 April; Easter lies between."""
    _holds(store, datetime(2027, 3, 8, tzinfo=UTC), datetime(2027, 4, 6, tzinfo=UTC))


@pytest.mark.soak
def test_three_years(store: Store) -> None:
    """With a leap day and four ends of a year."""
    _holds(store, datetime(2026, 12, 1, tzinfo=UTC), datetime(2030, 1, 15, tzinfo=UTC))
