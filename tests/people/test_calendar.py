"""When one person works and what they read: their own wish, the directory, the unit, and what is usual."""

from __future__ import annotations

from datetime import date, time

import pytest

from bot.people.calendar import calendar_for, language_of
from bot.people.hours import Calendar
from bot.playbook.shared_files import Unit
from bot.store.people import PersonRecord

DESK = Unit.model_validate(
    {
        "id": "desk",
        "timezone": "Asia/Kolkata",
        "owner": "priya@example.com",
        "locale": "pt-BR",
        "country": "IN",
        "holidays": ["2027-01-26"],
        "working_days": ["mon", "sat"],
        "working_hours": {"from": "22:00", "to": "06:00"},
    }
)
UNITS = {"desk": DESK}
LISTED = PersonRecord(
    "k",
    unit="desk",
    timezone="Europe/Lisbon",
    working_days=("wed", "tue"),
    working_hours={"from": "08:00", "to": "16:30"},
)


def test_without_anything_said_the_unit_counts() -> None:
    """Zone, days, hours and holidays are those of the unit."""
    found = calendar_for(PersonRecord("k", unit="desk"), {}, UNITS)

    closed = frozenset({date(2027, 1, 26)})
    assert found == Calendar("Asia/Kolkata", ("mon", "sat"), time(22), time(6), closed, "IN")


def test_the_directory_comes_before_the_unit() -> None:
    """But holidays are the unit's."""
    found = calendar_for(LISTED, {}, UNITS)

    assert (found.zone, found.days, found.start, found.until) == (
        "Europe/Lisbon",
        ("tue", "wed"),
        time(8),
        time(16, 30),
    )
    assert found.country == "IN"


def test_what_the_person_set_comes_before_the_directory() -> None:
    """As `settings hours` keeps it."""
    found = calendar_for(LISTED, {"hours": "10:00-12:00"}, UNITS)

    assert (found.start, found.until, found.days) == (time(10), time(12), ("tue", "wed"))


@pytest.mark.parametrize("hours", ["", "10:00", "25:00-26:00", "10:00-11:00-12:00", "night-day"])
def test_what_is_no_span_of_hours_changes_nothing(hours: str) -> None:
    """Settings are text, and text can be anything."""
    assert calendar_for(LISTED, {"hours": hours}, UNITS) == calendar_for(LISTED, {}, UNITS)


def test_hours_are_assumed_only_where_nobody_named_them() -> None:
    """Then quiet hours apply."""
    stranger = PersonRecord("k", timezone="Europe/Lisbon")

    assert calendar_for(stranger, {}, UNITS) == Calendar("Europe/Lisbon", assumed=True)
    assert not calendar_for(stranger, {"hours": "09:00-17:00"}, UNITS).assumed
    assert not calendar_for(PersonRecord("k", unit="desk"), {}, UNITS).assumed


def test_a_zone_that_does_not_exist_counts_as_none() -> None:
    """A platform's profile can hold anything."""
    assert calendar_for(PersonRecord("k", timezone="Mars/Olympus", unit="desk"), {}, UNITS).zone == "Asia/Kolkata"
    assert calendar_for(PersonRecord("k", timezone="../etc/passwd"), {}, UNITS).zone == "UTC"


def test_the_language_is_chosen_listed_the_units_or_english() -> None:
    """In this order."""
    listed = PersonRecord("k", unit="desk", locale="de")

    assert language_of(listed, {"language": "es"}, DESK) == "es"
    assert language_of(listed, {}, DESK) == "de"
    assert language_of(PersonRecord("k", unit="desk"), {}, DESK) == "pt-BR"
    assert language_of(PersonRecord("k"), {}, None) == "en"
