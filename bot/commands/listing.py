"""What the app listings of the platforms say one can say: the words and their help, in English."""

from __future__ import annotations

from bot.capabilities import LISTED
from bot.words import Words


def listed_commands() -> list[tuple[str, str]]:
    """Each word that can be typed, with its line of help, in the order in which `help` shows them."""
    words = Words("en")
    pairs = [(name, words(f"{name}.help").partition(": ")) for name in LISTED]
    return [(word, about) for _, (word, _, about) in pairs]
