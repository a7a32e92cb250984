"""Learns the coefficients of `bot.answers.confidence`: `python -m benchmarks.train DIR...` (evaluation sets).

Each question is asked three times with another third of the passages taken away, which makes near misses of
known questions, and once with all of them; headings with slips of the keyboard are added. Prints the
file `bot/answers/coefficients.py`; the same sets always give the same figures.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import auroc, calibration_error
from benchmarks.sets import Set, read_sets
from bot.answers.confidence import Signs
from bot.answers.index import Index
from bot.answers.rank import first_signs
from bot.answers.text import is_stop, words

PARTS = 3
SLIPS = 60
PENALTY = 1.0
Example = tuple[Signs, bool]


def examples(each: Set) -> list[Example]:
    """What can be learned from one set: the signs of the best passage, and whether it was right."""
    found: list[Example] = []
    kept_out = random.Random(each.name)
    part_of = {(p.file, p.heading): kept_out.randrange(PARTS) for p in each.passages}
    for part in (None, *range(PARTS)):
        index = Index([p for p in each.passages if part is None or part_of[p.file, p.heading] != part])
        for question in each.questions:
            first = first_signs(index, question.text, question.locale)
            if first is not None:
                found.append((first[1], question.answered_by(first[0])))
        if part is None:
            found.extend(_slips(each, index, kept_out))
    return found


def _slips(each: Set, index: Index, chance: random.Random) -> Iterator[Example]:
    asked = [p for p in each.passages if sum(not is_stop(w, "en") for w in words(p.heading)) > 2]
    for passage in chance.sample(asked, min(SLIPS, len(asked))):
        first = first_signs(index, _slipped(passage.heading, chance), passage.locale)
        if first is not None:
            yield first[1], first[0].id == passage.id


def _slipped(text: str, chance: random.Random) -> str:
    """The text as somebody in a hurry types it: two neighbouring letters swapped, one word left out."""
    parts = text.split()
    del parts[chance.randrange(len(parts))]
    word = chance.randrange(len(parts))
    if len(parts[word]) > 3:
        at = chance.randrange(len(parts[word]) - 1)
        letters = list(parts[word])
        letters[at], letters[at + 1] = letters[at + 1], letters[at]
        parts[word] = "".join(letters)
    return " ".join(parts)


def learn(groups: Sequence[Sequence[Example]]) -> tuple[float, NDArray[np.float64]]:
    """Bias and a weight for each sign: logistic regression by Newton's method, every group counting the same."""
    rows = np.array([astuple(s) for group in groups for s, _ in group], dtype=np.float64)
    right = np.array([label for group in groups for _, label in group], dtype=np.float64)
    share = np.concatenate([np.full(len(g), len(right) / len(groups) / len(g)) for g in groups])
    rows = np.hstack([np.ones((len(rows), 1)), rows])
    penalty = np.full(rows.shape[1], PENALTY)
    penalty[0] = 1e-6
    weights = np.zeros(rows.shape[1])
    for _ in range(30):
        sure = 1.0 / (1.0 + np.exp(-rows @ weights))
        slope = rows.T @ (share * (sure - right)) + penalty * weights
        bend = (rows * (share * sure * (1.0 - sure))[:, None]).T @ rows + np.diag(penalty)
        weights = weights - np.linalg.solve(bend, slope)
    return float(weights[0]), weights[1:]


def main(folders: Sequence[str]) -> None:
    """Prints the file of coefficients, and before it how well each set is judged by the others."""
    if not folders:
        sys.exit("usage: python -m benchmarks.train DIR... (folders of evaluation sets)")
    sets = read_sets([Path(f) for f in folders])
    groups = [examples(each) for each in sets]
    for number, each in enumerate(sets):
        rest = [g for other, g in enumerate(groups) if other != number]
        if rest:
            bias, weights = learn(rest)
            rows = np.array([astuple(s) for s, _ in groups[number]])
            sure = (1.0 / (1.0 + np.exp(-(rows @ weights + bias)))).tolist()
            right = [label for _, label in groups[number]]
            print(
                f"{each.name} judged by the others: AUROC {auroc(sure, right):.3f}, "
                f"calibration error {calibration_error(sure, right):.3f}",
                file=sys.stderr,
            )
    bias, weights = learn(groups)
    for field, weight in zip(fields(Signs), weights, strict=True):
        print(f"{field.name:>10} {weight:8.3f}", file=sys.stderr)
    print(_FILE.format(bias=round(bias, 3), weights=tuple(round(float(w), 3) for w in weights)), end="")


_FILE = '''"""Coefficients of `bot.answers.confidence` in the order of `Signs`.

Learned; to be reproduced with `python -m benchmarks.train DIR...` on the development sets.
"""

BIAS = {bias}
WEIGHTS = {weights}
'''

if __name__ == "__main__":
    main(sys.argv[1:])
