"""Which obligations of an initiative are met, and which of them keep surveys from beginning. Pure.

What is met is what somebody who answers for it has reported in chat, with its evidence. An obligation that repeats is
met for that long, and then has to be met anew.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

from bot.playbook.initiative_file import Obligation
from bot.playbook.model import Initiative
from bot.store.obligations import Met

_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}


def obligations_of(initiative: Initiative) -> tuple[Obligation, ...]:
    """The obligations that its playbook names."""
    governance = initiative.written.governance
    return governance.obligations if governance else ()


def met_until(obligation: Obligation, met_on: date) -> date | None:
    """The last day for which it is met if it was on this day; None where that holds for good."""
    parts = obligation.every.lower().split()
    if len(parts) != 2:  # noqa: PLR2004 - a number and its unit, as the checker demands
        return None
    count, unit = int(parts[0]), parts[1].removesuffix("s")
    if unit in _DAYS:
        return met_on + timedelta(days=count * _DAYS[unit] - 1)
    return _later(met_on, count * _MONTHS[unit]) - timedelta(days=1)


def is_met(obligation: Obligation, met: Mapping[str, Met], today: date) -> bool:
    """Whether it is met on this day."""
    found = met.get(obligation.id)
    if found is None:
        return False
    until = met_until(obligation, found.met_on)
    return until is None or today <= until


def blocking(
    initiative: Initiative, met: Mapping[str, Met], today: date, what: Literal["pulse", "learning"] = "pulse"
) -> tuple[Obligation, ...]:
    """The obligations that have to be met before this begins, and are not."""
    return tuple(one for one in obligations_of(initiative) if what in one.before and not is_met(one, met, today))


def _later(day: date, months: int) -> date:
    """The same day so many months later, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
