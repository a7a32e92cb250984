"""Whether an answer only leaves words out of what is written. Whatever else a model says, it is not sent.

Pure, and the only protection there is: it trusts neither the model nor the instruction it was given. It would rather
refuse a good answer than let through one whose numbers, dates, names or conditions are not those of the passage.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.shortening.brief import Brief

LONGEST_ANSWER = 600
MOST_SENTENCES = 3
SHORTEST = 3
"""Words of the shortest sentence: fewer say nothing by themselves."""
TURNING = frozenset(
    # What turns a sentence around or narrows it, in the four languages: never left out, never added.
    "not no never none nobody nothing nor without cannot n't if unless only except until before after but however"
    " must may might could should optional almost about maximum minimum least most every all some"
    " nicht kein keine keinen keiner keinem nie niemals niemand nichts weder ohne wenn falls außer sofern nur erst bis vor"
    " nach aber jedoch muss müssen darf dürfen kann können soll sollen könnte etwa höchstens mindestens alle jede jeder"
    " não nem nunca nenhum nenhuma ninguém nada sem se salvo exceto só somente apenas até antes depois mas porém deve"
    " devem pode podem quase cerca máximo mínimo menos todo todos toda todas"
    " no ni nunca ningún ninguna nadie nada sin si excepto sólo solo solamente hasta antes después pero deben debe puede"
    " pueden casi todos todas".split()
)
JOINING = frozenset("and or und oder sowie e ou y o u".split())
_SENTENCE = re.compile(r"\s*(?P<words>[^\[\]]+?)\s*\[(?P<number>\d)\](?P<end>[.!]?)")
_END = re.compile(r"(?<=[.!?…:])\s+|\n+")
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
        if not any(_leaves_out(words, written, asked.language) for written in _END.split(passage.text)):
            return None
        found.append(Sentence(words if words.endswith((".", "!", "?")) else f"{words}.", passage.id))
        at = match.end()
    if answer[at:].strip() or not 0 < len(found) <= MOST_SENTENCES:
        return None
    return tuple(found)


def _leaves_out(short: str, written: str, language: str) -> bool:
    """Whether `short` is the written sentence with words left out, and still says the same."""
    said, source = _tokens(short), _tokens(written)
    words = [token for token in said if not _MARK.fullmatch(token)]
    if len(words) < SHORTEST or _turns(said) != _turns(source):
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
    if any(c.isdigit() for c in token) or token.casefold() in JOINING or token in "€$£%+=<>−":
        return True
    return language != "de" and token[0].isupper()


def _turns(tokens: Sequence[str]) -> list[str]:
    """The words that turn a meaning around, in their order."""
    folded = [token.casefold().replace("’", "'") for token in tokens]
    return ["n't" if token.endswith("n't") else token for token in folded if token in TURNING or token.endswith("n't")]


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _same(written: str, said: str, first: bool = False) -> bool:
    """Whether these are one word. At the beginning of a sentence it may have got its capital letter."""
    return written == said or (first and written[:1].upper() + written[1:] == said)
