"""When a message may reach somebody: in their working time, in their zone, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.moment import LAST_MINUTES, right_moment
from bot.people.hours import WEEKDAYS, Calendar
from bot.playbook.values import Hours, Weekday
from tests.people.slow_hours import ZONES, Worker, first_right_minute, transitions

LISBON, KOLKATA, SAO_PAULO, NEW_YORK = "Europe/Lisbon", "Asia/Kolkata", "America/Sao_Paulo", "America/New_York"
NIGHT = Calendar(KOLKATA, days=WEEKDAYS, start=time(22), until=time(6))
QUIET = (Hours.model_validate({"from": "19:00", "to": "07:00"}),)
YEARS = (2026, 2027, 2028, 2029)
# Clocks are changed at such times.
NIGHTLY = (time(0), time(1, 30), time(1, 45), time(2), time(2, 15), time(2, 30), time(3))


def at(text: str, zone: str) -> datetime:
    """A moment as a clock in that zone shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("earliest", "calendar", "moment"),
    [
        pytest.param("2026-11-23T10:07", Calendar(LISBON), "2026-11-23T10:07", id="now"),
        pytest.param("2026-11-23T06:00", Calendar(LISBON), "2026-11-23T09:00", id="before work"),
        pytest.param("2026-11-23T16:50", Calendar(LISBON), "2026-11-23T16:50", id="just in time"),
        pytest.param("2026-11-23T16:51", Calendar(LISBON), "2026-11-24T09:00", id="in the last minutes"),
        pytest.param("2026-11-27T18:00", Calendar(LISBON), "2026-11-30T09:00", id="over the weekend"),
        pytest.param("2026-11-30T18:00", Calendar(LISBON, country="PT"), "2026-12-02T09:00", id="a public holiday"),
        pytest.param(
            "2026-11-30T18:00",
            Calendar(LISBON, country="PT", closed=frozenset({date(2026, 12, 2)})),
            "2026-12-03T09:00",
            id="and a day of the unit's own",
        ),
        pytest.param("2026-12-31T18:00", Calendar(LISBON, country="PT"), "2027-01-04T09:00", id="the year ends"),
        pytest.param("2028-02-28T18:00", Calendar(LISBON), "2028-02-29T09:00", id="a leap day"),
        pytest.param("2027-03-27T10:00", Calendar(LISBON), "2027-03-29T09:00", id="clocks go forward"),
        pytest.param("2026-11-23T12:00", NIGHT, "2026-11-23T22:00", id="before a night shift"),
        pytest.param("2026-11-24T03:00", NIGHT, "2026-11-24T03:00", id="in the middle of a night shift"),
        pytest.param(
            "2026-11-24T03:00",
            Calendar(KOLKATA, start=time(22), until=time(6), closed=frozenset({date(2026, 11, 24)})),
            "2026-11-24T03:00",
            id="a shift runs on into a holiday",
        ),
        pytest.param(
            "2026-11-21T03:00",
            Calendar(KOLKATA, start=time(22), until=time(6)),
            "2026-11-21T03:00",
            id="Friday's shift on Saturday",
        ),
        pytest.param(
            "2026-11-22T23:00",
            Calendar(KOLKATA, start=time(22), until=time(6)),
            "2026-11-23T22:00",
            id="no shift begins on Sunday",
        ),
        pytest.param(
            "2027-03-28T00:10",
            Calendar(LISBON, days=WEEKDAYS, start=time(1, 30), until=time(6)),
            "2027-03-28T02:00",
            id="work begins at a time that is skipped",
        ),
        pytest.param(
            "2026-11-23T09:00",
            Calendar(LISBON, days=WEEKDAYS, start=time(9), until=time(9)),
            "2026-11-23T09:00",
            id="24 h",
        ),
    ],
)
def test_the_right_moment(earliest: str, calendar: Calendar, moment: str) -> None:
    """It is the first moment of working time."""
    assert right_moment(at(earliest, calendar.zone), calendar, QUIET) == at(moment, calendar.zone).astimezone(UTC)


def test_a_time_that_comes_twice_is_meant_the_first_time() -> None:
    """Clocks in New York are put back at two; a shift that begins at half past one begins once."""
    calendar = Calendar(NEW_YORK, days=WEEKDAYS, start=time(1, 30), until=time(3))
    first, second = (datetime(2027, 11, 7, hour, 30, tzinfo=UTC) for hour in (5, 6))

    assert right_moment(first - timedelta(hours=1), calendar) == first
    assert right_moment(second, calendar) == second  # the shift is on


def test_quiet_hours_do_not_apply_to_own_hours_but_to_assumed_ones() -> None:
    """Who works at night is written to at night; whose hours nobody knows is spared."""
    late = (Hours.model_validate({"from": "08:00", "to": "14:00"}),)
    nine = at("2026-11-23T09:00", LISBON)

    assert right_moment(nine, Calendar(LISBON), late) == nine
    assert right_moment(nine, Calendar(LISBON, assumed=True), late) == at("2026-11-23T14:00", LISBON)


def test_somebody_without_working_days_is_written_to_on_any_day_outside_quiet_hours() -> None:
    """Nothing waits for ever."""
    never = Calendar(LISBON, days=(), start=time(6), until=time(12))
    sunday = at("2026-11-22T03:00", LISBON)

    assert right_moment(sunday, never, QUIET) == at("2026-11-22T07:00", LISBON)


def test_where_quiet_hours_leave_nothing_the_hours_of_the_calendar_count() -> None:
    """Two initiatives together can make every hour quiet."""
    always = (*QUIET, Hours.model_validate({"from": "07:00", "to": "19:00"}))
    sunday = at("2026-11-22T03:00", LISBON)

    assert right_moment(sunday, Calendar(LISBON, days=()), always) == at("2026-11-22T09:00", LISBON)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any hours on some days, with some days off."""
    times = st.one_of(st.times().map(lambda any: any.replace(second=0, microsecond=0)), st.sampled_from(NIGHTLY))
    days: list[Weekday] = draw(st.lists(st.sampled_from(WEEKDAYS), min_size=2, unique=True))
    zone = draw(st.sampled_from(ZONES))
    off = draw(st.sets(st.integers(0, 9), max_size=4))
    closed = frozenset(_near(draw, zone).date() + timedelta(days=n) for n in off)
    return Calendar(zone, tuple(days), draw(times), draw(times), closed, assumed=draw(st.booleans()))


def _near(draw: st.DrawFn, zone: str) -> datetime:
    """A minute, often one around a change of the clock, or around the end of February or of a year."""
    striking = [*transitions(zone, YEARS), datetime(2027, 12, 31, tzinfo=UTC), datetime(2028, 2, 28, 12, tzinfo=UTC)]
    anywhere = st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2029-12-01"))
    around = st.integers(-2 * 1440, 1440).map(lambda minutes: timedelta(minutes=minutes))
    chosen = draw(st.one_of(st.sampled_from(striking), anywhere.map(lambda moment: moment.replace(tzinfo=UTC))))
    return (chosen + draw(around)).replace(second=0, microsecond=0)


@st.composite
def cases(draw: st.DrawFn) -> tuple[datetime, Calendar, tuple[Hours, ...]]:
    """When it could be sent, to whom, and when it is quiet."""
    calendar = draw(calendars())
    earliest = _near(draw, calendar.zone)
    if draw(st.booleans()):
        end = calendar.end_of(earliest.astimezone(ZoneInfo(calendar.zone)).date()).astimezone(UTC)
        earliest = end - timedelta(minutes=draw(st.integers(0, 12)))
    return earliest, calendar, draw(st.sampled_from([(), QUIET]))


def _agrees(earliest: datetime, calendar: Calendar, quiet: tuple[Hours, ...]) -> None:
    worker = Worker(
        calendar.zone,
        lambda day: WEEKDAYS[day.weekday()] in calendar.days and day not in calendar.closed,
        calendar.start,
        calendar.until,
        tuple((hours.start, hours.until) for hours in quiet) if calendar.assumed else (),
    )
    minutes = int(LAST_MINUTES / timedelta(minutes=1))
    expected = first_right_minute(worker, earliest, 9, minutes)

    found = right_moment(earliest, calendar, quiet)

    if expected is None:
        # Further away than was looked for, or quiet hours leave nothing of the shift.
        assert found >= earliest
        assert found > earliest + timedelta(days=8) or calendar.assumed
    else:
        assert found == expected


@settings(max_examples=40, deadline=None)
@given(cases())
def test_counting_minutes_gives_the_same(case: tuple[datetime, Calendar, tuple[Hours, ...]]) -> None:
    """A slow and obvious reference agrees, around changes of the clock above all."""
    _agrees(*case)


@pytest.mark.soak
@settings(max_examples=5_000, deadline=None)
@given(cases())
def test_counting_minutes_gives_the_same_for_long(case: tuple[datetime, Calendar, tuple[Hours, ...]]) -> None:
    """The same, for much longer."""
    _agrees(*case)
