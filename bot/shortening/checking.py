"""Whether an answer only leaves words out of what is written. Whatever else a model says, it is not sent.

Pure, and the only protection there is: it trusts neither the model nor the instruction it was given. It would rather
refuse a good answer than let through one whose numbers, dates, names or conditions are not those of the passage.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.shortening.brief import Brief

LONGEST_ANSWER = 600
MOST_SENTENCES = 3
SHORTEST = 3
"""Words of the shortest sentence: fewer say nothing by themselves."""
TURNING: Mapping[str, frozenset[str]] = {
    "en": frozenset({
        "not", "no", "never", "none", "nobody", "nothing", "nor", "without", "cannot", "if", "unless", "only",
        "except", "until", "before", "after", "but", "however", "must", "may", "might", "could", "should", "would",
        "optional", "almost", "about", "maximum", "minimum", "least", "most", "every", "all", "some", "instead",
    }),
    "de": frozenset({
        "nicht", "kein", "keine", "keinen", "keiner", "keinem", "nie", "niemals", "niemand", "nichts", "weder",
        "ohne", "wenn", "falls", "außer", "sofern", "nur", "erst", "bis", "vor", "nach", "aber", "jedoch", "statt",
        "muss", "müssen", "darf", "dürfen", "kann", "können", "soll", "sollen", "könnte", "würde", "etwa",
        "höchstens", "mindestens", "alle", "jede", "jeder",
    }),
    "pt": frozenset({
        "não", "nem", "nunca", "nenhum", "nenhuma", "ninguém", "nada", "sem", "se", "caso", "salvo", "exceto",
        "só", "somente", "apenas", "até", "antes", "depois", "após", "mas", "porém", "deve", "devem", "pode",
        "podem", "quase", "cerca", "máximo", "mínimo", "menos", "todo", "todos", "toda", "todas",
    }),
    "es": frozenset({
        "no", "ni", "nunca", "ningún", "ninguna", "ninguno", "nadie", "nada", "sin", "si", "salvo", "excepto",
        "sólo", "solo", "solamente", "hasta", "antes", "después", "tras", "pero", "deben", "debe", "puede",
        "pueden", "casi", "máximo", "mínimo", "menos", "todo", "todos", "toda", "todas",
    }),
}  # fmt: skip
"""What turns a sentence around or narrows it, by language: never left out, never added."""
JOINING: Mapping[str, frozenset[str]] = {
    "en": frozenset({
        "and", "or",
    }),
    "de": frozenset({
        "und", "oder", "sowie",
    }),
    "pt": frozenset({
        "e", "ou",
    }),
    "es": frozenset({
        "y", "e", "o", "u",
    }),
}  # fmt: skip
"""What begins another statement inside a sentence."""
_SENTENCE = re.compile(r"\s*(?P<words>[^\[\]]+?)\s*\[(?P<number>\d)\](?P<end>[.!]?)")
_END = re.compile(r"(?<=[.!?…])\s+|\n+")
_ITEM = re.compile(r"\s*(?:[-*+•|]|\d{1,3}[.)]\s)")
_SIGNS = "€$£%+=<>−"
_TOKEN = re.compile(r"\w+(?:[.,:/'’-]\w+)*%?|[€$£%+=<>−–—,;:()]")
_PLAIN = re.compile(r"[\w\s.,;:!?%€$£()\"“”„«»'’‘…/+=−–—¿¡-]*")
_MARK = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that holds, and the passage it comes from."""

    text: str
    passage: str


def checked(answer: str, asked: Brief) -> tuple[Sentence, ...] | None:
    """The sentences of an answer if each of them holds; None if one does not.

    A sentence holds if it names one of the passages and has nothing but words of one sentence there, in their order.
    What it leaves out between two of its words may hold no number, no name and no new clause, and what turns the
    meaning around (not, only, if …) is all there.
    """
    if not 0 < len(answer) <= LONGEST_ANSWER:
        return None
    found: list[Sentence] = []
    at = 0
    for match in _SENTENCE.finditer(answer):
        number, words = int(match["number"]), match["words"].strip()
        if answer[at : match.start()].strip() or not 1 <= number <= len(asked.passages) or not _PLAIN.fullmatch(words):
            return None
        passage = asked.passages[number - 1]
        if not any(_leaves_out(words, written, asked.language) for written in _sentences(passage.text)):
            return None
        found.append(Sentence(words if words.endswith((".", "!", "?")) else f"{words}.", passage.id))
        at = match.end()
    if answer[at:].strip() or not 0 < len(found) <= MOST_SENTENCES:
        return None
    return tuple(found)


def _sentences(text: str) -> list[str]:
    """The sentences of a passage that can stand alone: an item of a list means what the line above it says."""
    return [part for part in _END.split(text) if part.strip() and not _ITEM.match(part)]


def _leaves_out(short: str, written: str, language: str) -> bool:
    """Whether `short` is the written sentence with words left out, and still says the same."""
    said, source = _tokens(short), _tokens(written)
    words = [token for token in said if not _MARK.fullmatch(token)]
    if len(words) < SHORTEST or _turns(said, language) != _turns(source, language):
        return False
    starts = [n for n, token in enumerate(source) if _same(token, words[0], first=True)]
    return any(_follows(words, source, start, language) for start in starts)


def _follows(words: Sequence[str], source: Sequence[str], start: int, language: str) -> bool:
    at = start
    for word in words[1:]:
        following = next((n for n in range(at + 1, len(source)) if _same(source[n], word)), None)
        if following is None or not _harmless(source[at + 1 : following], language):
            return False
        at = following
    return True


def _harmless(gap: Sequence[str], language: str) -> bool:
    """Whether this may be left out between two words: a few words, or a whole insertion between commas or brackets."""
    if any(_weighs(token, language) for token in gap):
        return False
    marks = [token for token in gap if _MARK.fullmatch(token)]
    return marks in ([], [",", ","], ["(", ")"], ["–", "–"], ["—", "—"]) or gap == [","]


def _weighs(token: str, language: str) -> bool:
    if any(c.isdigit() for c in token) or token.casefold() in JOINING[language] or token in _SIGNS:
        return True
    return language != "de" and token[0].isupper()


def _turns(tokens: Sequence[str], language: str) -> list[str]:
    """The words that turn a meaning around, in their order."""
    folded = [token.casefold().replace("’", "'") for token in tokens]
    turning = TURNING[language]
    return ["n't" if token.endswith("n't") else token for token in folded if token in turning or token.endswith("n't")]


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _same(written: str, said: str, first: bool = False) -> bool:
    """Whether these are one word. At the beginning of a sentence it may have got its capital letter."""
    return written == said or (first and written[:1].upper() + written[1:] == said)
