"""The order of requests, and how long a word usually takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.messages import Place
from bot.requests.queue import ordered, usual_days
from bot.store.cases import Case
from bot.store.requests import Request

DAY = datetime(2027, 3, 1, 10, tzinfo=UTC)


def asked(number: int, value: str, effort: str, fit: str, days: int = 0) -> Request:
    case = Case(
        id=str(number),
        number=number,
        kind="request",
        initiative="crm",
        unit="",
        text="",
        asker=None,
        reply_to=Place("", "", ""),
        driver="none",
        severity=1,
        owner="",
        state="new",
        created_at=DAY + timedelta(days=days),
        due_at=DAY,
        answer="",
    )
    return Request(case, value, effort, fit)


def test_what_helps_more_then_what_takes_less_then_what_serves_a_goal_then_what_came_first() -> None:
    waiting = [
        asked(1, "some", "small", "calm"),
        asked(2, "must", "large", "none"),
        asked(3, "much", "large", "calm"),
        asked(4, "much", "small", "none"),
        asked(5, "much", "small", "calm", days=1),
        asked(6, "much", "small", "calm"),
        asked(7, "", "", ""),
    ]
    assert [one.case.number for one in ordered(reversed(waiting))] == [2, 6, 5, 4, 3, 1, 7]


@pytest.mark.parametrize(("took", "usual"), [([], None), ([2, 2], None), ([1, 3, 40], 3), ([0, 0, 0], 1)])
def test_the_usual_time_is_the_middle_one_of_enough(took: list[int], usual: int | None) -> None:
    decided = [
        replace(one, case=replace(one.case, decided_on=date(2027, 3, 1) + timedelta(days=days)))
        for days, one in zip(took, (asked(n, "some", "small", "calm") for n in range(9)), strict=False)
    ]
    assert usual_days(decided) == usual
