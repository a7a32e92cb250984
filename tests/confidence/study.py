"""Letting the adversary loose: many worlds, every strategy, and how far from chance each of them comes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from random import Random

from bot.library import Snapshot
from bot.store import Store
from tests.confidence.adversary import Scores, Study
from tests.confidence.conftest import Databases
from tests.confidence.scoring import Result, Told, learned, result
from tests.confidence.worlds import Seen

Strategies = Mapping[str, Callable[[Study], Scores]]
Day = Callable[[Store, Snapshot, Random], Seen]
LEARNED = "learned"
FEWEST_TO_LEARN_FROM = 20


def attacked(
    databases: Databases, snapshot: Snapshot, strategies: Strategies, day: Day, worlds: int, seed: int
) -> dict[str, Result]:
    """What each strategy comes to in so many worlds, and one that has learned to weigh them all."""
    told: dict[str, list[Told]] = defaultdict(list)
    for number in range(worlds):
        with databases() as store:
            study = Study(day(store, snapshot, Random(seed * 1_000_000 + number)))
        for name, strategy in strategies.items():
            told[name].append((strategy(study), study.seen.authors))
    found = {name: result(some) for name, some in told.items()}
    if worlds >= FEWEST_TO_LEARN_FROM:
        found[LEARNED] = result(learned(told))
    return found


def outside(results: Mapping[str, Result], confidence: float) -> dict[str, str]:
    """The strategies that do better or worse than chance."""
    return {name: str(one) for name, one in results.items() if not one.within(confidence)}


def found_out(attack: Callable[[int], Mapping[str, Result]], seed: int, confidence: float) -> dict[str, str]:
    """The strategies that are better than chance. Of many some seem so by chance alone: one that lies outside of the
    interval of this confidence is tried in new worlds, with the next seed, and counts if it does so again to the same
    side. Chance alone then finds, of `n` strategies, one in `2 / (n * (1 - confidence) ** 2)` runs.
    """
    first = attack(seed)
    doubtful = outside(first, confidence)
    again = attack(seed + 1) if doubtful else {}
    return {
        name: f"{said}; again: {again[name]}"
        for name, said in doubtful.items()
        if name in outside(again, confidence) and (again[name].auc > 0.5) == (first[name].auc > 0.5)
    }
