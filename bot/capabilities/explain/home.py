"""What a person's own page shows of the initiatives: what changes for their unit, and the next dates. Pure."""

from __future__ import annotations

from bot.capabilities.explain.dates import concerns, milestone_line, upcoming
from bot.capabilities.explain.show import lines, paragraphs, short_name, untranslated
from bot.capabilities.explain.topics import first_sentence
from bot.messages import Card, Choice
from bot.playbook.access import roles
from bot.playbook.model import Initiative
from bot.turn import Reader

MOST_INITIATIVES = 5
NEXT_DATES = 3


def home(reader: Reader) -> tuple[Card, ...]:
    """One card for each initiative that affects the reader's unit or in which they have a part, with its next dates."""
    words = reader.words
    if reader.viewer.outsider:
        return (Card(body=words("guest.only-public"), locale=words.language),)
    mine = [i for i in reader.initiatives() if reader.unit_in(i) or roles(reader.viewer, i) - {"employee", "admin"}]
    if not mine:
        return (Card(body=words("home.nothing"), locale=words.language),)
    return tuple(_mine(reader, initiative) for initiative in mine[:MOST_INITIATIVES])


def _mine(reader: Reader, initiative: Initiative) -> Card:
    words, text, unit = reader.words, initiative.text(reader.words.locale), reader.unit_in(initiative)
    affected = next((u for u in text.units if u.id == unit), None)
    coming = [m for m in upcoming(reader, text) if not unit or concerns(m, unit, text)][:NEXT_DATES]
    dates = f"**{words('home.next')}**\n{lines(milestone_line(reader, m) for m in coming)}" if coming else ""
    choices = tuple(Choice(words(f"{word}.button"), f"{word} {initiative.id}") for word in ("changes", "when", "why"))
    return Card(
        title=short_name(text),
        body=paragraphs(
            untranslated(reader, initiative), first_sentence(affected.changes if affected else text.summary), dates
        ),
        choices=(*choices, Choice(words("concern.form-title"), f"concern {initiative.id}")),
        locale=words.language,
    )
