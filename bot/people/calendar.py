"""When one person works and in which language they read: what they set, then the directory, then their unit.

Pure: it reads no database; whoever knows the person and their settings hands them in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from typing import get_args
from zoneinfo import ZoneInfo

from bot.people.hours import Calendar, calendar_of
from bot.playbook.shared_files import Unit
from bot.playbook.values import Weekday
from bot.store.people import PersonRecord

# The names under which `settings` keeps these wishes.
HOURS_SETTING = "hours"
LANGUAGE_SETTING = "language"


def calendar_for(person: PersonRecord, settings: Mapping[str, str], units: Mapping[str, Unit]) -> Calendar:
    """The working time of a person. Hours: their own setting, else the directory, else their unit's; days: the
    directory, else the unit's; holidays: their unit's; zone: the directory, else the unit's, else UTC.

    Without all of these the usual hours are assumed.
    """
    unit = units.get(person.unit)
    calendar = replace(calendar_of(unit) if unit else Calendar(assumed=True), zone=zone_of(person, unit))
    if days := tuple(day for day in get_args(Weekday) if day in person.working_days):
        calendar = replace(calendar, days=days)
    start, until = _span(settings.get(HOURS_SETTING, "").split("-")) or _directory_hours(person) or (None, None)
    if start is None or until is None:
        return calendar
    return replace(calendar, start=start, until=until, assumed=False)


def zone_of(person: PersonRecord, unit: Unit | None) -> str:
    """The zone a person lives by. One that does not exist, as a platform's profile may name it, counts as none."""
    if person.timezone and _exists(person.timezone):
        return person.timezone
    return unit.timezone if unit else "UTC"


def language_of(person: PersonRecord, settings: Mapping[str, str], unit: Unit | None) -> str:
    """The locale in which a person is written to when they have said nothing: chosen, directory, unit, English."""
    return settings.get(LANGUAGE_SETTING, "") or person.locale or (unit.locale if unit else "") or "en"


def _exists(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except Exception:  # noqa: BLE001 - zoneinfo raises ValueError, KeyError, OSError and others for odd names
        return False
    return True


def _directory_hours(person: PersonRecord) -> tuple[time, time] | None:
    return _span([person.working_hours.get("from", ""), person.working_hours.get("to", "")])


def _span(texts: list[str]) -> tuple[time, time] | None:
    try:
        start, until = (time.fromisoformat(text) for text in texts)
    except ValueError:
        return None
    return start, until
