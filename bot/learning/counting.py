"""How a number of people is shown, so that it gives nobody away. Pure."""

from __future__ import annotations

from bot.words import Words

SHOWN_FROM = 5
"""Numbers of people are shown from here on; fewer are "a few"."""


def people(words: Words, count: int) -> str:
    """A number of people as it may be shown."""
    return words("learned.people", n=words.number(count)) if count >= SHOWN_FROM else words("learned.people-few")
