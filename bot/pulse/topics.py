"""What free texts speak of: the words that at least five of them share, each with how many. Pure.

Words are compared by their stems in the language of each text. No text, and no word of fewer texts, comes out of here,
so that what is told to everybody shows nobody's way of writing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answers.language import detect
from bot.answers.text import WORD_LIMIT, Word, fold, is_stop, stem, tidy
from bot.words import LANGUAGES

FEWEST = 5
MOST = 6
LOOKED_AT = 1_000
"""Texts that are looked at; they come in a random order, so these are a fair part of more."""
SHORTEST = 4
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Topic:
    """A word as it is written most often, and how many texts speak of it."""

    word: str
    texts: int


def topics(texts: Sequence[str]) -> tuple[Topic, ...]:
    """What these texts speak of, the most frequent first; a text counts for the first of its topics only."""
    roots: dict[str, str] = {}
    spoken = [_one_root(_stems(text), roots) for text in texts[:LOOKED_AT]]
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for one in spoken:
        for root, form in one.items():
            forms[root][form] += 1
    left, found = spoken, list[Topic]()
    while len(found) < MOST:
        counted = Counter(root for one in left for root in one)
        best = max(counted, key=lambda root: (counted[root], root), default="")
        if not best or counted[best] < FEWEST:
            break
        found.append(Topic(_shown(forms[best]), counted[best]))
        left = [one for one in left if best not in one]
    return tuple(found)


def _one_root(stems: dict[str, str], roots: dict[str, str]) -> dict[str, str]:
    """The same with one root for each word, whatever the language of a text makes of it; `roots` holds those so far."""
    return {roots.setdefault(fold(form), root): form for root, form in stems.items()}


def _shown(forms: Counter[str]) -> str:
    """The commonest form; the shortest of equally common ones."""
    return min(forms, key=lambda form: (-forms[form], len(form), form))


def _stems(text: str) -> dict[str, str]:
    """The words of a text that say what it is about: as it is written, by stem."""
    language = detect(text, LANGUAGES)
    spoken = (language,) if language else LANGUAGES
    found: dict[str, str] = {}
    for raw in _WORD.findall(tidy(text)):
        form = fold(raw)
        if SHORTEST <= len(form) <= WORD_LIMIT and not is_stop(Word(form), *spoken):
            found.setdefault(stem(form, language or LANGUAGES[0]), raw)
    return found
