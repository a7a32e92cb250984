"""What is said by the clock: to those who answer for a case, and to whoever waits for them. Pure.

Nobody is scolded, and nobody reads our own words for it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.cases.words import yours
from bot.messages import Card, Choice, quoted
from bot.store.case_clocks import Running
from bot.store.cases import Case
from bot.words import Words


def day_of(one: Running, at: datetime, zone: str) -> date:
    """The day of a moment for whoever reads it; without a name only the day is kept, as its end in UTC."""
    return at.astimezone(ZoneInfo(zone)).date() if one.asker else (at - timedelta(seconds=1)).astimezone(UTC).date()


def led(lead: str, card: Card) -> Card:
    """The card of a case with a sentence before it that says why it comes again."""
    return replace(card, body=f"{lead}\n\n{card.body}")


def promise_card(case: Case, card: Card, words: Words, today: date) -> Card:
    """Asks whether a promise holds, or once its day has passed whether it is kept. `card` is that of the case."""
    day = case.promised_for or today
    lead = words("case-late.promise-ahead" if today <= day else "case-late.promise-after", date=words.weekday(day))
    kept = Choice(words("case-late.kept-button"), f"case kept {case.number}", style="primary")
    later = Choice(words("case-late.later-button"), f"case later {case.number}")
    whole = Choice(words("case-late.see", number=case.number), f"case {case.number}")
    body = "\n\n".join((lead, quoted(case.answer))) if case.answer else lead
    return replace(card, body=body, facts=(), choices=(kept, later, whole))


def waits_card(case: Case, words: Words, names: tuple[str, str], passes: date | None, until: date) -> Card:
    """Tells whoever waits that they are not forgotten: who has it, and when they hear again.

    `names` are those of whoever has it now and of whoever is asked next, '' where nobody is; `passes` is the day that
    was promised where it is still to come.
    """
    name, following = names
    if passes is None:
        body = words("case-late.still", yours=yours(case, words), name=name, date=words.weekday(until))
    else:
        body = words(
            "case-late.today-next" if following else "case-late.today",
            yours=yours(case, words),
            name=name,
            next=following,
            due=words.weekday(passes),
            date=words.weekday(until),
        )
    return _with_the_case(case, words, body)


def goes_on_card(case: Case, words: Words, until: date) -> Card:
    """Tells whoever was asked something and did not answer that it goes on without that, and its new day."""
    return _with_the_case(
        case, words, words("case-late.goes-on-author", yours=yours(case, words), date=words.weekday(until))
    )


def _with_the_case(case: Case, words: Words, body: str) -> Card:
    see = Choice(words("case-late.see", number=case.number), f"case {case.number}")
    return Card(body=body, choices=(see,), locale=words.language)
