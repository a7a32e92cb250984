"""How well somebody is told from others: the area under the curve over many worlds, and what chance alone would give.

The Mann-Whitney statistic of each world, added up; its variance under chance is exact, ties included (Lehmann,
Nonparametrics, 1.3). A learned strategy weighs all others by logistic regression on other worlds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np

from tests.confidence.adversary import Scores

Told = tuple[Scores, set[str]]
"""The scores of one world, and who is to be found in it."""


@dataclass(frozen=True)
class Result:
    """An area under the curve, and how far chance alone brings it from one half (`error`: one standard deviation)."""

    auc: float
    error: float
    pairs: int

    def within(self, confidence: float = 0.99) -> bool:
        """Whether it lies in the interval around one half that chance keeps to with this probability."""
        return abs(self.auc - 0.5) <= self.reach(confidence)

    def reach(self, confidence: float = 0.99) -> float:
        """Half the width of that interval."""
        return NormalDist().inv_cdf((1 + confidence) / 2) * self.error

    def __str__(self) -> str:
        reach = self.reach()
        return f"AUC {self.auc:.4f}, 99 % interval {0.5 - reach:.4f} to {0.5 + reach:.4f}"


def result(worlds: Iterable[Told]) -> Result:
    """The area under the curve over all worlds: how often one who is to be found scores higher than one who is not."""
    won, pairs, variance = 0.0, 0, 0.0
    for scores, wanted in worlds:
        found = [score for who, score in scores.items() if who in wanted]
        others = [score for who, score in scores.items() if who not in wanted]
        m, n = len(found), len(others)
        won += sum((a > b) + (a == b) / 2 for a in found for b in others)
        pairs += m * n
        if m and n:
            ties = sum(t**3 - t for t in Counter(scores.values()).values()) / ((m + n) * (m + n - 1))
            variance += m * n / 12 * (m + n + 1 - ties)
    return Result(won / pairs if pairs else 0.5, sqrt(variance) / pairs if pairs else 0.0, pairs)


def learned(strategies: Mapping[str, Sequence[Told]]) -> list[Told]:
    """What somebody does who has found out on half the worlds, where the truth came out, how to weigh everything: the
    scores of the other half.
    """
    every = list(strategies.values())
    worlds = range(len(every[0]))
    rows, truth, where = [], [], []
    for world in worlds:
        ranks = [_ranks(told[world][0]) for told in every]
        for who in every[0][world][0]:
            rows.append([rank[who] for rank in ranks])
            truth.append(float(who in every[0][world][1]))
            where.append((world, who))
    seen, wanted = np.array(rows), np.array(truth)
    # Both how high a score is and how far from the middle may tell.
    seen = np.hstack([seen, seen**2, np.ones((len(seen), 1))])
    learning = np.array([world % 2 == 0 for world, _ in where])
    weights = _fitted(seen[learning], wanted[learning])
    guesses = seen @ weights
    found: dict[int, Scores] = {}
    for (world, who), guess in zip(where, guesses, strict=True):
        if world % 2:
            found.setdefault(world, {})[who] = float(guess)
    return [(scores, every[0][world][1]) for world, scores in found.items()]


def _ranks(scores: Scores) -> dict[str, float]:
    """Between -1 and 1, the same for ties."""
    values = sorted(scores.values())
    middle = {v: (values.index(v) + len(values) - 1 - values[::-1].index(v)) / 2 for v in set(values)}
    return {who: 2 * middle[v] / max(len(values) - 1, 1) - 1 for who, v in scores.items()}


def _fitted(
    seen: np.ndarray, wanted: np.ndarray, steps: int = 400, rate: float = 0.5, shrink: float = 0.01
) -> np.ndarray:
    weights = np.zeros(seen.shape[1])
    for _ in range(steps):
        guess = 1 / (1 + np.exp(-(seen @ weights)))
        weights -= rate * (seen.T @ (guess - wanted) / len(seen) + shrink * weights)
    return weights
