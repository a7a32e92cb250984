"""What kind of fact a question asks for, and whether a text holds that kind of fact about the thing that is asked.

Pure, by the words of seven languages. It can only object: that nothing is lacking does not make a text an answer.
"""

from __future__ import annotations

import re
from functools import cache

from bot.answers.text import key
from bot.answers.vocabulary import ATTRIBUTES, KINDS, MONEY, NUMBERED, NUMBERS, OPEN, TIMES

_DIGITS = re.compile(r"\d")
_CODE = re.compile(r"\b([a-z]{1,10})(\d{1,6})\b")


def lacking(question: str, heading: str, text: str) -> bool:
    """Whether a passage lacks what is asked for: the amount, the number, the day, the attribute, the identifier.

    `heading` is all that stands above the text: its heading, other wordings, its page and the like.
    """
    asked = f" {key(question)} "
    told = f" {key(heading)} {key(text)} "
    there = {NUMBERS.get(word, word.lstrip("0") or word) for word in told.split()}
    missing = any(i not in there and _apart(i) not in told for i in identifiers(question))
    if missing or _attribute_lacks(asked, told):
        return True
    return not _open(told) and _kind_lacks(kind_of(question), told, text)


def kind_of(question: str) -> str:
    """What is asked for first: `money`, `count`, `duration`, `when`; '' where no kind of fact must be there.

    Of several that begin at one word it is the one that is said in more words: "how long", not "how".
    """
    asked = f" {key(question)} "
    found = [(match.start(), -match.end(), kind) for kind, p in _kinds().items() if (match := p.search(asked))]
    return min(found, default=(0, 0, ""))[2]


def identifiers(question: str) -> frozenset[str]:
    """What is told apart by number or code in a question: `3` of "wave 3" and of "the third step", `f7` of "F7"."""
    asked = f" {key(question)} "
    found = {match.group() for match in _CODE.finditer(asked)}
    for before, after in _numbered().findall(asked):
        found.add(NUMBERS.get(before or after, before or after))
    return frozenset(found)


def _kind_lacks(kind: str, told: str, text: str) -> bool:
    match kind:
        case "money":
            return not (_words(MONEY).search(told) or re.search(r"[€$£]", text))
        case "count" | "duration":
            return not (_DIGITS.search(told) or _words(frozenset(NUMBERS)).search(told))
        case "when":
            return not (_DIGITS.search(told) or _words(TIMES).search(told))
        case _:
            return False


def _attribute_lacks(asked: str, told: str) -> bool:
    """Whether something is asked of the thing (its colour, its maker's head) of which the text has no word."""
    return any(pattern.search(asked) and not pattern.search(told) for pattern in _attributes())


def _open(told: str) -> bool:
    """Whether the text says that it is not decided yet, which answers a question for any fact."""
    return bool(_words(OPEN).search(told))


def _apart(identifier: str) -> str:
    """A code as some write it: `covid 19` of `covid19`."""
    apart = _CODE.sub(r"\1 \2", identifier)
    return f" {apart} "


@cache
def _kinds() -> dict[str, re.Pattern[str]]:
    return {kind: re.compile(rf" (?:{'|'.join(patterns)}) ") for kind, patterns in KINDS.items()}


@cache
def _attributes() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf" (?:{'|'.join(patterns)})") for patterns in ATTRIBUTES.values())


@cache
def _words(words: frozenset[str]) -> re.Pattern[str]:
    return re.compile(rf" (?:{'|'.join(sorted(words, key=len, reverse=True))})(?= )")


@cache
def _numbered() -> re.Pattern[str]:
    nouns, numbers = "|".join(sorted(NUMBERED)), "|".join(sorted(NUMBERS, key=len, reverse=True))
    return re.compile(rf" (?:({numbers}|\d+) (?:{nouns})|(?:{nouns}) (?:no |nr |n )?({numbers}|\d+))(?= )")
