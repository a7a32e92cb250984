"""How well alike worries are told from others: the labelled ones of worries.txt, by meaning and by words alone.

The thresholds were chosen on the half without a mark; the bounds here are for the half that was kept for judging.
"""

from __future__ import annotations

from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest

from bot.answers.encoder import embedded
from bot.themes.likeness import BY_WORDS, SIMILAR, Likeness, likeness

WORRIES = Path(__file__).with_name("worries.txt")
ENCODER = pytest.mark.skipif(embedded() is None, reason="no sentence encoder in this installation")


def worries(kept: bool) -> list[list[str]]:
    """The blocks of one half: a list of wordings for each worry."""
    blocks = [one.split("\n") for one in WORRIES.read_text("utf-8").strip().split("\n\n")[1:]]
    return [[text.removeprefix("! ") for text in one] for one in blocks if one[0].startswith("! ") == kept]


def judged(by: Likeness, kept: bool = True) -> tuple[float, float]:
    """Share of the alike pairs that are found, and share of the others that are taken for alike."""
    rows = [[by.make(text) for text in block] for block in worries(kept)]
    alike = [a @ b for block in rows for a, b in combinations(block, 2)]
    other = [a @ b for one, two in combinations(rows, 2) for a, b in product(one, two)]
    found, wrong = (by.scores(np.array(some)) >= SIMILAR for some in (alike, other))
    return float(found.mean()), float(wrong.mean())


def test_the_set_is_large_and_in_four_languages() -> None:
    for kept in (True, False):
        assert len(worries(kept)) >= 12
        assert sum(len(list(combinations(block, 2))) for block in worries(kept)) >= 60


@ENCODER
def test_alike_worries_are_found_across_languages_and_others_seldom_taken_for_alike() -> None:
    found, wrong = judged(likeness())

    assert found >= 0.5
    assert wrong <= 0.006


@ENCODER
def test_words_alone_find_far_fewer() -> None:
    assert judged(BY_WORDS)[0] < 0.2
    assert judged(BY_WORDS)[1] <= 0.006


@ENCODER
def test_nearly_every_worry_has_an_alike_one_among_the_three_nearest() -> None:
    by = likeness()
    rows = [(n, by.make(text)) for n, block in enumerate(worries(True)) for text in block]
    matrix = np.array([row for _, row in rows])
    found = 0
    for at, (worry, row) in enumerate(rows):
        scores = by.scores(matrix @ row)
        scores[at] = 0.0
        best = [int(n) for n in np.argsort(-scores)[:3] if scores[n] >= SIMILAR]
        found += any(rows[n][0] == worry for n in best)
    assert found / len(rows) >= 0.75
