"""Schedules and conditions as words and as cron, and what never comes true."""

from __future__ import annotations

from datetime import time

import pytest

from bot.playbook.conditions import Condition, NotACondition, parse_condition, parse_rule
from bot.playbook.schedule import Cron, EveryWeeks, FromMilestone, NotASchedule, is_interval, parse


@pytest.mark.parametrize(
    ("text", "weekdays"),
    [
        ("30 9 * * 2", ("tue",)),
        ("30 9 * * 0", ("sun",)),
        ("30 9 * * 7", ("sun",)),
        ("30 9 * * 1-5", ("mon", "tue", "wed", "thu", "fri")),
        ("30 9 * * 5-7", ("fri", "sat", "sun")),
        ("30 9 * * 0-2", ("mon", "tue", "sun")),
        ("30 9 * * mon,FRI", ("mon", "fri")),
        ("30 9 * * 1/2", ("mon", "wed", "fri", "sun")),
        ("30 9 * * *", ("mon", "tue", "wed", "thu", "fri", "sat", "sun")),
    ],
)
def test_weekdays_are_those_of_crontab(text: str, weekdays: tuple[str, ...]) -> None:
    found = parse(text)
    assert isinstance(found, Cron)
    assert (found.minutes, found.hours, found.weekdays) == ((30,), (9,), weekdays)


def test_the_other_fields_of_cron() -> None:
    found = parse("*/20 8-10,14 1 jan-mar *")
    assert isinstance(found, Cron)
    assert (found.minutes, found.hours, found.days, found.months) == ((0, 20, 40), (8, 9, 10, 14), (1,), (1, 2, 3))
    assert not found.either


def test_a_day_and_a_weekday_are_alternatives_as_in_crontab() -> None:
    first, second = parse("0 8 1 * 1"), parse("0 8 31 2 1")
    assert isinstance(first, Cron)
    assert isinstance(second, Cron)
    assert first.either
    assert second.either


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("every 3 weeks on Tuesday at 09:30", EveryWeeks(3, "tue", time(9, 30))),
        ("Every  2  weeks on wednesday at 9:05", EveryWeeks(2, "wed", time(9, 5))),
        ("every week on fri at 17:00", EveryWeeks(1, "fri", time(17))),
        ("14 days after pilot-start", FromMilestone(14, "pilot-start")),
        ("1 day before go-live", FromMilestone(-1, "go-live")),
        ("2 weeks after go-live", FromMilestone(14, "go-live")),
        ("0 days after go-live", FromMilestone(0, "go-live")),
    ],
)
def test_schedules_in_words(text: str, meant: object) -> None:
    assert parse(text) == meant


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "write a schedule as"),
        ("* * * *", "write a schedule as"),
        ("0 9 * * * *", "write a schedule as"),
        ("@weekly", "write a schedule as"),
        ("60 9 * * *", "the minute '60'"),
        ("0 24 * * *", "the hour '24'"),
        ("0 9 0 * *", "the day '0'"),
        ("0 9 * 13 *", "the month '13'"),
        ("0 9 * * 8", "the weekday '8'"),
        ("0 9 * * tues", "the weekday 'tues'"),
        ("0 9 * * 5-1", "runs backwards"),
        ("*/0 9 * * *", "step of the minute '0'"),
        ("1,,2 9 * * *", "the minute ''"),
        ("0 9 31 2 *", "never comes"),
        ("0 9 30-31 feb *", "never comes"),
        ("0 9 31 4,6,9,11 *", "never comes"),
        ("every 0 weeks on Tuesday at 09:30", "from 1 to 104"),
        ("every 3 weeks on Someday at 09:30", "no weekday"),
        ("every 3 weeks on Tuesday at 24:30", "no time of day"),
        ("9999 days after go-live", "too far"),
        ("\u0663 days after go-live", "write a schedule as"),
        ("x" * 100_000, "write a schedule as"),
    ],
)
def test_what_is_no_schedule(text: str, message: str) -> None:
    with pytest.raises(NotASchedule, match=message.replace("*", r"\*").replace("(", r"\(")):
        parse(text)


@pytest.mark.parametrize("text", ["0 9 29 2 *", "0 9 31 1,2 *", "0 9 30 4 *"])
def test_rare_days_do_come(text: str) -> None:
    assert isinstance(parse(text), Cron)


def test_lengths_of_time() -> None:
    assert all(is_interval(text) for text in ("12 months", "1 year", "2 weeks", "30 Days"))
    assert not any(is_interval(text) for text in ("0 months", "yearly", "12", "12 moons", ""))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("<= 2", Condition("<=", 2.0)),
        (">4.5", Condition(">", 4.5)),
        ("== 3", Condition("=", 3.0)),
        ("= not at all", Condition("=", "not at all")),
        ("!= no", Condition("!=", "no")),
    ],
)
def test_conditions(text: str, meant: Condition) -> None:
    assert parse_condition(text) == meant
    assert parse_rule(f"can-do {text}") == ("can-do", meant)


@pytest.mark.parametrize("text", ["", "2", "about 2", "< many", "<", "=> 2"])
def test_what_is_no_condition(text: str) -> None:
    with pytest.raises(NotACondition):
        parse_condition(text)


@pytest.mark.parametrize("text", ["", "< 3", "Can-Do < 3", "can-do", "can do < 3"])
def test_what_is_no_rule(text: str) -> None:
    with pytest.raises(NotACondition):
        parse_rule(text)
