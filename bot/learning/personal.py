"""Whether a text seems to hold what is private: addresses, telephone numbers, somebody's name. A light look, for a
kind question before everybody can read it; it misses things, and it never forbids anything. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST_SHOWN = 3
_MAIL = re.compile(r"[^\s@<>,;:()]{1,64}@[^\s@<>,;:()]{1,190}\.[A-Za-z]{2,24}")
_DIGITS = re.compile(r"\+?\(?\d[\d ()/.-]{4,30}\d")
_LEAST_DIGITS = 7
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
# What a street is called in the languages in which the bot is most used, before or after its name.
_STREET = re.compile(
    r"\b(?:\d{1,4}\s+(?:[A-Z][\w'-]+\s+){1,3}(?:street|road|avenue|lane|drive)"
    r"|(?:rua|avenida|av\.|calle|plaza|travessa|rue)\s+[\w'. -]{3,40}?,?\s*\d{1,4}"
    r"|[\w-]{2,40}(?:straße|strasse|str\.|weg|platz|gasse|straat|gade|vej)\s+\d{1,4})\b",
    re.IGNORECASE,
)
_CAPITALISED = re.compile(r"[^\W\d_][\w'’.-]*")
_LONGEST_NAME = 4


def private_bits(text: str, names: Iterable[str] = ()) -> tuple[str, ...]:
    """What looks private in the text, as it stands there, at most three. `names` are names of people."""
    bits = [m.group() for m in _MAIL.finditer(text)]
    bits += [m.group().strip() for m in _DIGITS.finditer(_DATE.sub(" ", text)) if _is_telephone(m.group())]
    bits += [m.group() for m in _STREET.finditer(text)]
    bits += [name for name in names if name in text]
    return tuple(dict.fromkeys(bits))[:MOST_SHOWN]


def _is_telephone(digits: str) -> bool:
    return sum(c.isdigit() for c in digits) >= _LEAST_DIGITS


def possible_names(text: str) -> tuple[str, ...]:
    """Every run of two to four words that begin with a capital: what the directory can be asked for."""
    found: dict[str, None] = {}
    run: list[str] = []
    end = -1
    for match in _CAPITALISED.finditer(text):
        word = match.group().rstrip(".")
        capital = word[:1].isupper()
        run = [*run[1 - _LONGEST_NAME :], word] if capital and text[end : match.start()] == " " else [word] * capital
        end = match.start() + len(word)
        found.update(dict.fromkeys(" ".join(run[-n:]) for n in range(2, len(run) + 1)))
    return tuple(found)
