"""What is done about a weak point, as far as time decides: when somebody is reminded, asked how it stands, and when
those who were asked are told. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bot.people.hours import Calendar
from bot.store.results import NAMED, OPEN, Action

TOLD_AFTER = 5
"""Working days after which those asked are told what came out, whether or not anybody has said what will be done."""
REMINDED_AFTER = 10
"""Working days without a word after which the project manager is reminded, and from then on again."""
ASKED_AGAIN_AFTER = 5
"""Working days after which whoever promised something is asked again how it stands."""
USUAL_DAYS = 28
"""Days that a form proposes for an action."""


def working_days(since: date, today: date, calendar: Calendar) -> int:
    """The working days after one day up to and including another."""
    days = (today - since).days
    return sum(calendar.counts(since + timedelta(days=n)) for n in range(1, days + 1))


def are_told(actions: Sequence[Action], closed_on: date, today: date, calendar: Calendar) -> bool:
    """Whether those who were asked are told now: something was said of every weak point, or it was waited for long
    enough."""
    if all(one.state != OPEN for one in actions):
        return True
    return working_days(closed_on, today, calendar) >= TOLD_AFTER


def is_reminded(action: Action, closed_on: date, today: date, calendar: Calendar) -> bool:
    """Whether the project manager is reminded today that nobody has said what will be done."""
    since = action.asked_on or closed_on
    return action.state == OPEN and working_days(since, today, calendar) >= REMINDED_AFTER


def is_asked(action: Action, today: date, calendar: Calendar) -> bool:
    """Whether whoever promised it is asked today how it stands: on its day, and again after some working days."""
    if action.state != NAMED or action.until is None or today < action.until:
        return False
    return action.asked_on is None or working_days(action.asked_on, today, calendar) >= ASKED_AGAIN_AFTER
