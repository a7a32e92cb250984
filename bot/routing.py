"""Routing: which capability a text is for. Command words are understood in all product languages.

Pure. What no command word claims is a question in somebody's own words.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.cues import phrases, plain
from bot.turn import Capability, Turn

QUIET = "settings quiet"


def route(text: str, turn: Turn, capabilities: Mapping[str, Capability]) -> tuple[Capability, str] | None:
    """The capability that a text is for and what stands behind the command word; None for a free question.

    A press or a form says the command word itself, so it is taken as it is; typed text only if the capability
    takes what stands behind the word.
    """
    if turn.said.how == "typed" and plain(text) in phrases("word.quiet"):
        text = QUIET
    name, _, rest = text.strip().partition(" ")
    capability = capabilities.get(name)
    if capability is not None and (turn.said.how != "typed" or capability.takes(rest.strip(), turn)):
        return capability, rest.strip()
    return _by_phrase(text, turn, capabilities) if turn.said.how == "typed" else None


def _by_phrase(text: str, turn: Turn, capabilities: Mapping[str, Capability]) -> tuple[Capability, str] | None:
    short = plain(text)
    claims = [
        (len(phrase), name, phrase)
        for name in capabilities
        for phrase in phrases(f"word.{name}")
        if short == phrase or short.startswith(phrase + " ")
    ]
    for _, name, phrase in sorted(claims, reverse=True):
        rest, commanded = _behind(text, phrase)
        # With a colon it is no question that happens to begin with the word.
        if capabilities[name].takes(rest.rstrip("? ") if commanded else rest, turn):
            return capabilities[name], rest
    return None


def _behind(text: str, phrase: str) -> tuple[str, bool]:
    """The rest of the text as typed, once the phrase is taken off its beginning; and whether a colon ended that."""
    parts = text.split()
    for count in range(1, len(parts) + 1):
        if plain(" ".join(parts[:count])) == phrase:
            rest = text.strip().split(maxsplit=count)[count] if count < len(parts) else ""
            return rest, parts[count - 1].endswith(":")
    return text.strip(), False
