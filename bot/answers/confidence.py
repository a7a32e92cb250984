"""How sure an answer is: the probability that the best passage answers the question, from a few signs of it.

A small logistic model; its coefficients were learned by `python -m benchmarks.train`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from bot.answers.candidates import Candidate
from bot.answers.coefficients import BIAS, SENSE_BIAS, SENSE_WEIGHTS, WEIGHTS
from bot.answers.text import language_of

_HEAVY = 0.3
"""Share of the heaviest word's weight from which a word counts as telling."""
_PRESENT = 0.08
_CLOSE = 0.85
_USUAL = 0.85
_FAR_BEHIND = 4.0
_CLOSE_BEHIND = 1.0


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known about the best passage for a question, each 0..1 unless said otherwise."""

    score: float
    """What it was ranked by."""
    precision: float
    """Share of the words of its best wording that were asked for."""
    margin: float
    """How far the best other text is behind, as a share of the score."""
    rivals: float
    """How many other texts are close, as a logarithm (1 is nine)."""
    unknown: float
    """Share of what the question tells that stands nowhere in the playbook."""
    mass: float
    """What question and passage share, in words: 1 is one word that no other passage has."""
    guessed: float
    """Share of that which rests on words spelt differently."""
    body: float
    """1 when nothing of it stands in the heading or another wording."""
    length: float
    """Telling words in the question, as a logarithm (1 is twenty)."""
    codes: float
    """Share of the question's numbers and codes that the passage lacks."""
    foreign: float
    """`mass` (at most 2) where the text is in another language only, else 0: few words are shared then."""


@dataclass(frozen=True, slots=True)
class Sense:
    """What is known about the best passage where the meaning is known too."""

    near: float
    """How near the question is to the best of its texts, as ten times the cosine above 0.85."""
    above: float
    """How far that is above what is usual for the question, as ten times the difference of cosines."""
    told: float
    """1 where the body is nearer than any wording."""
    margin: float
    """How far the best other text is behind, 1 is much."""
    rivals: float
    """How many other texts are close, as a logarithm (1 is nine)."""
    words: float
    """How well the words match, 0..1."""
    mass: float
    """As in `Signs`, at most 3."""
    codes: float
    """As in `Signs`."""
    left: float
    """What the question tells that is not in this passage, in words as `mass`, where something is; at most 2."""
    lacks: float
    """1 where the kind of fact that is asked for is not in it."""
    foreign: float
    """1 where the text is in another language only."""


def probability(seen: Signs | Sense) -> float:
    """The chance that the passage answers the question."""
    bias, weights = (BIAS, WEIGHTS) if isinstance(seen, Signs) else (SENSE_BIAS, SENSE_WEIGHTS)
    total = bias + sum(w * s for w, s in zip(weights, astuple(seen), strict=True))
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def seen_of(candidate: Candidate, others: Sequence[Candidate], lacks: bool) -> Signs | Sense:
    """What speaks for this candidate beside the others; `lacks` is what `asked.lacking` says of it."""
    if candidate.wording is None or candidate.body is None:
        return signs(candidate, [other.score for other in others])
    return sense(candidate, candidate.wording, candidate.body, [other.rank for other in others], lacks)


def sense(candidate: Candidate, wording: float, body: float, others: Sequence[float], lacks: bool) -> Sense:
    """What speaks for this candidate, with the cosines of its texts, when the other texts have these ranks."""
    words = signs(candidate, [])
    best = max(wording, body)
    margin = candidate.rank - max(others, default=candidate.rank - _FAR_BEHIND)
    foreign = language_of(candidate.passage.locale) != candidate.evidence.language
    return Sense(
        near=10 * (best - _USUAL),
        above=10 * (best - candidate.usual),
        told=float(body > wording),
        margin=min(margin, _FAR_BEHIND) / _FAR_BEHIND,
        rivals=math.log10(1 + sum(other > candidate.rank - _CLOSE_BEHIND for other in others)),
        words=max(float(candidate.evidence.score[candidate.column]), 0.0),
        mass=min(words.mass, 3.0),
        codes=words.codes,
        left=0.0 if foreign else _left(candidate),
        lacks=float(lacks),
        foreign=float(foreign),
    )


def _left(candidate: Candidate) -> float:
    evidence = candidate.evidence
    met = evidence.met[:, candidate.column]
    share = float(evidence.weight @ met) / max(float(evidence.weight.sum()), 1e-6)
    return share * min(2.0, float(evidence.weight @ (1.0 - met)))


def signs(candidate: Candidate, others: Sequence[float]) -> Signs:
    """What speaks for this candidate when the other texts have these scores."""
    evidence, column = candidate.evidence, candidate.column
    weight, met = evidence.weight, evidence.met[:, column]
    score = max(min(1.0, candidate.score), 1e-6)
    mass = float(weight @ met)
    telling = int((weight > _HEAVY * float(weight.max())).sum())
    lacking = evidence.codes * (met < _PRESENT)
    return Signs(
        score=score,
        precision=float(evidence.precision[column]),
        margin=max(0.0, score - max(others, default=0.0)) / score,
        rivals=math.log10(1 + sum(other > _CLOSE * score for other in others)),
        unknown=float(weight @ (1.0 - evidence.known)) / max(float(weight.sum()), 1e-6),
        mass=mass,
        guessed=float((weight * met)[evidence.known < 1.0].sum()) / max(mass, 1e-6),
        body=float(evidence.asked[:, column].max() < _PRESENT),
        length=math.log1p(telling) / math.log1p(20),
        codes=float(lacking.sum()) / max(1.0, float(evidence.codes.sum())),
        foreign=min(mass, 2.0) if candidate.foreign else 0.0,
    )
