"""When a survey is asked, as written in a playbook: cron, `every 3 weeks on Tuesday at 09:30`, days from a milestone.

Pure: it understands the text and refuses what can never come true. It knows no clock, no zone, no milestone's date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import get_args

from bot.playbook.values import Weekday

WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
CRON_FIELDS = 5
MOST_WEEKS = 104
MOST_DAYS = 3650
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CRON_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")  # crontab(5): 0 and 7 are Sunday
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FORMS = '"30 9 * * 2", "every 3 weeks on Tuesday at 09:30" or "14 days after pilot-start"'

_EVERY = re.compile(r"every (?:(\d{1,4}) )?weeks? on ([a-z]+) at (\d{1,2}):(\d{2})", re.ASCII)
_RELATIVE = re.compile(r"(\d{1,5}) (day|week)s? (after|before) ([a-z0-9-]+)", re.ASCII)
_INTERVAL = re.compile(r"([1-9]\d{0,2}) (day|week|month|year)s?", re.ASCII)


class NotASchedule(ValueError):
    """A text that names no time; the message says what to write."""


@dataclass(frozen=True, slots=True)
class Cron:
    """Local wall-clock times. With `either` a day matches by its date or by its weekday, else by both, as in crontab.

    Weekdays are names, because schedulers number them differently.
    """

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[Weekday, ...]
    either: bool = False


@dataclass(frozen=True, slots=True)
class EveryWeeks:
    """Every so many weeks on this weekday at this local time, counted from the first one on or after a start."""

    weeks: int
    weekday: Weekday
    at: time


@dataclass(frozen=True, slots=True)
class FromMilestone:
    """So many days after (negative: before) a milestone's date."""

    days: int
    milestone: str


Schedule = Cron | EveryWeeks | FromMilestone


def parse(text: str) -> Schedule:
    """The schedule that is written. Raises `NotASchedule` if it is none or can never come true."""
    words = " ".join(text[:200].split())
    plain = words.lower()
    if found := _EVERY.fullmatch(plain):
        return _every(*found.groups())
    if found := _RELATIVE.fullmatch(plain):
        number, step, side, milestone = found.groups()
        days = int(number) * (7 if step == "week" else 1)
        if days > MOST_DAYS:
            raise NotASchedule(f"{days} days from a milestone is too far; at most {MOST_DAYS}")
        return FromMilestone(days if side == "after" else -days, milestone)
    fields = plain.split(" ")
    if len(fields) == CRON_FIELDS and all(re.fullmatch(r"[\w*/,-]+", field) for field in fields):
        return _cron(fields)
    raise NotASchedule(f"write a schedule as {_FORMS}")


def is_interval(text: str) -> bool:
    """Whether the text is a length of time such as `12 months`."""
    return _INTERVAL.fullmatch(text.strip().lower()) is not None


def _every(weeks: str | None, day: str, hour: str, minute: str) -> EveryWeeks:
    count = int(weeks or 1)
    if not 1 <= count <= MOST_WEEKS:
        raise NotASchedule(f"every {count} weeks: write a number from 1 to {MOST_WEEKS}")
    weekday = next((name for name in WEEKDAYS if name == day or _long(name) == day), None)
    if weekday is None:
        raise NotASchedule(f"{day!r} is no weekday; write Monday to Sunday")
    try:
        return EveryWeeks(count, weekday, time(int(hour), int(minute)))
    except ValueError:
        raise NotASchedule(f"{hour}:{minute} is no time of day") from None


def _long(weekday: Weekday) -> str:
    return {"tue": "tues", "wed": "wednes", "thu": "thurs", "sat": "satur"}.get(weekday, weekday) + "day"


def _cron(fields: list[str]) -> Cron:
    minutes = _numbers(fields[0], 0, 59, "minute")
    hours = _numbers(fields[1], 0, 23, "hour")
    days = _numbers(fields[2], 1, 31, "day")
    months = _numbers(fields[3], 1, 12, "month", _MONTHS)
    numbers = {number % 7 for number in _numbers(fields[4], 0, 7, "weekday", _CRON_WEEKDAYS)}
    weekdays = tuple(day for day in WEEKDAYS if _CRON_WEEKDAYS.index(day) in numbers)
    either = not fields[2].startswith("*") and not fields[4].startswith("*")
    if not either and min(days) > max(_LONGEST_MONTHS[month - 1] for month in months):
        raise NotASchedule("the day does not exist in these months, so this never comes; change the day or the month")
    return Cron(minutes, hours, days, months, weekdays, either)


def _numbers(field: str, low: int, high: int, what: str, names: tuple[str, ...] = ()) -> tuple[int, ...]:
    """What one cron field stands for, in order; names count from `low`."""
    found: set[int] = set()
    for part in field.split(","):
        span, slash, step_text = part.partition("/")
        first_text, dash, last_text = span.partition("-")
        if span == "*":
            first, last = low, high
        else:
            first = _number(first_text, low, high, what, names)
            last = _number(last_text, low, high, what, names) if dash else high if slash else first
        step = _number(step_text, 1, max(high, 1), f"step of the {what}", ()) if slash else 1
        if first > last:
            raise NotASchedule(f"the {what} {part!r} runs backwards; write the smaller number first")
        found.update(range(first, last + 1, step))
    return tuple(sorted(found))


def _number(text: str, low: int, high: int, what: str, names: tuple[str, ...]) -> int:
    if text in names:
        return names.index(text) + low
    if re.fullmatch(r"[0-9]{1,4}", text) and low <= int(text) <= high:
        return int(text)
    raise NotASchedule(f"the {what} {text!r} is not a number from {low} to {high}; write a schedule as {_FORMS}")
