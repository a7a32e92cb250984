"""Takes names, addresses and numbers out of a question before it leaves the house. Best effort, and more than needed.

Pure: whose names there are is handed in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from bot.answers.text import fold, tidy

LONGEST = 300
SHORTEST_NAME = 2
_ADDRESS = re.compile(r"\S*@\S*|\b(?:https?://|www\.)\S+|<[^<>\s]*>", re.IGNORECASE)
_STREET = re.compile(
    r"\b[\w.-]*(?:stra(?:ß|ss)e|str\.|platz|allee|gasse|weg)\s+\d+\s?[a-z]?\b"
    r"|\b\d+\s+(?:[\w.-]+\s+){1,3}(?:street|st\.|road|avenue|lane|square)"
    r"|\b(?:rua|avenida|av\.|travessa|calle|plaza|paseo|rue)\s+(?:[\w.]+\s*){1,4}?,?\s*(?:n[º°.]\s*)?\d+",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[+(]?\d(?:[\d\s().,:/-]*\d)?(?=\D|$)")
_TITLED = re.compile(
    r"\b(?:mr|mrs|ms|miss|dr|prof|herrn?|frau|sra?|señora?|seu|dona|doña|don|doutora?)\b\.?\s+"
    r"[^\W\d_][\w'’.-]*(?:\s+(?:d[aeo]s?|von|van|der|del|la)?\s*[A-ZÀ-Þ][\w'’-]*)*",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_][\w'’]*(?:-[^\W\d_][\w'’]*)*")


def redacted(question: str, names: Iterable[str], written: Collection[str] = (), capitals: bool = False) -> str:
    """The question without e-mail and web addresses, streets, phone and other numbers, and without these names.

    A name is taken out whole and by each of its words, unless the word is one of those `written` in the passages,
    which leave the house anyway. Outside languages that write every noun with a capital (`capitals`) any other word
    that begins with one inside a sentence is taken out too, since it may be somebody nobody lists.
    """
    text = tidy(question.replace("\0", " "))[: 4 * LONGEST]
    text = _ADDRESS.sub("[address]", text)
    text = _STREET.sub("[address]", text)
    text = _NUMBER.sub("[number]", text)
    text = _TITLED.sub("[name]", text)
    parts = {fold(word) for name in names for word in _WORD.findall(name) if len(word) > SHORTEST_NAME}
    allowed = {fold(word) for word in written}

    def named(found: re.Match[str]) -> str:
        word = fold(found.group())
        if word in allowed or found.group() in ("name", "number", "address"):
            return found.group()
        if word in parts or any(piece in parts for piece in word.split("-")):
            return "[name]"
        inside = not re.search(r"(?:^|[.!?…:\n]\s*|[\"“„«(¿¡]\s*)$", text[: found.start()])
        return "[name]" if not capitals and inside and _is_name(found.group()) else found.group()

    text = _WORD.sub(named, text)
    return " ".join(re.sub(r"(?:\[name\]\s*){2,}", "[name] ", text).split())[:LONGEST]


def _is_name(word: str) -> bool:
    return word[0].isupper() and word != "I" and not word.startswith(("I'", "I’"))
