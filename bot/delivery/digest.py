"""One message instead of several that come at the same moment: what each is about, and a way to see it whole.

Pure; it knows no database and no platform.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.messages import Card, Choice, escape
from bot.words import Words

# A line that is longer is left to the whole message: cut, its markup would break.
LONGEST_LINE = 300


def digest(words: Words, parts: Mapping[str, Card]) -> Card:
    """The card for these parts, by delivery and in this order. Pressing a choice says `gathered` and the delivery."""
    shown = [_part(words, number, card) for number, card in enumerate(parts.values(), start=1)]
    choices = (
        Choice(words("gathered.show", number=number), f"gathered {delivery}")
        for number, delivery in enumerate(parts, start=1)
    )
    return Card(
        title=words.count("gathered.title", len(parts)),
        body="\n\n".join([words("gathered.lead"), *shown]),
        choices=tuple(choices),
        locale=words.language,
    )


def _part(words: Words, number: int, card: Card) -> str:
    line = next((text.strip() for text in card.body.splitlines() if text.strip()), "")
    line = line if len(line) <= LONGEST_LINE else ""
    title = escape(card.title) or ("" if line else words("gathered.untitled"))
    return f"**{number}. {title}**\n{line}".rstrip() if title else f"**{number}.** {line}"
