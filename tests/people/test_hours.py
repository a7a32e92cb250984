"""When a promise in working days falls due: weekends, holidays, zones, shifts and clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.people.hours import Calendar, clock_shows, due_after

FIRST, LAST = datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2029-01-01")
LISBON, KOLKATA, SAO_PAULO = "Europe/Lisbon", "Asia/Kolkata", "America/Sao_Paulo"


def at(text: str, zone: str) -> datetime:
    """A moment as a clock in that zone shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("start", "days", "calendar", "due"),
    [
        pytest.param("2026-11-23T10:00", 3, Calendar(LISBON), "2026-11-26T17:00", id="within a week"),
        pytest.param("2026-11-26T23:00", 1, Calendar(LISBON), "2026-11-27T17:00", id="late in the evening"),
        pytest.param("2026-11-27T10:00", 1, Calendar(LISBON), "2026-11-30T17:00", id="over a weekend"),
        pytest.param("2026-11-30T10:00", 1, Calendar(LISBON, country="PT"), "2026-12-02T17:00", id="1 December"),
        pytest.param(
            "2026-12-23T10:00",
            2,
            Calendar(LISBON, country="PT", closed=frozenset({date(2026, 12, 24)})),
            "2026-12-29T17:00",
            id="Christmas with a day of one's own",
        ),
        pytest.param("2026-12-30T10:00", 2, Calendar(LISBON, country="PT"), "2027-01-04T17:00", id="year's end"),
        pytest.param("2028-02-28T10:00", 1, Calendar(LISBON), "2028-02-29T17:00", id="leap day"),
        pytest.param("2027-03-26T10:00", 1, Calendar(LISBON), "2027-03-29T17:00", id="the clock goes forward"),
        pytest.param(
            "2026-11-23T10:00",
            1,
            Calendar(KOLKATA, start=time(22), until=time(6)),
            "2026-11-25T06:00",
            id="a shift over midnight ends the day after",
        ),
        pytest.param(
            "2026-11-27T10:00", 1, Calendar(SAO_PAULO, days=("sat", "sun")), "2026-11-28T17:00", id="works at weekends"
        ),
    ],
)
def test_due_after(start: str, days: int, calendar: Calendar, due: str) -> None:
    """The end of work on the n-th working day, in the owner's zone."""
    assert due_after(at(start, calendar.zone), days, calendar) == at(due, calendar.zone)


def test_the_day_is_the_owners_day() -> None:
    """Asked on Monday night in São Paulo, it is Tuesday already in Kolkata: one working day ends on Wednesday."""
    asked = at("2026-11-23T22:00", SAO_PAULO)

    assert due_after(asked, 1, Calendar(KOLKATA)) == at("2026-11-25T17:00", KOLKATA)


def test_a_calendar_without_work_still_gives_a_due_time() -> None:
    """Nothing is ever without a clock."""
    closed = frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(900))

    assert due_after(at("2026-11-23T10:00", LISBON), 3, Calendar(LISBON, closed=closed)) > at(
        "2026-11-23T10:00", LISBON
    )


@given(
    st.datetimes(min_value=FIRST, max_value=LAST),
    st.integers(1, 15),
    st.sampled_from([LISBON, KOLKATA, SAO_PAULO, "America/New_York", "Pacific/Auckland"]),
)
def test_due_is_the_nth_working_day(moment: datetime, days: int, zone: str) -> None:
    """Counting by hand, day by day, gives the same."""
    start = moment.replace(tzinfo=ZoneInfo(zone))
    calendar = Calendar(zone)

    due = due_after(start, days, calendar)

    between = [start.date() + timedelta(days=n) for n in range(1, (due.date() - start.date()).days + 1)]
    assert sum(1 for day in between if day.weekday() < 5) == days
    assert due.date().weekday() < 5


@pytest.mark.parametrize(
    ("day", "reading", "zone", "utc"),
    [
        pytest.param("2027-03-28", "01:30", LISBON, "2027-03-28T01:00", id="skipped: the next minute that there is"),
        pytest.param("2027-10-31", "01:30", LISBON, "2027-10-31T00:30", id="twice: the first time"),
        pytest.param("2027-10-03", "02:15", "Australia/Lord_Howe", "2027-10-02T15:30", id="half an hour is skipped"),
        pytest.param("2018-11-04", "00:00", SAO_PAULO, "2018-11-04T03:00", id="midnight is skipped"),
        pytest.param("2011-12-30", "09:00", "Pacific/Apia", "2011-12-30T10:00", id="a whole day is skipped"),
        pytest.param("2028-02-29", "09:00", KOLKATA, "2028-02-29T03:30", id="an ordinary time"),
    ],
)
def test_what_a_clock_shows(day: str, reading: str, zone: str, utc: str) -> None:
    """A reading of the clock stands for one moment, also where clocks are changed."""
    found = clock_shows(date.fromisoformat(day), time.fromisoformat(reading), zone)

    assert found.astimezone(UTC) == datetime.fromisoformat(utc).replace(tzinfo=UTC)
