"""Learns `bot/answers/coefficients.py`: `python -m benchmarks.train DIR...` (evaluation sets).

First the order of passages, from the questions that have an answer. Then how sure the first one is: each question is
asked with all passages, and three times with another third of them taken away, which makes near misses of known
questions; and all of it once more without headings, as pages are asked. Without an encoder the same is learned for
words alone. Prints the file, and before it how well each set is judged by what the others taught. The same sets
always give the same figures.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import astuple, fields, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import auroc, calibration_error
from benchmarks.remembering import Remembering, remembering
from benchmarks.sets import Question, Set, read_sets
from bot.answers.candidates import ranked_by
from bot.answers.coefficients import MIDDLE
from bot.answers.confidence import Sense, Signs
from bot.answers.index import Index
from bot.answers.rank import first_signs
from bot.answers.text import is_stop, language_of, words

PARTS = 3
SLIPS = 60
PENALTY = 1.0
RIVALS = 15
Example = tuple[Signs | Sense, bool]
Rows = NDArray[np.float64]


def without_headings(each: Set) -> Set:
    """The same set as pages whose headings say nothing."""
    name = {(p.file, p.heading): f"Section {number}" for number, p in enumerate(each.passages)}
    return replace(
        each,
        name=f"{each.name} without headings",
        passages=tuple(
            p if p.kind == "fact" else replace(p, heading=name[p.file, p.heading], also=()) for p in each.passages
        ),
        questions=tuple(
            replace(q, expect=frozenset((file, name.get((file, heading), heading)) for file, heading in q.expect))
            for q in each.questions
        ),
    )


def examples(each: Set, encoder: Remembering | None) -> list[Example]:
    """What can be learned from one set: the signs of the best passage, and whether it was right."""
    found: list[Example] = []
    # As often with all passages as with some taken away, since what is asked is mostly written; words alone, which
    # miss more of it, are to be careful.
    whole = PARTS if encoder else 1
    kept_out = random.Random(each.name)
    vectors = encoder.vectors(Index(each.passages, encoder).missing()) if encoder else {}
    part_of = {(p.file, p.heading): kept_out.randrange(PARTS) for p in each.passages}
    for part in (None, *range(PARTS)):
        there = [p for p in each.passages if part is None or part_of[p.file, p.heading] != part]
        index = Index(there, encoder, vectors)
        for question in each.questions:
            first = first_signs(index, question.text, question.locale, question.initiative)
            if first is not None:
                found += [(first[1], question.answered_by(first[0]))] * (whole if part is None else 1)
        if part is None:
            found.extend(_slips(each, index, kept_out))
    return found


def _slips(each: Set, index: Index, chance: random.Random) -> Iterator[Example]:
    written = [p for p in each.passages if p.kind != "fact"]
    asked = [p for p in written if sum(not is_stop(w, "en") for w in words(p.heading)) > 2]
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


def learn(groups: Sequence[Sequence[Example]]) -> tuple[float, Rows]:
    """Bias and a weight for each sign: logistic regression, every group counting the same."""
    rows = np.array([astuple(s) for group in groups for s, _ in group], dtype=np.float64)
    right = np.array([label for group in groups for _, label in group], dtype=np.float64)
    share = np.concatenate([np.full(len(g), len(right) / len(groups) / len(g)) for g in groups])
    weights = newton(np.hstack([np.ones((len(rows), 1)), rows]), right, share, [1e-6] + [PENALTY] * rows.shape[1])
    return float(weights[0]), weights[1:]


def newton(rows: Rows, right: Rows, share: Rows, penalty: Sequence[float]) -> Rows:
    """The weights of a logistic regression by Newton's method."""
    held = np.array(penalty)
    weights = np.zeros(rows.shape[1])
    for _ in range(30):
        sure = 1.0 / (1.0 + np.exp(-rows @ weights))
        slope = rows.T @ (share * (sure - right)) + held * weights
        bend = (rows * (share * sure * (1.0 - sure))[:, None]).T @ rows + np.diag(held)
        weights = weights - np.linalg.solve(bend, slope)
    return weights


def order(sets: Sequence[Set], encoder: Remembering) -> tuple[float, float, float]:
    """The weights of body and words beside the best cosine, and how sharply they tell the right passage from rivals."""
    groups = []
    for each in sets:
        index = Index(each.passages, encoder, encoder.vectors(Index(each.passages, encoder).missing()))
        groups.append(np.concatenate([*(_leads(each, index, q) for q in each.questions if q.expect)]))
    leads = np.concatenate(groups)
    share = np.concatenate([np.full(len(g), len(leads) / len(groups) / len(g)) for g in groups])
    right = np.concatenate([np.ones(len(leads)), np.zeros(len(leads))])
    both = np.concatenate([leads, -leads])
    sharp, body, lexical = newton(both, right, np.concatenate([share, share]), [0.05] * 3)
    return float(body / sharp), float(lexical / sharp), float(sharp)


def _leads(each: Set, index: Index, question: Question) -> Rows:
    """By how much the right passage leads each of its closest rivals, in what passages are ordered by."""
    there = np.array([not question.initiative or p.initiative == question.initiative for p in each.passages])
    near = index.near(question.text, there)
    assert near is not None
    lexical = np.zeros(len(index), dtype=np.float32)
    for evidence in index.match(question.text, language_of(question.locale), there):
        lexical[evidence.passages] = np.maximum(evidence.score, 0.0)
    rows = np.stack(ranked_by(near, lexical)).T
    right = np.array([question.answered_by(p) for p in each.passages])
    rivals = np.flatnonzero(there & ~right)
    rivals = rivals[np.argsort(-rows[rivals, 0])[:RIVALS]]
    best = int(np.flatnonzero(right)[rows[right, 0].argmax()])
    return np.asarray(rows[best] - rows[rivals], dtype=np.float64)


def judged_by_others(sets: Sequence[Set], groups: Sequence[Sequence[Example]]) -> Iterator[str]:
    """One line for each set: how good the confidence is that the others taught, a set's own variant not among them."""
    for number, each in enumerate(sets):
        rest = [g for other, g in enumerate(groups) if sets[other].name.split()[0] != each.name.split()[0]]
        if rest:
            bias, weights = learn(rest)
            rows = np.array([astuple(s) for s, _ in groups[number]])
            sure = (1.0 / (1.0 + np.exp(-(rows @ weights + bias)))).tolist()
            right = [label for _, label in groups[number]]
            given = [label for label, p in zip(right, sure, strict=True) if p >= 0.6]
            found, right_share = sum(given) / max(1, sum(right)), sum(given) / max(1, len(given))
            yield (
                f"{each.name:<24} AUROC {auroc(sure, right):.3f}, calibration error "
                f"{calibration_error(sure, right):.3f}, answers {found:.2f} of what comes first, "
                f"of these answers {right_share:.2f} are right"
            )


def learned(sets: Sequence[Set], encoder: Remembering | None) -> tuple[float, tuple[float, ...]]:
    """Bias and weights of one model; what was learned is told on standard error."""
    # Where several passages answer a question, more of them would without their headings, and not all are named.
    single = [each for each in sets if all(len(q.expect) <= 1 for q in each.questions)]
    # Words alone have nothing to learn from questions in languages that no passage is written in.
    variants = [*sets, *map(without_headings, single)] if encoder else single
    groups = [examples(each, encoder) for each in variants]
    print(
        f"== with {encoder.name}, judged by the other sets" if encoder else "== by words, judged by the other sets",
        file=sys.stderr,
    )
    for line in judged_by_others(variants, groups):
        print(line, file=sys.stderr)
    bias, weights = learn(groups)
    for field, weight in zip(fields(Sense if encoder else Signs), weights, strict=True):
        print(f"{field.name:>10} {weight:8.3f}", file=sys.stderr)
    return round(bias, 3), tuple(round(float(w), 3) for w in weights)


def main(folders: Sequence[str]) -> None:
    """Prints the file of coefficients."""
    if not folders:
        sys.exit("usage: python -m benchmarks.train DIR... (folders of evaluation sets)")
    encoder = remembering()
    if encoder is None:
        sys.exit("there is no encoder on this machine, and so nothing to learn for it")
    sets = read_sets([Path(f) for f in folders])
    body, lexical, sharp = order(sets, encoder)
    bias, weights = learned(sets, None)
    sense_bias, sense_weights = learned(sets, encoder)
    encoder.save()
    print(_FILE.format(**locals(), middle=MIDDLE), end="")


_FILE = '''"""Coefficients of `candidates.ranked`, and of `bot.answers.confidence` in the order of its signs.

Learned; to be reproduced with `python -m benchmarks.train DIR...` on the development sets.
"""

BY_BODY = {body:.2f}
BY_WORDS = {lexical:.2f}
SHARPNESS = {sharp:.1f}
MIDDLE = {middle}
"""What a passage has that is as likely right as not; set by hand."""

BIAS = {bias}
WEIGHTS = {weights}
SENSE_BIAS = {sense_bias}
SENSE_WEIGHTS = {sense_weights}
'''

if __name__ == "__main__":
    main(sys.argv[1:])
