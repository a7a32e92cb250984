"""What a schedule makes due between two ticks: once, at its time on the wall, and caught up by the rule of its kind."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.occurring import Occurrence, caught_up, due
from bot.playbook.schedule import Cron, EveryWeeks, Schedule, parse
from tests.people.slow_hours import ZONES, Wall, transitions

LISBON, NEW_YORK = "Europe/Lisbon", "America/New_York"


def at(text: str, zone: str = LISBON) -> datetime:
    """A moment as a clock in that zone shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def between(text: str, since: str, now: str, zone: str = LISBON, start: date | None = None) -> list[str]:
    """The readings that come due."""
    dates = {"pilot-start": date(2027, 2, 1)}
    found = due(parse(text), at(since, zone), at(now, zone), zone, "k", start=start, milestones=dates)
    return [o.key.removeprefix("k:") for o in found]


@pytest.mark.parametrize(
    ("text", "since", "now", "found"),
    [
        ("30 9 * * 2", "2027-03-01T00:00", "2027-03-07T00:00", ["2027-03-02T09:30"]),
        ("30 9 * * 2", "2027-03-02T09:30", "2027-03-07T00:00", []),
        ("30 9 * * 2", "2027-03-02T09:29", "2027-03-02T09:30", ["2027-03-02T09:30"]),
        ("0 8 29 2 *", "2028-02-28T00:00", "2028-03-02T00:00", ["2028-02-29T08:00"]),
        ("0 0 1 1 *", "2027-12-31T23:59", "2028-01-01T00:00", ["2028-01-01T00:00"]),
        ("0 9 13 * 5", "2027-08-10T00:00", "2027-08-14T00:00", ["2027-08-13T09:00"]),
        ("0 9 12 * 5", "2027-08-10T00:00", "2027-08-14T00:00", ["2027-08-12T09:00", "2027-08-13T09:00"]),
        ("14 days after pilot-start", "2027-02-14T00:00", "2027-02-16T00:00", ["2027-02-15T09:00"]),
        ("1 week before pilot-start", "2027-01-24T00:00", "2027-01-26T00:00", ["2027-01-25T09:00"]),
        ("1 week before another", "2027-01-24T00:00", "2027-01-26T00:00", []),
    ],
)
def test_what_is_due(text: str, since: str, now: str, found: list[str]) -> None:
    """After the last tick, up to this one."""
    assert between(text, since, now) == found


def test_every_n_weeks_counts_from_its_start() -> None:
    """From the first such weekday on or after it."""
    start = date(2027, 1, 6)  # a Wednesday
    days = [date(2027, 1, 1) + timedelta(days=n) for n in range(60)]

    found = [
        key
        for day in days
        for key in between(
            "every 3 weeks on Tuesday at 09:30", f"{day}T00:00", f"{day + timedelta(days=1)}T00:00", start=start
        )
    ]

    assert found == ["2027-01-12T09:30", "2027-02-02T09:30", "2027-02-23T09:30"]


def test_a_time_that_is_skipped_comes_at_the_next_minute_there_is_and_once() -> None:
    """Clocks in Lisbon go from one to two; two readings that fall on one moment are one occurrence."""
    found = due(parse("*/30 * * * *"), at("2027-03-28T00:30"), at("2027-03-28T02:30"), LISBON, "k")

    assert [(o.key, o.at.hour, o.at.minute) for o in found] == [
        ("k:2027-03-28T02:00", 1, 0),
        ("k:2027-03-28T02:30", 1, 30),
    ]


def test_a_time_that_comes_twice_is_due_once() -> None:
    """The first time."""
    found = due(
        parse("30 1 * * *"),
        datetime(2027, 11, 7, tzinfo=UTC),
        datetime(2027, 11, 8, tzinfo=UTC),
        NEW_YORK,
        "k",
    )

    assert [o.at for o in found] == [datetime(2027, 11, 7, 5, 30, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("kind", "missed_at", "now", "done"),
    [
        pytest.param("milestones", "2027-02-01T09:00", "2027-02-01T23:50", True, id="while its day lasts"),
        pytest.param("milestones", "2027-02-01T09:00", "2027-02-02T00:10", False, id="tomorrow it would be false"),
        pytest.param("digests", "2027-02-01T09:00", "2027-02-02T08:59", True, id="news for a day"),
        pytest.param("digests", "2027-02-01T09:00", "2027-02-02T09:01", False, id="the next one comes"),
        pytest.param("surveys", "2027-02-01T09:00", "2027-02-03T09:00", True, id="a round opens late"),
        pytest.param("surveys", "2027-02-01T09:00", "2027-02-04T09:01", False, id="not half a week late"),
        pytest.param("anything", "2027-02-01T09:00", "2027-02-02T08:00", True, id="else within a day"),
    ],
)
def test_what_was_missed_is_caught_up_by_the_rule_of_its_kind(kind: str, missed_at: str, now: str, done: bool) -> None:
    """Nobody was there at the time."""
    missed = Occurrence("k", datetime.fromisoformat(missed_at), at(missed_at).astimezone(UTC))

    assert (caught_up(kind, [missed], at(now), LISBON) == missed) is done


def test_of_several_that_were_missed_only_the_last_is_done() -> None:
    """They would say the same."""
    found = due(parse("0 9 * * *"), at("2027-02-01T00:00"), at("2027-02-03T10:00"), LISBON, "k")

    last = caught_up("surveys", found, at("2027-02-03T10:00"), LISBON)

    assert len(found) == 3
    assert last is not None
    assert last.key == "k:2027-02-03T09:00"


def test_nobody_is_reminded_of_what_is_past() -> None:
    """However little late it is."""
    missed = due(parse("0 9 * * *"), at("2027-02-01T08:00"), at("2027-02-01T10:00"), LISBON, "k")
    over, soon = at("2027-02-01T09:30"), at("2027-02-01T11:00")

    assert caught_up("reminders", missed, at("2027-02-01T10:00"), LISBON, past=over) is None
    assert caught_up("reminders", missed, at("2027-02-01T10:00"), LISBON, past=soon) is not None


def test_a_very_long_absence_does_not_make_a_very_long_tick() -> None:
    """Older than a week and a day is not even looked for."""
    found = due(parse("0 9 * * *"), at("2017-02-01T00:00"), at("2027-02-01T10:00"), LISBON, "k")

    assert len(found) == 8


SCHEDULES = ("30 1 * * *", "*/20 1-3 * * *", "15 2 * * 0", "0 0 29 2 *", "59 23 * * 6", "0 9 1 * 1")
WORDS = ("every 2 weeks on Sunday at 02:15", "every week on Saturday at 23:59")


@st.composite
def spans(draw: st.DrawFn) -> tuple[str, Schedule, list[datetime]]:
    """A zone, a schedule, and ticks at any distance around a change of the clock or the end of February."""
    zone = draw(st.sampled_from(ZONES))
    striking = [*transitions(zone, (2027, 2028)), datetime(2028, 2, 29, tzinfo=UTC)]
    first = draw(st.sampled_from(striking)) - timedelta(minutes=draw(st.integers(0, 1500)))
    steps = draw(st.lists(st.integers(1, 400), min_size=1, max_size=12))
    ticks = [first + timedelta(minutes=sum(steps[:n])) for n in range(len(steps) + 1)]
    return zone, parse(draw(st.sampled_from(SCHEDULES + WORDS))), ticks


def _matches(schedule: Schedule, reading: datetime) -> bool:
    weekday = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[reading.weekday()]
    match schedule:
        case Cron(minutes, hours, days, months, weekdays, either):
            on = (reading.day in days, weekday in weekdays)
            dated = (any(on) if either else all(on)) and reading.month in months
            return dated and reading.hour in hours and reading.minute in minutes
        case EveryWeeks(weeks, day, moment):
            monday_long_ago = date(1970, 1, 5)
            odd = (reading.date() - monday_long_ago).days // 7 % weeks
            return weekday == day and reading.time() == moment and odd == 0
    return False


def _by_looking_at_the_wall(schedule: Schedule, zone: str, since: datetime, now: datetime) -> list[datetime]:
    """Every minute: has the clock just come to, or over, a reading at which it is due?"""
    wall, found = Wall(zone, since - timedelta(days=2)), []
    while wall.moment < now:
        before = wall.latest
        wall.tick()
        passed = int((wall.latest - before) / timedelta(minutes=1))
        new = [wall.latest - timedelta(minutes=n) for n in range(passed)]
        if wall.moment > since and any(_matches(schedule, reading) for reading in new):
            found.append(wall.moment)
    return found


@settings(max_examples=60, deadline=None)
@given(spans())
def test_ticks_at_any_distance_find_each_occurrence_once(case: tuple[str, Schedule, list[datetime]]) -> None:
    """However the ticks fall, together they find exactly what somebody with an eye on the clock finds."""
    zone, schedule, ticks = case

    found = [o for n in range(1, len(ticks)) for o in due(schedule, ticks[n - 1], ticks[n], zone, "k")]

    assert [o.at for o in found] == _by_looking_at_the_wall(schedule, zone, ticks[0], ticks[-1])
    assert len({o.key for o in found}) == len(found)
    assert all(o.reading.time() == time(int(o.key[-5:-3]), int(o.key[-2:])) for o in found)
