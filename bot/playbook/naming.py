"""How the checker names things to people: values cut to a readable length, and the nearest known word."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from rapidfuzz import fuzz, process

LONGEST_SHOWN = 60
MOST_COMPARED = 500  # words; among more, a guess helps nobody and costs time
_ALIKE = 60  # of 100: far enough for 'sales' and 'field-sales', near enough not to guess wildly


def shown(value: object) -> str:
    """The value in quotes, cut, and on one line; of what holds several values, only that it does."""
    if isinstance(value, list | dict):
        return "this list" if isinstance(value, list) else "what is written here"
    text = " ".join(str(value)[: LONGEST_SHOWN * 4].split())
    return f"'{text[: LONGEST_SHOWN - 1]}…'" if len(text) > LONGEST_SHOWN else f"'{text}'"


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` with the known word that is most alike, or nothing."""
    words = sorted(islice(known, MOST_COMPARED + 1))
    if len(words) > MOST_COMPARED:
        return ""
    found = process.extractOne(word[:LONGEST_SHOWN], words, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return f"; did you mean {shown(found[0])}?" if found else ""
