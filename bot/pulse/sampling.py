"""Who is asked in a round: everybody of an audience, or a share of it that goes round. Pure.

The rules:
- With a share of a quarter there are four rounds to a cycle, and everybody of the audience is asked in one of them. The
  order is that of a keyed mark, the same in every cycle, so that nobody is asked more often than another and nobody can
  tell who is next.
- Who has come into the audience, or could not be asked in the last cycle, comes first in the next round.
- Nobody is asked by two surveys within seven days: whoever was asked by another one is passed over, and a rotating
  share takes them in a later round.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

SPARED_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Turn:
    """Which time through the audience it is (from 1), and the how-manieth of its rounds (from 0)."""

    cycle: int
    number: int


def rounds_to_a_cycle(share: float) -> int:
    """In how many rounds everybody is asked once; at least two where not everybody is asked each time."""
    return max(2, round(1 / share)) if share < 1 else 1


def next_turn(before: Collection[tuple[int, float]], share: float) -> Turn:
    """The turn of the next round, after those before of the same survey and audience: the cycle and share of each."""
    last = max((cycle for cycle, _ in before), default=0)
    of_it = [one for cycle, one in before if cycle == last]
    goes_on = bool(of_it) and all(one == share for one in of_it) and len(of_it) < rounds_to_a_cycle(share)
    return Turn(last, len(of_it)) if goes_on else Turn(last + 1, 0)


def sample(
    pool: Collection[str],
    share: float,
    turn: Turn,
    last: Mapping[str, int],
    spared: Collection[str],
    mark: Callable[[str], str],
) -> frozenset[str]:
    """Who of the pool (keys) is asked. `last` is the cycle in which each was asked last, `mark` a keyed fingerprint."""
    left = [one for one in pool if last.get(one, 0) != turn.cycle]
    quota = ceil(len(left) / (rounds_to_a_cycle(share) - turn.number))
    there = [one for one in left if one not in spared]
    return frozenset(sorted(there, key=lambda one: (_passed_over(last.get(one, 0), turn), mark(one)))[:quota])


def _passed_over(last: int, turn: Turn) -> int:
    """0 for who was not asked in the cycle before, so that they come first."""
    return int(last == turn.cycle - 1)
