"""What in a text can show who wrote it: people and numbers it names, and what only its author can say.

A light look, which misses things and forbids nothing. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from bot.cues import phrases, plain
from bot.learning.personal import private_bits

MOST_SHOWN = 5
SHORTEST_NAME = 3
# What a number of staff is called in the languages in which the bot is most used.
_STAFF_NUMBER = re.compile(
    r"\b(?:employee|staff|personnel|personal|mitarbeiter\w*|matr[ií]cula|funcion[áa]rio|empleado)"
    r"(?:[- ]?(?:number|no\.?|id|nummer|nr\.?|n[úu]mero|de|do))*\D{0,4}\d{3,12}\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_][\w'’-]*")


def gives_away(text: str, names: Iterable[str], near: Collection[str]) -> tuple[str, ...]:
    """What in the text may lead to somebody, as it stands there, at most five.

    `names` are whole names of people; `near` are names of colleagues of whom a part says enough.
    """
    bits = [*private_bits(text, names), *(m.group() for m in _STAFF_NUMBER.finditer(text))]
    parts = {part for name in near for part in name.split() if len(part) >= SHORTEST_NAME and part[:1].isupper()}
    whole = " ".join(bits)
    bits += [m.group() for m in _WORD.finditer(text) if _bare(m.group()) in parts and m.group() not in whole]
    return tuple(dict.fromkeys([*bits, *_only_me(text)]))[:MOST_SHOWN]


def _bare(word: str) -> str:
    return word.removesuffix("'s").removesuffix("’s")


def _only_me(text: str) -> list[str]:
    """What says that there is nobody else of whom it is true, with the words around it."""
    padded = [(one.strip(), f" {plain(one)} ") for one in re.split(r"[.!?;]\s+|\n+|, ", text)]
    return [one for one, short in padded if any(f" {cue} " in short for cue in phrases("cue.only-me"))]
