"""How exact a time is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta


def end_of_day(moment: datetime) -> datetime:
    """The midnight (UTC) after this moment: what is kept where the time of day would tell who it was."""
    day = moment.astimezone(UTC).date() + timedelta(days=1)
    return datetime.combine(day, time(), UTC)


def day(moment: datetime) -> date:
    """The day in UTC."""
    return moment.astimezone(UTC).date()


def monday(day: date) -> date:
    """The first day of the week that this day lies in."""
    return day - timedelta(days=day.weekday())
