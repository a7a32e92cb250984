"""The day that somebody names in a few words, such as "3 November" or "03.11.". Pure."""

from __future__ import annotations

import re
from datetime import date

from bot.cues import plain
from bot.words import months

LONGEST = 60
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_NUMBERS = re.compile(r"\b(\d{1,2})[./](\d{1,2})(?:[./](\d{4})?)?(?![\d./])")
_DAY = r"(\d{1,2})(?:st|nd|rd|th|o)?"
_YEAR = r"(?:,? +(?:de +|del +)?(\d{4}))?"


def past_day(text: str, today: date) -> date | None:
    """The day before today that the text names, or None. Without a year it is the last such day; the day stands before
    the month where both are numbers."""
    said = " ".join(text.casefold().split())[:LONGEST]
    if found := _ISO.search(said):
        return _last(*map(int, found.groups()), today=today)
    if found := _NUMBERS.search(said):
        day, month, year = found.groups()
        return _last(int(year or 0), int(month), int(day), today=today)
    names = {plain(name): number for name, number in months().items()}
    folded = _folded(said)
    name = "(" + "|".join(sorted(map(re.escape, names), key=len, reverse=True)) + r")\b\.?"
    if found := re.search(rf"\b{_DAY}\.? +(?:de +|of +)?{name}{_YEAR}", folded):
        day, month_name, year = found.groups()
        return _last(int(year or 0), names[month_name], int(day), today=today)
    if found := re.search(rf"\b{name} +{_DAY}\b{_YEAR}", folded):
        month_name, day, year = found.groups()
        return _last(int(year or 0), names[month_name], int(day), today=today)
    return None


def _folded(text: str) -> str:
    """The text as `plain` compares it, but with its dots and commas."""
    return " ".join(re.sub(r"[\w']+", lambda word: plain(word[0]), text).split())


def _last(year: int, month: int, day: int, *, today: date) -> date | None:
    for one in (year,) if year else (today.year, today.year - 1):
        try:
            found = date(one, month, day)
        except ValueError:
            continue
        if found < today:
            return found
    return None
