"""The order in which requests are looked at, and how long a word usually takes. Pure.

What helps more comes first; of what helps alike, what takes less; then what serves a goal; then what came first. Nobody
moves up by asking louder.
"""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median

from bot.store.requests import Request

VALUES = ("some", "much", "must")
"""What it is worth to whoever asks: it would be nice, it would save much, we cannot do without."""
EFFORTS = ("small", "middle", "large")
"""What they think it takes: an hour or two, some days, more."""
NO_GOAL, UNSURE = "none", "unsure"
"""What it serves where it is none of the goals of the project."""
ENOUGH = 3
"""Decided requests from which on a usual time is named."""


def ordered(waiting: Iterable[Request]) -> tuple[Request, ...]:
    """The requests in the order in which they are looked at."""
    return tuple(sorted(waiting, key=_rank))


def _rank(one: Request) -> tuple[object, ...]:
    value = VALUES.index(one.value) if one.value in VALUES else 0
    effort = EFFORTS.index(one.effort) if one.effort in EFFORTS else 1
    fits = one.fit not in (NO_GOAL, UNSURE, "")
    return -value, effort, not fits, one.case.created_at, one.case.number


def usual_days(decided: Iterable[Request]) -> int | None:
    """How many days it usually takes (the middle one of them) until a request is decided; None of too few."""
    took = [(one.case.decided_on - one.case.created_at.date()).days for one in decided if one.case.decided_on]
    return max(1, round(median(took))) if len(took) >= ENOUGH else None
