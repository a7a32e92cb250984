"""A card with what belongs together, for whoever leads an initiative: shown among what waits for their word."""

from __future__ import annotations

from datetime import datetime

from bot.messages import Card, Choice, escape
from bot.store import Session
from bot.themes.reading import themes_of, title
from bot.words import Words

SHOWN = 5


def themes_card(tx: Session, words: Words, initiative: str, now: datetime, pages: bool) -> Card | None:
    """The themes of an initiative with most people, and a way to all of them where there are `pages`; None where no
    two people have said anything alike.
    """
    found = themes_of(tx, initiative, now, lambda one: one.people.number > 1 and bool(one.open), most=SHOWN)
    if not found:
        return None
    rows = (
        f"- **{escape(title(one, words))}** – {words('queue.theme-people', people=one.people.shown(words))}, "
        f"{words.count('queue.theme-open', one.open)}"
        for one in found
    )
    see = (Choice(words("themes.see"), "board queue"),) if pages else ()
    return Card(title=words("queue.themes"), body="\n".join(rows), choices=see, locale=words.language)
