"""Words in four languages: plural forms, dates, distances, amounts, the organisation's own words."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.words import Words, supported

DAY = date(2027, 3, 15)


@pytest.mark.parametrize(
    ("locale", "day", "weekday"),
    [
        ("en", "15 March 2027", "Monday, 15 March"),
        ("pt-BR", "15 de março de 2027", "segunda-feira, 15 de março"),
        ("de", "15. März 2027", "Montag, 15. März"),
        ("es", "15 de marzo de 2027", "lunes, 15 de marzo"),
        ("da", "15 March 2027", "Monday, 15 March"),
    ],
)
def test_dates_are_written_as_people_write_them(locale: str, day: str, weekday: str) -> None:
    """A language we do not speak is answered in English as a whole, dates included."""
    assert (Words(locale).day(DAY), Words(locale).weekday(DAY)) == (day, weekday)


@pytest.mark.parametrize(
    ("then", "told"),
    [
        (date(2027, 3, 15), "today"),
        (date(2027, 3, 16), "tomorrow"),
        (date(2027, 3, 14), "yesterday"),
        (date(2027, 3, 24), "in 9 days"),
        (date(2027, 4, 12), "in 4 weeks"),
        (date(2027, 9, 15), "in 6 months"),
        (date(2027, 3, 1), "2 weeks ago"),
    ],
)
def test_how_far_away_a_day_is(then: date, told: str) -> None:
    """Days, then weeks, then months."""
    assert Words("en").away(then, DAY) == told


def test_a_moment_is_told_in_the_readers_zone() -> None:
    """The same moment is another hour and another day elsewhere."""
    moment = datetime(2027, 3, 15, 23, 30, tzinfo=UTC)

    assert Words("en", "Asia/Kolkata").moment(moment) == "Tuesday, 16 March, 05:00"
    assert Words("de", "Europe/Berlin").moment(moment) == "Dienstag, 16. März, 00:30"


def test_plural_forms() -> None:
    """One and many, in each language."""
    assert Words("en").count("settings.surveys", 1) != Words("en").count("settings.surveys", 2)
    assert "2" in Words("de").count("settings.dates", 2)


def test_amounts() -> None:
    """Whole amounts without cents, with the language's own marks."""
    assert Words("en").money(400_000, "EUR") == "€400,000"
    assert Words("de").money(1234.5, "EUR") == "1.234,50\xa0€"


def test_the_organisations_own_words() -> None:
    """What the policy calls a department is what people read."""
    assert "Team" in Words("en", own={"unit": "Team"})("welcome.privacy")


def test_a_missing_message_is_a_fault_of_ours() -> None:
    """It is never said as a key."""
    with pytest.raises(KeyError):
        Words("en")("no.such.message")


def test_locales_fall_back_to_their_language() -> None:
    """`pt-BR` and `pt_PT` are Portuguese; what we do not speak is nothing."""
    assert [supported(x) for x in ("pt-BR", "pt_PT", "de-CH", "fr", "")] == ["pt", "pt", "de", None, None]
