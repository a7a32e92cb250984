"""Takes a message with several questions apart. Pure; whether they are answered one by one is decided elsewhere."""

from __future__ import annotations

import re
from functools import cache

from bot.answers.text import clip, key, tidy

MOST = 3
SHORTEST = 3
"""Words that a question of its own has at least: "And when?" belongs to what stands before it."""
_SENTENCE = re.compile(r"(?<=[.!;:])\s+|(?<=[?\uff1f\u061f])\s+|\n+")
_ASKING = re.compile(r"[?\uff1f\u061f]\W*$")
_AND = "and|e|und|y|et|ed|og|also|außerdem|além disso|además"
_WORDS = (
    "what|when|who|whom|where|why|which|how|can|could|do|does|did|is|are|will|may|must|should|"
    "quem|quando|onde|como|qual|quais|quanto|quantos|quantas|por que|o que|posso|vou|"
    "wer|wem|wen|wann|wo|wie|warum|wieso|welche|welcher|welches|was|kann|muss|darf|gibt es|bekomme|"
    "quién|quien|cuándo|cuando|dónde|donde|cómo|como|cuál|cual|cuánto|cuanto|por qué|qué|puedo|"
    "qui|quand|où|comment|pourquoi|combien|quel|quelle|est-ce que|"
    "chi|quando|dove|come|perché|quanto|quale|posso|"
    "hvem|hvornår|hvor|hvordan|hvorfor|hvad|kan|skal"
)


def parts(text: str) -> tuple[str, ...]:
    """The questions of a message, at most `MOST`, in order; the message itself where it asks but one.

    What is said around them is left out, and a question too short to stand alone stays with the one before it.
    """
    plain = tidy(clip(text)).strip()
    asked = [sentence.strip() for sentence in _SENTENCE.split(plain) if _ASKING.search(sentence)]
    found: list[str] = []
    for question in asked or [plain]:
        pieces = _halves(question)
        if found and len(key(question).split()) < SHORTEST:
            found[-1] = f"{found[-1]} {question}"
        else:
            found.extend(pieces)
    return tuple(found[:MOST]) if len(found) > 1 else (text,)


def _halves(question: str) -> list[str]:
    """The question cut where a second one begins behind an "and", if both can stand alone."""
    found = _second().search(question)
    if found is None:
        return [question]
    first, second = question[: found.start()].rstrip(" ,"), question[found.end("and") :].strip()
    long_enough = all(len(key(half).split()) >= SHORTEST + 1 for half in (first, second))
    return [f"{first}?", second] if long_enough and _asks(first) else [question]


def _asks(text: str) -> bool:
    return bool(re.search(rf"(?:^|[\s¿])(?:{_WORDS})\b", text, re.IGNORECASE))


@cache
def _second() -> re.Pattern[str]:
    return re.compile(rf"(?:,\s*|\s)(?P<and>(?:{_AND})\s+)(?=¿?(?:{_WORDS})\b)", re.IGNORECASE)
