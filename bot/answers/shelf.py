"""The passages of one language by their words: which word stands in which wording and which body.

It weighs words by how rare they are among the passages that are visible to the asker, and by nothing else.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from bot.answers.similar import SAME, Vocabulary
from bot.answers.text import Word, is_stop, stem, words
from bot.playbook.model import Passage

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Mask = NDArray[np.bool_]

WORDING_WEIGHT = 2.0
BODY_WEIGHT = 1.0
SATURATION = 3.0
BODY_PIVOT = 80.0
"""Words in a text of ordinary length. A constant, not the average, which would depend on hidden passages."""
LENGTH_SHARE = 0.5
STOP_WEIGHT = 0.2
PRECISION_SHARE = 0.15
WORDING_SHARE = 0.28
"""What the likeness to the best wording adds to the evidence of all the text."""
_TELLING = 0.06
"""Weight from which a word counts when a wording is compared with the question."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one question has in common with the passages of one language.

    `passages` are their positions in the index; `score` (0..1, -1 where invisible), `precision` (share of the best
    wording's words that are asked for) and the columns of `met` and `asked` run along them. `met[t, p]` says how well
    word t of the question is met by passage p, `asked[t, p]` the same by its best wording alone. `weight[t]` is how
    much the word tells (1: stands nowhere else), `known[t]` how well anything visible meets it, `codes[t]` is 1
    for numbers and codes. `telling` is False where the question has grammar and greetings only. `language` is that
    in which it was asked.
    """

    passages: Ints
    score: Floats
    precision: Floats
    met: Floats
    asked: Floats
    weight: Floats
    known: Floats
    codes: Floats
    telling: bool
    language: str


@dataclass(frozen=True, slots=True)
class _Found:
    """One word of the question in all wordings: how well each has it, and its whole passage."""

    asked: Floats
    met: Floats
    weight: float
    known: float


class Shelf:
    """The passages of one language. The wordings of one passage are next to each other."""

    def __init__(self, language: str, positions: Sequence[int], passages: Sequence[Passage]) -> None:
        self.language = language
        self.positions: Ints = np.array(positions, dtype=np.int32)
        numbers: dict[str, int] = {}
        wording, text = _Postings(numbers), _Postings(numbers)
        owner: list[int] = []
        telling: list[int] = []
        for row, passage in enumerate(passages):
            everything = words(passage.body) + _page_words(passage)
            for line in (passage.heading, *passage.also):
                asked = words(line)
                wording.add(len(owner), asked)
                owner.append(row)
                telling.append(sum(not is_stop(w, language) for w in asked) or len(asked) or 1)
                everything += asked
            text.add(row, everything)
        self._owner: Ints = np.array(owner, dtype=np.int32)
        self._first = np.searchsorted(self._owner, np.arange(len(passages)))
        self._telling: Floats = np.array(telling, dtype=np.float32)
        self._wording = wording.sealed()
        self._text = text.sealed(pivot=BODY_PIVOT)
        self._vocabulary = Vocabulary(list(numbers), language)

    def match(self, question: Sequence[Word], language: str, visible: Mask) -> Evidence | None:
        """The evidence of these words, asked in this language; None where nothing is visible or nothing is asked."""
        if not visible.any() or not question:
            return None
        stops = [is_stop(word, language, self.language) for word in question]
        readable = self._text.words_in(visible)
        found = [
            self._look_up(word, stop, language, visible, readable) for word, stop in zip(question, stops, strict=True)
        ]
        met, asked = np.stack([f.met for f in found]), np.stack([f.asked for f in found])
        weight = np.array([f.weight for f in found], dtype=np.float32)
        score, precision = self._scores(met, asked, weight)
        best = self._best_wordings(score)
        once = WORDING_WEIGHT / (WORDING_WEIGHT + SATURATION)  # what standing in the wording is worth
        return Evidence(
            passages=self.positions,
            score=np.where(visible, score[best], np.float32(-1.0)),
            precision=precision[best],
            met=np.minimum(met[:, best] / np.float32(once), np.float32(1.0)),
            asked=asked[:, best],
            weight=weight,
            known=np.array([f.known for f in found], dtype=np.float32),
            codes=np.array([w.code and not s for w, s in zip(question, stops, strict=True)], dtype=np.float32),
            telling=not all(stops),
            language=language,
        )

    def _look_up(self, word: Word, stop: bool, language: str, visible: Mask, readable: Mask) -> _Found:
        in_text = np.zeros(len(self.positions), dtype=np.float32)
        asked = np.zeros(len(self._owner), dtype=np.float32)
        holds = np.zeros(len(self.positions), dtype=np.bool_)
        known = 0.0
        for number, likeness in self._spellings(word, stop, language, readable):
            where, amount = self._text.of(number)
            in_text[where] = np.maximum(in_text[where], likeness * amount)
            if likeness >= SAME:
                holds[where] = True
            where, _ = self._wording.of(number)
            asked[where] = np.maximum(asked[where], likeness)
            known = max(known, likeness)
        amount = WORDING_WEIGHT * asked + BODY_WEIGHT * in_text[self._owner]
        rarity = _rarity(int((holds & visible).sum()), int(visible.sum()))
        return _Found(asked, amount / (amount + SATURATION), rarity * (STOP_WEIGHT if stop else 1.0), known)

    def _spellings(self, word: Word, stop: bool, language: str, readable: Mask) -> list[tuple[int, float]]:
        """The readable words that mean this one, with how alike they are."""
        roots = {word.form, stem(word.form, self.language), stem(word.form, language)}
        same = [number for number in self._vocabulary.of_stems(roots) if readable[number]]
        found = [(number, 1.0) for number in same]
        if not stop and not word.code:
            alike = self._vocabulary.like(word.form, readable, unknown=not same)
            found += [(number, likeness) for number, likeness in alike if number not in same]
        return found

    def _scores(self, met: Floats, asked: Floats, weight: Floats) -> tuple[Floats, Floats]:
        """Score and precision of each wording with its passage."""
        total = max(float(weight.sum()), 1e-6)
        precision = np.minimum(asked[weight > _TELLING].sum(axis=0) / self._telling, 1.0)
        everywhere = (weight @ met) / total * (1.0 - PRECISION_SHARE + PRECISION_SHARE * precision)
        likeness = (weight @ asked) / total / np.sqrt(self._telling)
        return (everywhere + WORDING_SHARE * likeness) / (1.0 + WORDING_SHARE), precision

    def _best_wordings(self, score: Floats) -> Ints:
        """For each passage its wording with the highest score, the first of several."""
        highest = np.maximum.reduceat(score, self._first)
        ties = np.flatnonzero(score >= highest[self._owner])
        _, first = np.unique(self._owner[ties], return_index=True)
        return ties[first].astype(np.int32)


class _Postings:
    """Which columns hold a word and how often, gathered while building. `numbers` numbers the words."""

    def __init__(self, numbers: dict[str, int]) -> None:
        self._numbers = numbers
        self._words, self._columns, self._times = array("i"), array("i"), array("f")
        self._lengths = array("f")

    def add(self, column: int, text: Sequence[Word]) -> None:
        """The next column; columns come in order."""
        counted = Counter([word.form for word in text])
        self._lengths.append(len(text))
        self._words.extend([self._numbers.setdefault(form, len(self._numbers)) for form in counted])
        self._columns.extend([column] * len(counted))
        self._times.extend(counted.values())

    def sealed(self, pivot: float = 0.0) -> _Sealed:
        """What was gathered, by word. With a pivot, words of long columns count less."""
        numbers, columns = np.array(self._words, dtype=np.int32), np.array(self._columns, dtype=np.int32)
        times = np.array(self._times, dtype=np.float32)
        if pivot:
            lengths = np.array(self._lengths, dtype=np.float32) / pivot
            times = times / (1.0 - LENGTH_SHARE + LENGTH_SHARE * lengths)[columns]
        order = np.argsort(numbers, kind="stable")
        starts = np.searchsorted(numbers[order], np.arange(len(self._numbers) + 1))
        return _Sealed(starts, columns[order], times[order].astype(np.float32))


@dataclass(frozen=True, slots=True)
class _Sealed:
    starts: NDArray[np.intp]
    columns: Ints
    times: Floats

    def of(self, number: int) -> tuple[Ints, Floats]:
        """The columns that hold the word, and how much of it."""
        here = slice(self.starts[number], self.starts[number + 1])
        return self.columns[here], self.times[here]

    def words_in(self, columns: Mask) -> Mask:
        """For each word whether it stands in one of these columns."""
        if columns.all():
            return np.ones(len(self.starts) - 1, dtype=np.bool_)
        return np.logical_or.reduceat(columns[self.columns], self.starts[:-1])


def _rarity(frequency: int, readable: int) -> float:
    """How much a word tells that stands in so many of the passages: 1 if in none, near 0 if in all."""
    rare = math.log1p((readable - frequency + 0.5) / (frequency + 0.5))
    return rare / math.log1p((readable + 0.5) / 0.5)


def _page_words(passage: Passage) -> list[Word]:
    """What the place of a passage says about it: the name of its page and the units it is for."""
    name = PurePosixPath(passage.file).name.split(".")[0]
    page = "" if name.startswith("faq") or passage.kind == "fact" else name
    return words(" ".join((page, *passage.units)).replace("-", " "))
