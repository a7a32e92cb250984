"""Whether a new wording says something else, so that who was given the old one is told. Pure.

Nobody is told of a mended spelling: where the two are nearly the same, no number, date, name or "not" differs, and no
word became another one.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from difflib import SequenceMatcher
from functools import cache

from bot.words import LANGUAGES, Words

NEARLY_THE_SAME = 0.9
SAME_NAME = 0.85
SAME_WORD = 0.75
LONG_NAME = 7
LONGEST_COMPARED = 1500
_WORD = re.compile(r"[^\W_]+(?:[-'’.,:/][^\W_]+)*")
_SENTENCE_END = ".!?:\n"
_NOT = frozenset(
    {"not", "no", "never", "none", "without", "cannot", "nicht", "kein", "keine", "keinen", "nie", "ohne", "não", "nao"}
    | {"nunca", "nenhum", "nenhuma", "sem", "ningún", "ninguna", "nadie", "sin", "ikke", "ingen", "aldrig", "uden"}
    | {"niet", "geen", "nooit", "pas", "jamais", "sans", "non", "mai", "senza"}
)
_SHORTENED_NOT = ("n't", "n’t")


def notable(old: str, new: str) -> bool:
    """Whether somebody who knows the old wording should hear of the new one."""
    if old == new:
        return False
    if _signs(old) != _signs(new) or _renamed(_names(old), _names(new)):
        return True
    return _likeness(old, new) <= NEARLY_THE_SAME or not _only_mended(old.split(), new.split())


def _likeness(old: str, new: str) -> float:
    """1 for the same; by letters, of long texts by words, so that it stays quick."""
    if max(len(old), len(new)) <= LONGEST_COMPARED:
        return SequenceMatcher(None, old, new, autojunk=False).ratio()
    return SequenceMatcher(None, old.split(), new.split(), autojunk=False).ratio()


def _only_mended(old: list[str], new: list[str]) -> bool:
    """Whether words are only spelt in another way, and no more than one stands or falls anywhere."""
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what in ("insert", "delete") and max(b - a, d - c) > 1:
            return False
        alike = SequenceMatcher(None, " ".join(old[a:b]).casefold(), " ".join(new[c:d]).casefold()).ratio()
        if what == "replace" and alike < SAME_WORD:
            return False
    return True


def _signs(text: str) -> Counter[str]:
    """The numbers, the days and months, and every "not"."""
    words = (word.casefold() for word in _WORD.findall(text))
    return Counter(
        "not" if word in _NOT or word.endswith(_SHORTENED_NOT) else word
        for word in words
        if word in _NOT or word.endswith(_SHORTENED_NOT) or word in _days() or any(c.isdigit() for c in word)
    )


@cache
def _days() -> frozenset[str]:
    """The names of days and months in the languages the bot speaks."""
    days = [date(2027, 1, 1) + timedelta(days=n) for n in (*range(7), *range(31, 360, 28))]
    said = " ".join(Words(language).weekday(day) for language in LANGUAGES for day in days)
    return frozenset(w.casefold() for w in _WORD.findall(said) if not w.isdigit() and w != "de")


def _names(text: str) -> Counter[str]:
    """The words with a capital that do not begin a sentence."""
    found = Counter[str]()
    for match in _WORD.finditer(text):
        before = text[: match.start()].rstrip(" \"'“„(*_")
        if match.group()[0].isupper() and before and before[-1] not in _SENTENCE_END:
            found[match.group()] += 1
    return found


def _renamed(old: Counter[str], new: Counter[str]) -> bool:
    """Whether names differ by more than a mended spelling."""
    gone, come = sorted((old - new).elements()), sorted((new - old).elements())
    if len(gone) != len(come):
        return True
    return any(not _spelt_alike(a, b) for a, b in zip(gone, come, strict=True))


def _spelt_alike(old: str, new: str) -> bool:
    return min(len(old), len(new)) >= LONG_NAME and SequenceMatcher(None, old, new).ratio() >= SAME_NAME
