"""What is due of a case at a moment: a warning, a step up, a reminder, a word to whoever waits. Pure.

It decides by the clocks alone; who is there, and what was done already, is handed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from bot.cases.clock import PAUSED_AT_MOST, Clocks, breached, warn_at
from bot.people.hours import Calendar, before_work, due_after
from bot.playbook.initiative_file import Sla
from bot.store.case_clocks import Running

FORGOTTEN_DAYS = 5
"""After so many working days in which nothing happened a case that somebody has seen comes back to them."""
DAY, WEEK = timedelta(days=1), timedelta(days=7)
WEEKLY_DAYS = 5
"""Working days between two reminders where nobody is left to go up to."""

What = Literal["hand-over", "late", "warn-respond", "warn-decide", "forgotten", "unanswered", "waits", "promised"]


@dataclass(frozen=True, slots=True)
class Step:
    """Something that is due. `key` is noted when it is done, so that it is done once; without one, what it changes in
    the case says that it is done."""

    what: What
    key: str = ""


def clocks_of(one: Running) -> Clocks:
    """The two clocks of a case."""
    return Clocks(one.respond_until, one.due_at)


def steps(one: Running, sla: Sla, calendar: Calendar, now: datetime) -> Iterator[Step]:
    """What is due of a case now, by the calendar of whoever answers for it. Whoever was away for days catches up with
    the last of it: of a case that is late nobody is warned any more."""
    if without_owner(one, now):
        yield Step("hand-over")
    elif one.paused_since is not None:
        if one.asked_back and one.paused_since <= now - PAUSED_AT_MOST:
            yield Step("unanswered")
    elif breached(clocks_of(one), now):
        yield Step("late")
    else:
        yield from _ahead(one, sla, calendar, now)


def without_owner(one: Running, now: datetime) -> bool:
    """Whether somebody else has to answer for it. On the day on which its owner left, whoever decides is asked to whom
    an open question goes; what hurts does not wait for that."""
    left_today = one.owner_left is not None and one.owner_left >= now.date()
    return not one.owner_there and not (one.kind == "question" and left_today)


def _ahead(one: Running, sla: Sla, calendar: Calendar, now: datetime) -> Iterator[Step]:
    warned = _warned_from(clocks_of(one), sla.model_dump_json(), one.severity, calendar)
    if one.respond_until and warned.respond_until and warned.respond_until <= now:
        yield Step("warn-respond", f"case-warned:{one.id}:respond:{one.respond_until:%Y%m%dT%H%M}")
    elif warned.decide_until <= now:
        yield Step("warn-decide", f"case-warned:{one.id}:decide:{one.due_at:%Y%m%dT%H%M}")
    elif is_forgotten(one, calendar, now):
        yield Step("forgotten")
    if told_before(one.due_at, calendar) <= now:
        yield Step("waits", f"{waits_prefix(one)}{one.due_at:%Y%m%dT%H%M}")
    elif one.escalated and one.created_at + WEEK <= now < one.due_at - DAY:
        yield Step("waits", f"{waits_prefix(one)}{now.date()}")


@lru_cache(maxsize=32_768)
def _warned_from(clocks: Clocks, sla: str, severity: int, calendar: Calendar) -> Clocks:
    return warn_at(clocks, Sla.model_validate_json(sla), severity, calendar)


@lru_cache(maxsize=32_768)
def told_before(due_at: datetime, calendar: Calendar) -> datetime:
    """From when on whoever waits is told that the day may pass without a decision: a quarter of it is left."""
    return before_work(due_at, calendar.shift / 4, calendar)


def is_forgotten(one: Running, calendar: Calendar, now: datetime) -> bool:
    """Whether somebody has seen it and nothing has happened for days."""
    if one.state not in ("acknowledged", "in-progress") or one.last_at is None or now - one.last_at < WEEK:
        return False
    return due_after(one.last_at, FORGOTTEN_DAYS, calendar) <= now


def waits_prefix(one: Running) -> str:
    """How the keys begin under which it is noted that whoever waits was told so."""
    return f"case-waits:{one.id}:"


def next_up(ladder: Iterable[tuple[int, str]], one: Running) -> tuple[int, str] | None:
    """The next step up: how far, and whose address; None where nobody is left. `ladder` are those above who are there,
    in their order. Whoever has the case already is passed over."""
    return next(((level, who) for level, who in ladder if level > one.escalated and who != one.owner), None)


PROMISE_ASKED = 2
"""So many working days before a promised day its owner is asked whether it holds."""


def promise_step(one: Running, calendar: Calendar, now: datetime) -> Step | None:
    """What is due of a promise: its owner is asked before the day, and from the first working day after it on weekly
    whether it is done. One question stands for all that were missed."""
    day, today = one.promised_for, now.astimezone(ZoneInfo(calendar.zone)).date()
    if day is None or today < _working_day(day, -PROMISE_ASKED, calendar):
        return None
    if today <= day:
        return Step("promised", f"case-promise:{one.id}:{day}:ahead")
    after = _working_day(day, 1, calendar)
    return Step("promised", f"case-promise:{one.id}:{day}:{(today - after) // WEEK}") if after <= today else None


def _working_day(day: date, count: int, calendar: Calendar) -> date:
    """The n-th working day after this one, or before it."""
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= calendar.counts(day)
    return day
