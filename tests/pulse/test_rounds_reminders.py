"""When those are asked once more who have not answered: by their own calendar, and never after the close."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.people.hours import Calendar
from bot.pulse.inviting import after_not_now, first_reminder, second_reminder
from bot.store.surveys import Round

TUESDAY = datetime(2027, 3, 16, 9, 30, tzinfo=ZoneInfo("Europe/Lisbon"))


def opened(at: datetime = TUESDAY, days: int = 7) -> Round:
    """A round that was opened then."""
    return Round(1, "tills", "mood", "h", "all-affected", 1.0, 1, 5, False, "Europe/Lisbon", at,
                 at + timedelta(days=days), "open", 6)  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "first", "second"),
    [
        ("Europe/Lisbon", "2027-03-19T09:00:00+00:00", "2027-03-22T09:00:00+00:00"),
        ("Europe/Berlin", "2027-03-19T08:00:00+00:00", "2027-03-22T08:00:00+00:00"),
        ("America/Sao_Paulo", "2027-03-19T12:00:00+00:00", "2027-03-22T12:00:00+00:00"),
        ("Asia/Kolkata", "2027-03-19T03:30:00+00:00", "2027-03-22T03:30:00+00:00"),
    ],
)
def test_the_third_and_the_fifth_day_where_they_are(zone: str, first: str, second: str) -> None:
    """The third day is a Friday; the fifth a Sunday, so that the second reminder comes on Monday."""
    calendar = Calendar(zone=zone)

    one = first_reminder(opened(), calendar)
    assert one is not None
    two = second_reminder(opened(), calendar, one)

    assert one.astimezone(UTC).isoformat() == first
    assert two is not None
    assert two.astimezone(UTC).isoformat() == second


def test_a_holiday_puts_it_off() -> None:
    """Nobody is reminded on their day off; and not twice on one day."""
    calendar = Calendar(closed=frozenset({date(2027, 3, 19)}))

    one = first_reminder(opened(), calendar)

    assert one is not None
    two = second_reminder(opened(), calendar, one)
    assert two is not None
    assert (one.date(), two.date()) == (date(2027, 3, 22), date(2027, 3, 23))


def test_none_after_the_close() -> None:
    """A round of three days has no reminder on the third day after its hour, one of four has one."""
    assert first_reminder(opened(days=2), Calendar()) is None
    assert first_reminder(opened(days=4), Calendar()) is not None
    assert second_reminder(opened(days=5), Calendar(), TUESDAY + timedelta(days=3)) is None


def test_not_now_holds_for_two_working_days() -> None:
    """Asked again on the second working day after, in the morning; never for the fourth time."""
    friday = TUESDAY + timedelta(days=3)

    assert after_not_now(opened(days=14), Calendar(), friday, 0, None) == datetime(
        2027, 3, 23, 9, tzinfo=ZoneInfo("UTC")
    )
    assert after_not_now(opened(days=14), Calendar(), friday, 1, None) is not None
    assert after_not_now(opened(days=14), Calendar(), friday, 2, None) is None
    assert after_not_now(opened(days=6), Calendar(), friday, 0, None) is None


def test_not_now_never_brings_a_reminder_sooner() -> None:
    """Whoever puts it off on the first day is asked on the third one like everybody else, and not on the second."""
    round = opened(days=14)

    assert after_not_now(round, Calendar(), TUESDAY, 0, first_reminder(round, Calendar())) == first_reminder(
        round, Calendar()
    )
