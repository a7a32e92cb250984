"""Figures of merit for answers and their confidence. Pure functions on plain lists."""

from __future__ import annotations

from collections.abc import Sequence


def auroc(scores: Sequence[float], right: Sequence[bool]) -> float:
    """The chance that a right answer scores higher than a wrong one; ties count half, 0.5 without both kinds."""
    ordered = sorted(zip(scores, right, strict=True))
    positives = sum(right)
    negatives = len(ordered) - positives
    if not positives or not negatives:
        return 0.5
    wins, below, at = 0.0, 0, 0
    while at < len(ordered):
        end = at
        while end < len(ordered) and ordered[end][0] == ordered[at][0]:
            end += 1
        good = sum(label for _, label in ordered[at:end])
        bad = end - at - good
        wins += good * (below + bad / 2)
        below += bad
        at = end
    return wins / (positives * negatives)


def calibration_error(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """Expected calibration error: how far confidence and share of right answers lie apart in equal bins."""
    groups: dict[int, list[tuple[float, bool]]] = {}
    for confidence, label in zip(confidences, right, strict=True):
        groups.setdefault(min(int(confidence * bins), bins - 1), []).append((confidence, label))
    gaps = (abs(sum(c - r for c, r in group)) for group in groups.values())
    return sum(gaps) / max(1, len(confidences))
