"""Dates as an iCalendar file (RFC 5545, with the name and refresh interval of RFC 7986). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from bot.following.dates import Entry

REFRESHED = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Dated:
    """An entry as calendars follow it: `sequence` grows with every change, the last of which was at `changed_at`."""

    entry: Entry
    sequence: int
    changed_at: datetime
    cancelled: bool = False


def ics(name: str, dates: Iterable[Dated], link: str = "") -> bytes:
    """The calendar of this name with these dates. Times of day are those of wherever the reader is."""
    made = Calendar()
    made.add("prodid", "-//Throughline//Dates//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("refresh-interval", REFRESHED, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT6H")
    if link:
        made.add("url", link)
    for one in dates:
        made.add_component(_event(one))
    return bytes(made.to_ical())


def _event(one: Dated) -> Event:
    entry, event = one.entry, Event()
    event.add("uid", entry.uid)
    event.add("sequence", one.sequence)
    event.add("dtstamp", one.changed_at)
    event.add("last-modified", one.changed_at)
    event.add("summary", entry.title)
    event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    event.add("dtstart", entry.begins)
    if isinstance(entry.begins, datetime):
        event.add("dtend", entry.begins + timedelta(minutes=entry.minutes))
    else:
        event.add("dtend", entry.begins + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    if entry.where:
        event.add("location", entry.where)
    if entry.text:
        event.add("description", entry.text)
    return event
