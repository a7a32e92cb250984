"""Which passages come into question, best first: permission, exact wordings, units and translations.

How sure any of them is, and what to make of it, is judged elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

import numpy as np

from bot.answers.index import Index, text_of
from bot.answers.shelf import Evidence, Mask
from bot.answers.text import clip, language_of
from bot.playbook.model import Passage

OWN_UNIT = 1.06
OTHER_UNIT = 0.97
TRANSLATED = 0.7
"""What a passage counts whose text is also there in the language of the question."""
_EXAMINED = 60
"""Passages of each language that are looked at closely."""
_LEAST = 0.002


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may answer, in the version that fits the question best.

    `exact`: the question is one of its wordings. `foreign`: the text is not there in the language of the question.
    """

    passage: Passage
    score: float
    exact: bool
    foreign: bool
    evidence: Evidence
    column: int


@dataclass(frozen=True, slots=True)
class Search:
    """One question, asked by somebody who may read what is `visible` (along `index.passages`)."""

    index: Index
    question: str
    language: str
    units: frozenset[str]
    visible: Mask

    def candidates(self) -> list[Candidate]:
        """Best first, one for each text whatever its translations."""
        exact = self._exact()
        found = [
            candidate
            for evidence in self.index.match(self.question, self.language, self.visible)
            for candidate in self._of(evidence, exact)
        ]
        found.sort(key=lambda c: (not c.exact, -c.score))
        first: dict[str, Candidate] = {}
        for candidate in found:
            first.setdefault(text_of(candidate.passage), candidate)
        return list(first.values())

    def version(self, passage: Passage) -> Passage:
        """Of the visible translations the one in the asker's language, else the original, else the passage itself."""
        versions = self._versions(passage)
        wanted = next((v for v in versions if language_of(v.locale) == self.language), None)
        return wanted or next((v for v in versions if v.id == text_of(passage)), passage)

    def _exact(self) -> frozenset[int]:
        """The passages with just this wording; the key of a fact counts only where nobody wrote such a wording."""
        found = [p for p in self.index.exact(self.question) if self.visible[p]]
        written = [p for p in found if self.index.passages[p].kind != "fact"]
        return frozenset(written or found)

    def _versions(self, passage: Passage) -> list[Passage]:
        return [self.index.passages[p] for p in self.index.versions(text_of(passage)) if self.visible[p]]

    def _of(self, evidence: Evidence, exact: frozenset[int]) -> Iterator[Candidate]:
        columns = set(np.flatnonzero(np.isin(evidence.passages, list(exact))).tolist())
        if evidence.telling:
            count = min(_EXAMINED, len(evidence.score))
            columns.update(np.argpartition(-evidence.score, count - 1)[:count].tolist())
        for column in sorted(columns):
            position = int(evidence.passages[column])
            score = 1.0 if position in exact else float(evidence.score[column])
            if score > _LEAST:
                yield self._candidate(evidence, column, score, position in exact)

    def _candidate(self, evidence: Evidence, column: int, score: float, exact: bool) -> Candidate:
        passage = self.index.passages[int(evidence.passages[column])]
        score *= self._preference(passage)
        foreign = language_of(passage.locale) != self.language
        if foreign and any(language_of(v.locale) == self.language for v in self._versions(passage)):
            return Candidate(passage, score * TRANSLATED, exact, False, evidence, column)
        return Candidate(passage, score, exact, foreign, evidence, column)

    def _preference(self, passage: Passage) -> float:
        if not passage.units or not self.units:
            return 1.0
        return OWN_UNIT if self.units.intersection(passage.units) else OTHER_UNIT


def search(
    index: Index,
    question: str,
    locale: str,
    allowed: Callable[[Passage], bool] | None,
    units: Collection[str],
    initiative: str,
) -> Search:
    """The search for one question; permission is decided here, before anything is compared."""
    if allowed is None and not initiative:
        visible = np.ones(len(index), dtype=np.bool_)
    else:
        readable = (
            (not initiative or p.initiative == initiative) and (allowed is None or allowed(p)) for p in index.passages
        )
        visible = np.fromiter(readable, dtype=np.bool_, count=len(index))
    return Search(index, clip(question), language_of(locale), frozenset(units), visible)
