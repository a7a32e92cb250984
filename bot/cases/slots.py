"""The few moments of a day at which what was said in confidence is passed on: no time of day tells who it was. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.playbook.shared_files import Unit

SLOTS = (time(9), time(12), time(15), time(18))
"""By the organisation's clock, every day."""
SATURDAY = 5
URGENT = 3
"""What is this bad is passed on at the next full hour."""


def zone_of(units: Mapping[str, Unit]) -> str:
    """The organisation's zone: that of most of its units."""
    found = Counter(unit.timezone for unit in units.values())
    return min(found, key=lambda zone: (-found[zone], zone), default="UTC")


def next_slot(now: datetime, severity: int, zone: str, working_days: bool = False) -> datetime:
    """The first slot after this moment, in UTC; with `working_days` the first from Monday to Friday."""
    if severity >= URGENT:
        return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    here = now.astimezone(ZoneInfo(zone))
    days = [here.date() + timedelta(days=n) for n in range(4)]
    moments = (
        datetime.combine(day, slot, ZoneInfo(zone)).astimezone(UTC)
        for day in days
        if not working_days or day.weekday() < SATURDAY
        for slot in SLOTS
    )
    return next(moment for moment in moments if moment > now)
