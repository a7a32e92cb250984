"""Explain: why something changes, what it means, when, who; and any question in one's own words.

Its capabilities only read, but for gaps and votes, which are kept without who asked or voted.
"""

from __future__ import annotations

from bot.capabilities.explain.answering import respond
from bot.capabilities.explain.asking import About, Ask, Missed, Standing
from bot.capabilities.explain.home import home
from bot.capabilities.explain.rating import Helpful, Reaction
from bot.capabilities.explain.reading import Lesson, More, Show
from bot.capabilities.explain.topics import TOPICS
from bot.turn import Capability

__all__ = ["CAPABILITIES", "Ask", "home", "respond"]

CAPABILITIES: tuple[Capability, ...] = (
    *(Standing(word) for word in TOPICS if word != "missed"),
    Missed(),
    About(),
    Show(),
    More(),
    Lesson(),
    Helpful("helpful"),
    Helpful("not-helpful"),
    Reaction(),
)
