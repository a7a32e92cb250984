"""The learned part of a verdict: weights for each label, read from a file that `benchmarks/train_triage.py` writes.

It knows no text, only the figures that `signs` or the encoder made of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.triage.verdict import DRIVERS, KINDS, SEVERITIES, Triage

Floats = NDArray[np.float32]
COEFFICIENTS = Path(__file__).with_name("coefficients.npz")
WIDTH = 4.0
"""The square of the distance at which two points are a third as near as the same; two unlike messages are about there.
"""
_ENDS = (len(KINDS), len(KINDS) + len(DRIVERS))


@dataclass(frozen=True, slots=True)
class Head:
    """One linear layer for kinds, drivers and severities, and how its certainty is made into a probability."""

    weights: Floats
    bias: Floats
    slope: float
    offset: float

    def verdict(self, row: Floats) -> Triage:
        """What a message with these figures is. A driver is given to objections only."""
        scores = row @ self.weights + self.bias
        kinds, drivers, severities = (_shares(part) for part in np.split(scores, _ENDS))
        first = int(np.argmax(kinds))
        kind, driver = KINDS[first], DRIVERS[-1]
        sure = float(kinds[first])
        if kind == "objection":
            which = int(np.argmax(drivers))
            driver = DRIVERS[which]
            sure *= float(drivers[which])
        sure = min(max(sure, 1e-6), 1.0 - 1e-6)
        odds = self.slope * np.log(sure / (1.0 - sure)) + self.offset
        severity = SEVERITIES[int(np.argmax(severities))]
        return Triage(kind, driver, severity, float(1.0 / (1.0 + np.exp(-odds))))


@dataclass(frozen=True, slots=True)
class Examples:
    """What was learned from, as points in the space of the `axes`; what a message is, is told by those it is near to.

    A straight line through the encoder's space tells less: what people mean by a reason lies in many small places.
    """

    axes: Floats
    points: Floats

    def near(self, row: Floats) -> Floats:
        """How near a row of figures is to each example, 1 for the same."""
        return nearness(np.atleast_2d(row) @ self.axes, self.points).ravel()


@dataclass(frozen=True, slots=True)
class Heads:
    """What was learned. `meaning` judges how near vectors of the encoder of this name, minus `middle`, are to the
    `examples`; `words` judges runs of letters where there is none."""

    encoder: str
    middle: Floats
    examples: Examples
    meaning: Head
    words: Head


def nearness(some: Floats, others: Floats) -> Floats:
    """How near each point is to each other one: 1 for the same, and falling as a bell with the distance."""
    apart = (some**2).sum(axis=1)[:, None] + (others**2).sum(axis=1)[None] - 2.0 * some @ others.T
    return np.asarray(np.exp(-np.maximum(apart, 0.0) / WIDTH), dtype=np.float32)


def pointed(vectors: Floats, middle: Floats) -> Floats:
    """The vectors as seen from the middle of what people write, of length 1: raw ones all point about the same way."""
    away = vectors - middle
    return np.asarray(away / np.maximum(np.linalg.norm(away, axis=-1, keepdims=True), 1e-9), dtype=np.float32)


@cache
def learned() -> Heads:
    """The heads in the installation."""
    with np.load(COEFFICIENTS, allow_pickle=False) as file:
        return Heads(
            str(file["encoder"]),
            file["middle"].astype(np.float32),
            Examples(*(file[name].astype(np.float32) * file[f"{name}_scale"] for name in ("axes", "points"))),
            *(
                Head(
                    file[f"{name}_weights"].astype(np.float32) * file[f"{name}_scale"],
                    file[f"{name}_bias"],
                    *(float(value) for value in file[f"{name}_certainty"]),
                )
                for name in ("meaning", "words")
            ),
        )


def _shares(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum(), dtype=np.float32)
