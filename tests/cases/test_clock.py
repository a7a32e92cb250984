"""The clocks of a case against a slow and obvious reference that walks from minute to minute, whatever the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import get_args
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cases.clock import Clocks, breached, clocks, digest_at, resumed, started, warn_at
from bot.people.hours import Calendar, work_between
from bot.playbook.initiative_file import Sla
from bot.playbook.values import Weekday

MINUTE = timedelta(minutes=1)
ZONES = (
    "Europe/Lisbon",
    "Asia/Kolkata",
    "America/Sao_Paulo",
    "America/New_York",
    "Pacific/Auckland",
    "Australia/Lord_Howe",
)
# Around these days clocks are changed somewhere, or a year ends.
DAYS = ("2027-03-14", "2027-03-28", "2027-04-04", "2027-09-26", "2027-10-03", "2027-10-31", "2027-11-07", "2027-12-31")
WEEK = get_args(Weekday)
YEARS = range(2026, 2030)
PUBLIC = {"": {}, **{country: holidays.country_holidays(country, years=YEARS) for country in ("PT", "DE")}}


@dataclass(frozen=True)
class Slow:
    """Every minute of some weeks around a moment, and which of them are worked. It shares nothing with the product but
    what a calendar says."""

    calendar: Calendar
    around: datetime
    before: int = 3
    after: int = 21

    @cached_property
    def first(self) -> datetime:
        return self.around.astimezone(UTC) - timedelta(days=self.before)

    @cached_property
    def readings(self) -> list[datetime]:
        """What the clock on the wall shows in each minute."""
        zone, minutes = ZoneInfo(self.calendar.zone), (self.before + self.after) * 24 * 60
        return [(self.first + MINUTE * n).astimezone(zone).replace(tzinfo=None) for n in range(minutes)]

    def is_a_working_day(self, day: date) -> bool:
        if day in self.calendar.closed or day in PUBLIC[self.calendar.country]:
            return False
        return WEEK[day.weekday()] in self.calendar.days

    def counts(self, day: date) -> bool:
        following = (day + timedelta(days=n) for n in range(366))
        return self.is_a_working_day(day) or not any(self.is_a_working_day(one) for one in following)

    @cached_property
    def shifts(self) -> list[tuple[date, int, int]]:
        """The day on which each begins, its first minute and the minute after its last."""
        found, at = [], 0
        day = self.readings[0].date() + timedelta(days=1)
        while day < self.readings[-1].date() - timedelta(days=1):
            ends = day + timedelta(days=self.calendar.until <= self.calendar.start)
            at = self._shows(datetime.combine(day, self.calendar.start), at)
            if self.counts(day):
                found.append((day, at, self._shows(datetime.combine(ends, self.calendar.until), at)))
            day += timedelta(days=1)
        return found

    def _shows(self, reading: datetime, at: int) -> int:
        while self.readings[at] < reading:
            at += 1
        return at

    @cached_property
    def worked(self) -> list[bool]:
        found = [False] * len(self.readings)
        for _, begin, end in self.shifts:
            found[begin:end] = [True] * (end - begin)
        return found

    def index(self, moment: datetime) -> int:
        return int((moment.astimezone(UTC) - self.first) / MINUTE)

    def after_work(self, moment: datetime, minutes: int) -> datetime:
        at = self.index(moment)
        while not self.worked[at] or minutes:
            minutes -= self.worked[at]
            at += 1
            if not minutes and self.worked[at - 1]:
                break
        return self.first + MINUTE * at

    def before_work(self, moment: datetime, minutes: int) -> datetime:
        at = self.index(moment)
        while minutes:
            at -= 1
            minutes -= self.worked[at]
        return self.first + MINUTE * at

    def between(self, start: datetime, end: datetime) -> int:
        return sum(self.worked[self.index(start) : max(self.index(end), self.index(start))])

    def end_of_work(self, moment: datetime, days: int) -> datetime:
        today = self.readings[self.index(moment)].date()
        ends = [end for day, _, end in self.shifts if day > today]
        return self.first + MINUTE * ends[days - 1]


calendars = st.builds(
    Calendar,
    zone=st.sampled_from(ZONES),
    days=st.one_of(
        st.just(WEEK[:5]),
        st.just(()),
        st.sets(st.sampled_from(WEEK), min_size=2).map(lambda some: tuple(d for d in WEEK if d in some)),
    ),
    start=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    until=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    closed=st.frozensets(st.sampled_from([date.fromisoformat(d) + timedelta(n) for d in DAYS for n in (0, 1, 2)])),
    country=st.sampled_from(["", "", "PT", "DE"]),
).filter(lambda one: one.shift >= timedelta(hours=3))
moments = st.builds(
    lambda day, minutes: datetime.fromisoformat(day).replace(tzinfo=UTC) + MINUTE * minutes,
    st.sampled_from(DAYS),
    st.integers(-4 * 24 * 60, 4 * 24 * 60),
)
slas = st.builds(
    Sla,
    acknowledge_hours=st.sampled_from([0.5, 2.0, 8.0, 9.25]),
    answer_days=st.integers(1, 4),
    stop_work_hours=st.sampled_from([0.25, 1.0, 2.0]),
)
severities = st.sampled_from([1, 2, 3])
many = settings(max_examples=30, deadline=None)


def promised(sla: Sla, severity: int) -> tuple[int, int]:
    """Minutes to the response and working days to the decision."""
    return (int(sla.stop_work_hours * 60), 1) if severity == 3 else (int(sla.acknowledge_hours * 60), sla.answer_days)


@many
@given(moments, calendars, slas, severities)
def test_both_clocks_count_working_time(opened: datetime, calendar: Calendar, sla: Sla, severity: int) -> None:
    slow = Slow(calendar, opened)
    minutes, days = promised(sla, severity)

    found = started(sla, severity, opened, calendar)

    assert found.respond_until == slow.after_work(opened, minutes)
    assert found.decide_until == slow.end_of_work(opened, days)


@many
@given(moments, calendars, slas)
def test_a_remark_counts_from_its_digest(opened: datetime, calendar: Calendar, sla: Sla) -> None:
    slow = Slow(calendar, opened)
    digest = next(slow.first + MINUTE * begin for _, begin, _ in slow.shifts if slow.first + MINUTE * begin > opened)

    found = clocks(sla, 1, opened, calendar)

    assert digest_at(opened, calendar) == digest
    assert found == Clocks(None, started(sla, 1, digest, calendar).decide_until)


@many
@given(moments, calendars, slas, severities, st.integers(0, 3 * 24 * 60), st.integers(0, 5 * 24 * 60))
def test_after_a_pause_there_is_as_much_time_as_there_was_before(
    opened: datetime, calendar: Calendar, sla: Sla, severity: int, waited: int, paused: int
) -> None:
    running = started(sla, severity, opened, calendar)
    since = opened + MINUTE * waited
    now = since + MINUTE * paused
    slow = Slow(calendar, opened, after=32)

    found = resumed(running, since, now, calendar)

    for was, becomes in ((running.respond_until, found.respond_until), (running.decide_until, found.decide_until)):
        assert was is not None
        assert becomes is not None
        if was <= since:
            assert becomes == was
            continue
        left = slow.between(since, was)
        assert slow.between(now, becomes) == left
        assert becomes == slow.after_work(now, left)
        assert work_between(since, was, calendar) == MINUTE * left


@many
@given(moments, calendars, slas, severities)
def test_a_warning_leaves_a_quarter_of_the_time(opened: datetime, calendar: Calendar, sla: Sla, severity: int) -> None:
    minutes, days = promised(sla, severity)
    slow = Slow(calendar, opened, before=16)
    running = started(sla, severity, opened, calendar)

    found = warn_at(running, sla, severity, calendar)

    respond, decide = found.respond_until, found.decide_until
    assert respond is not None
    assert running.respond_until is not None
    assert respond <= running.respond_until
    assert decide < running.decide_until
    assert minute(respond) == minute(slow.before_work(running.respond_until, -(-minutes // 4)))
    quarter = -(-int(calendar.shift / MINUTE) * days // 4)
    assert minute(decide) == minute(slow.before_work(running.decide_until, quarter))


def minute(moment: datetime) -> datetime:
    """The minute that a moment lies in; a quarter of an odd number of minutes ends within one."""
    return moment.replace(second=0, microsecond=0)


@many
@given(moments, calendars, slas, severities)
def test_a_clock_is_out_from_its_last_moment_on(opened: datetime, calendar: Calendar, sla: Sla, severity: int) -> None:
    running = started(sla, severity, opened, calendar)
    assert running.respond_until is not None
    ends = min(running.respond_until, running.decide_until)

    assert not breached(running, ends - MINUTE)
    assert breached(running, ends)


LISBON = Calendar("Europe/Lisbon", country="PT")


def at(text: str, zone: str = "Europe/Lisbon") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("opened", "severity", "calendar", "respond", "decide"),
    [
        pytest.param("2026-11-23T10:00", 2, LISBON, "2026-11-24T10:00", "2026-11-26T17:00", id="the usual case"),
        pytest.param("2026-11-23T10:00", 3, LISBON, "2026-11-23T12:00", "2026-11-24T17:00", id="work stops"),
        pytest.param("2026-11-27T16:30", 3, LISBON, "2026-11-30T10:30", "2026-11-30T17:00", id="friday afternoon"),
        pytest.param("2026-11-30T16:30", 2, LISBON, "2026-12-02T16:30", "2026-12-04T17:00", id="a holiday on tuesday"),
        pytest.param(
            "2026-11-23T23:00",
            2,
            Calendar("Europe/Lisbon", start=time(22), until=time(6)),
            "2026-11-24T23:00",
            "2026-11-27T06:00",
            id="at night",
        ),
        pytest.param(
            "2026-11-23T10:00",
            3,
            Calendar("Europe/Lisbon", days=()),
            "2026-11-23T12:00",
            "2026-11-24T17:00",
            id="nobody works there on any day: every day counts",
        ),
    ],
)
def test_examples(opened: str, severity: int, calendar: Calendar, respond: str, decide: str) -> None:
    assert started(Sla(), severity, at(opened), calendar) == Clocks(at(respond), at(decide))


def test_a_promise_of_a_thousand_years_still_ends() -> None:
    """Whatever a playbook says, nobody waits for a clock that never runs out."""
    found = started(Sla(acknowledge_hours=1e12, answer_days=10**9), 2, at("2026-11-23T10:00"), LISBON)

    assert found.respond_until is not None
    assert max(found.respond_until, found.decide_until) < at("2027-12-31T00:00")
