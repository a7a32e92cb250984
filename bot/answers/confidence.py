"""How sure an answer is: the probability that the best passage answers the question, from a few signs of it.

A small logistic model; its coefficients were learned by `python -m benchmarks.train`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from bot.answers.candidates import Candidate
from bot.answers.coefficients import BIAS, WEIGHTS

_HEAVY = 0.3
"""Share of the heaviest word's weight from which a word counts as telling."""
_PRESENT = 0.08
_CLOSE = 0.85


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


def probability(seen: Signs) -> float:
    """The chance that the passage answers the question."""
    total = BIAS + sum(w * s for w, s in zip(WEIGHTS, astuple(seen), strict=True))
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


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
