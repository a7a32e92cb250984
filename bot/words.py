"""Words: what the bot says, in the reader's language, out of the message catalogues in `bot/locales`.

It knows no capability and no platform. A message that a language lacks is said in English as a whole, never mixed.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton, format_time, format_timedelta, get_month_names
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

LANGUAGES = ("en", "pt", "de", "es")
DAYS_BELOW = 14
WEEKS_BELOW = 60
FOLDER = Path(__file__).parent / "locales"


@cache
def catalogue(language: str) -> gettext.GNUTranslations:
    """The messages of one product language; symbolic keys such as `why.lead` are the message ids."""
    with (FOLDER / language / "messages.po").open("rb") as file:
        messages = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def supported(locale: str) -> str | None:
    """The product language for a locale (`pt-BR` and `pt_PT` are `pt`), or None."""
    language = locale.replace("_", "-").split("-")[0].lower()
    return language if language in LANGUAGES else None


@cache
def listed(key: str) -> tuple[str, ...]:
    """The entries of a `|` separated message such as the names of a command, of all languages together."""
    found: dict[str, None] = {}
    for language in LANGUAGES:
        text = catalogue(language).gettext(key)
        if text != key:
            found.update(dict.fromkeys(part.strip() for part in text.split("|") if part.strip()))
    return tuple(found)


@cache
def months() -> Mapping[str, int]:
    """The names of the months, whole and short, in all product languages, with the number of each."""
    names = (
        (name.rstrip(".").casefold(), number)
        for language in LANGUAGES
        for width in ("wide", "abbreviated")
        for number, name in get_month_names(width, locale=language).items()
    )
    return dict(names)


@dataclass(frozen=True, slots=True)
class Words:
    """Says messages in one language. `own` holds the organisation's own words, `zone` the reader's time zone."""

    locale: str = "en"
    zone: str = "UTC"
    own: Mapping[str, str] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The product language that messages come in."""
        return supported(self.locale) or "en"

    def __call__(self, key: str, **fields: object) -> str:
        """The message of this key with its fields filled in. KeyError if no language has it."""
        text = catalogue(self.language).gettext(key)
        if text == key:
            text = catalogue("en").gettext(key)
        if text == key:
            raise KeyError(f"no message {key!r} in any catalogue")
        return text.format(**self._own_words(), **fields)

    def count(self, key: str, n: int, **fields: object) -> str:
        """The message of this key in the plural form that `n` takes in this language; `n` is one of its fields."""
        text = catalogue(self.language).ngettext(key, key, n)
        if text == key:
            text = catalogue("en").ngettext(key, key, n)
        if text == key:
            raise KeyError(f"no message {key!r} in any catalogue")
        return text.format(n=n, **self._own_words(), **fields)

    def _own_words(self) -> dict[str, str]:
        messages = catalogue(self.language)
        return {
            "change_agent": self.own.get("change-agent") or messages.gettext("word-for.change-agent"),
            "unit_word": self.own.get("unit") or messages.gettext("word-for.unit"),
        }

    def day(self, day: date) -> str:
        """A date as people write it in this language, with the year: 3 November 2026."""
        return format_date(day, format="long", locale=self._babel)

    def moment(self, at: datetime) -> str:
        """A moment in the reader's zone: Monday, 3 November, 09:30."""
        local = at.astimezone(ZoneInfo(self.zone))
        return f"{self.weekday(local.date())}, {self.time(local)}"

    def weekday(self, day: date) -> str:
        """Weekday, day and month without the year: Thursday, 26 November."""
        pattern = {"en": "EEEE, d MMMM", "de": "EEEE, d. MMMM"}.get(self.language, "EEEE, d 'de' MMMM")
        return format_date(day, format=pattern, locale=self._babel)

    def short_day(self, day: date, today: date) -> str:
        """A date in a few letters for a picture: 3 Nov, with the year where it is another one than today's."""
        return format_skeleton("MMMd" if day.year == today.year else "yMMMd", day, locale=self._babel)

    def month(self, day: date) -> str:
        """The month of a day in a few letters."""
        return format_date(day, format="LLL", locale=self._babel)

    def time(self, at: datetime) -> str:
        """The time of day of `at`, in whatever zone it carries."""
        return format_time(at, format="short", locale=self._babel, tzinfo=at.tzinfo)

    def stamp(self, at: datetime) -> str:
        """Date and time in the reader's zone with the zone's short name, for details."""
        return format_datetime(at.astimezone(ZoneInfo(self.zone)), format="long", locale=self._babel)

    def away(self, day: date, today: date) -> str:
        """How far away a day is: today, tomorrow, in 3 weeks, 2 months ago."""
        distance = (day - today).days
        near = {0: "date.today", 1: "date.tomorrow", -1: "date.yesterday"}.get(distance)
        if near:
            return self(near)
        granularity: Literal["day", "week", "month"]
        granularity = "day" if abs(distance) < DAYS_BELOW else "week" if abs(distance) < WEEKS_BELOW else "month"
        return format_timedelta(
            day - today,
            granularity=granularity,
            threshold=100,
            add_direction=True,
            locale=self._babel,
        )

    def number(self, value: float) -> str:
        """A number as written in this language."""
        return format_decimal(value, locale=self._babel)

    def money(self, amount: float, currency: str) -> str:
        """An amount with its currency, without cents where there are none."""
        if not currency:
            return self.number(amount)
        whole = amount == int(amount)
        return format_currency(
            amount,
            currency,
            locale=self._babel,
            currency_digits=not whole,
            decimal_quantization=not whole,
        ).removesuffix(".00")

    def all_of(self, items: Sequence[str]) -> str:
        """Items joined as in running text: a, b and c."""
        return format_list(list(items), locale=self._babel) if items else ""

    @property
    def _babel(self) -> Locale:
        region = {"en": "en_GB", "pt": "pt_BR", "de": "de_DE", "es": "es_ES"}[self.language]
        return Locale.parse(region)
