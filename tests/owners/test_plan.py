"""The rules of when an owner is asked, and until when their word is needed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.milestones.standing import standings
from bot.owners import plan
from bot.people.hours import Calendar
from tests.delivery.organisation import initiative

LISBON = Calendar(zone="Europe/Lisbon")
DECIDED = date(2027, 3, 26)  # a Friday


@pytest.mark.parametrize(
    ("today", "until"),
    [
        (date(2027, 3, 11), None),  # eleven working days before
        (date(2027, 3, 12), date(2027, 3, 23)),
        (date(2027, 3, 13), None),  # a Saturday
        (date(2027, 3, 22), date(2027, 3, 23)),
        (date(2027, 3, 23), date(2027, 3, 24)),  # became known late: the next working day
        (date(2027, 3, 24), date(2027, 3, 25)),
        (date(2027, 3, 25), None),  # nobody could change anything any more
    ],
)
def test_a_word_is_asked_for_while_something_can_be_changed(today: date, until: date | None) -> None:
    assert plan.word_until(DECIDED, LISBON, today) == until


def test_holidays_do_not_count() -> None:
    closed = Calendar(zone="Europe/Lisbon", closed=frozenset({date(2027, 3, 24)}))
    assert plan.word_until(DECIDED, closed, date(2027, 3, 11)) == date(2027, 3, 22)


def test_a_calendar_without_working_days_asks_nobody_and_does_not_hang() -> None:
    never = Calendar(days=())
    assert [plan.word_until(DECIDED, never, DECIDED - timedelta(days=n)) for n in range(30)] == [None] * 30


def test_what_is_open_is_what_lies_ahead_and_is_not_decided_or_done() -> None:
    crm = initiative(
        "crm",
        ["sales", "finance"],
        decisions=[
            {"id": "made", "what": "Made", "status": "made", "when": "2027-03-20"},
            {"id": "open", "what": "Open", "status": "open", "until": "2027-03-26"},
            {"id": "someday", "what": "Someday", "status": "open"},
            {"id": "past", "what": "Past", "status": "open", "until": "2027-03-01"},
        ],
        milestones=[
            {"id": "go", "name": "We go", "date": "2027-03-25", "owner": "pm@example.com", "units": ["sales"]},
            {"id": "far", "name": "Far", "date": "2027-12-01", "owner": "pm@example.com"},
        ],
    )
    found = plan.open_ones(crm, standings(crm, {}), date(2027, 3, 10))
    assert [(one.subject, one.units) for one in found] == [
        ("milestone:go", ("sales",)),
        ("decision:open", ("sales", "finance")),
    ]
