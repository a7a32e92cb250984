"""Which passages come into question, best first: permission, exact wordings, words, meaning, units, translations.

How sure any of them is, and what to make of it, is judged elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from bot.answers.coefficients import BY_BODY, BY_WORDS, MIDDLE, SHARPNESS
from bot.answers.encoder import Floats
from bot.answers.index import Index, text_of
from bot.answers.meaning import ABSENT, Nearness
from bot.answers.shelf import Evidence, Mask
from bot.answers.text import clip, key, language_of
from bot.playbook.model import Passage

OWN_UNIT = 1.06
OTHER_UNIT = 0.97
TRANSLATED = 0.7
"""What a passage counts whose text is also there in the language of the question."""
OWN_LANGUAGE = 0.5
"""How much is taken off what texts have ahead for being in a language near that of the question."""
HELPED = 0.02
"""What a passage gains for each doubling of the people whom it helped."""
NAMED = 1.2
"""What a passage gains if the question names its initiative."""
_MOST_HELPED = 6
_EXAMINED = 60
"""Passages that are looked at closely; of each language where words alone decide."""
_LEAST = 0.002
_EVEN, _SPREAD = 3.0, 3.0
_SHARE = 2.0
"""What a preference counts where meaning decides: OWN_UNIT is then about 0.1 in log-odds."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may answer, in the version that fits the question best.

    `exact`: the question is one of its wordings. `foreign`: the text is not there in the language of the question.
    `rank` is what it is ordered by, as log-odds; `wording` and `body` are cosines, None where words alone decide, and
    `usual` is how near the question comes to anything that may be read, on average.
    """

    passage: Passage
    score: float
    exact: bool
    foreign: bool
    evidence: Evidence
    column: int
    rank: float = 0.0
    wording: float | None = None
    body: float | None = None
    usual: float = 0.0


@dataclass(frozen=True, slots=True)
class Search:
    """One question, asked by somebody who may read what is `visible` (along `index.passages`).

    `language` is that of the asker, `spoken` that of the question.
    """

    index: Index
    question: str
    language: str
    units: frozenset[str]
    visible: Mask
    helpful: Mapping[str, int]
    spoken: str
    projects: Mapping[str, str]

    def named(self) -> dict[str, str]:
        """The initiatives that the question names, by the name it uses."""
        asked = f" {key(self.question)} " if self.projects else ""
        return {name: project for name, project in self.projects.items() if name and f" {name} " in asked}

    def candidates(self) -> list[Candidate]:
        """Best first, one for each text whatever its translations; none where nothing is asked."""
        exact = self._exact()
        evidences = self.index.match(self.question, self.spoken, self.visible)
        telling = any(evidence.telling for evidence in evidences)
        near = self.index.near(self.question, self.visible) if telling else None
        found = [*(self._by_words(evidences, exact) if near is None else self._by_both(evidences, near, exact))]
        found.sort(key=lambda c: (not c.exact, -c.score, -c.rank))
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

    def _by_words(self, evidences: list[Evidence], exact: frozenset[int]) -> Iterator[Candidate]:
        named = frozenset(self.named().values())
        for evidence in evidences:
            columns = set(np.flatnonzero(np.isin(evidence.passages, list(exact))).tolist())
            if evidence.telling:
                columns.update(_best(evidence.score))
            for column in sorted(columns):
                position = int(evidence.passages[column])
                score = 1.0 if position in exact else float(evidence.score[column])
                if score > _LEAST:
                    passage, foreign, share = self._fitting(position)
                    score *= share * self._preference(passage) * (NAMED if passage.initiative in named else 1.0)
                    yield Candidate(passage, score, position in exact, foreign, evidence, column)

    def _by_both(self, evidences: list[Evidence], near: Nearness, exact: frozenset[int]) -> Iterator[Candidate]:
        named = frozenset(self.named().values())
        words = np.zeros(len(self.index), dtype=np.float32)
        for evidence in evidences:
            words[evidence.passages] = np.maximum(evidence.score, 0.0)
        near = near.filled(words, self.visible)
        ranks = ranked(near, words) - self._advantage(evidences, near)
        ranks[~self.visible] = -np.inf
        usual = float(near.best[self.visible].mean())
        where = _where(evidences, sorted({*_best(ranks), *exact}))
        for position in where:
            if self.visible[position]:
                passage, foreign, share = self._fitting(position)
                share *= self._preference(passage) * (NAMED if passage.initiative in named else 1.0)
                rank = float(ranks[position]) + _SHARE * math.log(share)
                score = share if position in exact else score_of(rank)
                wording, body = float(near.wording[position]), float(near.body[position])
                yield Candidate(
                    passage, score, position in exact, foreign, *where[position], rank, wording, body, usual
                )

    def _advantage(self, evidences: list[Evidence], near: Nearness) -> Floats:
        """What the passages of each language have ahead of those farthest off by their language alone, as log-odds."""
        usual = [float(near.best[e.passages][self.visible[e.passages]].mean()) for e in evidences]
        ahead = np.zeros(len(self.index), dtype=np.float32)
        for evidence, mean in zip(evidences, usual, strict=True):
            ahead[evidence.passages] = OWN_LANGUAGE * SHARPNESS * (mean - min(usual))
        return ahead

    def _fitting(self, position: int) -> tuple[Passage, bool, float]:
        """The passage, whether its text is only there in another language, and what it counts for that."""
        passage = self.index.passages[position]
        foreign = language_of(passage.locale) != self.language
        if foreign and any(language_of(v.locale) == self.language for v in self._versions(passage)):
            return passage, False, TRANSLATED
        return passage, foreign, 1.0

    def _preference(self, passage: Passage) -> float:
        helped = min(_MOST_HELPED, math.log2(1 + self.helpful.get(text_of(passage), 0)))
        share = 1.0 + HELPED * helped
        if not passage.units or not self.units:
            return share
        return share * (OWN_UNIT if self.units.intersection(passage.units) else OTHER_UNIT)


def score_of(rank: float) -> float:
    """A rank between 0 and 1, drawn apart so that what is as good as another has about its score."""
    return 1.0 / (1.0 + math.exp((_EVEN - rank) / _SPREAD))


def ranked(near: Nearness, words: Floats) -> Floats:
    """What passages are ordered by, as log-odds."""
    best, body, lexical = ranked_by(near, words)
    together: Floats = best + BY_BODY * body + BY_WORDS * lexical
    return SHARPNESS * (together - MIDDLE)


def ranked_by(near: Nearness, words: Floats) -> tuple[Floats, Floats, Floats]:
    """The three things that order passages: the nearest of their texts, their body, and their words."""
    best = near.best
    return best, np.where(near.body > ABSENT, near.body, best), words


def _where(evidences: list[Evidence], positions: list[int]) -> dict[int, tuple[Evidence, int]]:
    """The evidence of each of these passages and its column there."""
    found = {}
    for evidence in evidences:
        columns = np.flatnonzero(np.isin(evidence.passages, positions))
        found.update({int(evidence.passages[column]): (evidence, int(column)) for column in columns})
    return {position: found[position] for position in positions if position in found}


def _best(scores: Floats) -> list[int]:
    count = min(_EXAMINED, len(scores))
    found: list[int] = np.argpartition(-scores, count - 1)[:count].tolist()
    return found


def search(
    index: Index,
    question: str,
    locale: str,
    allowed: Callable[[Passage], bool] | None,
    units: Collection[str],
    initiative: str,
    helpful: Mapping[str, int] = MappingProxyType({}),
    spoken: str = "",
    projects: Mapping[str, str] = MappingProxyType({}),
) -> Search:
    """The search for one question; permission is decided here, before anything is compared."""
    if allowed is None and not initiative:
        visible = np.ones(len(index), dtype=np.bool_)
    else:
        readable = (
            (not initiative or p.initiative == initiative) and (allowed is None or allowed(p)) for p in index.passages
        )
        visible = np.fromiter(readable, dtype=np.bool_, count=len(index))
    language = language_of(locale)
    asked_in = language_of(spoken) or language
    return Search(index, clip(question), language, frozenset(units), visible, helpful, asked_in, projects)
