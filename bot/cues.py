"""Cues: phrases by which a message is recognised as a command, a greeting, a fault, a matter for a person.

The phrases of all product languages stand in the message catalogues (`cue.*`, `word.*`), separated by `|`. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from bot.words import LANGUAGES, catalogue, listed

WISH_WORDS = 8


def plain(text: str) -> str:
    """Text for comparing: case and accents folded, everything but letters and digits a single space."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c for c in folded if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", kept.replace("'", "").replace("’", "")))


@cache
def phrases(key: str) -> frozenset[str]:
    """The phrases of a cue in all product languages, ready for comparing."""
    return frozenset(plain(p) for p in listed(key)) - {""}


@cache
def _anywhere(key: str) -> re.Pattern[str] | None:
    wanted = sorted((p for p in phrases(key)), key=len, reverse=True)
    if not wanted:
        return None
    return re.compile(r"(?<!\S)(?:" + "|".join(re.escape(p) for p in wanted) + r")(?!\S)")


def holds(text: str, key: str) -> bool:
    """Whether a phrase of this cue stands anywhere in the text, as whole words. `text` is `plain`."""
    pattern = _anywhere(key)
    return bool(pattern and pattern.search(text))


def is_one_of(text: str, key: str) -> bool:
    """Whether the text is a phrase of this cue and nothing else. `text` is `plain`."""
    return text in phrases(key)


def begins(text: str, key: str) -> str | None:
    """What follows a phrase of this cue at the beginning of the text, or None. `text` is `plain`."""
    found = [p for p in phrases(key) if text == p or text.startswith(p + " ")]
    return text[len(max(found, key=len)) :].strip() if found else None


def language_wished(text: str) -> str | None:
    """The product language that the text asks to be answered in ("em português, por favor"), or None."""
    short = plain(text)
    if len(short.split()) > WISH_WORDS:
        return None
    for language in LANGUAGES:
        wishes = catalogue(language).gettext("cue.speak-this-language")
        if any(plain(w) == short for w in wishes.split("|")):
            return language
    return None
