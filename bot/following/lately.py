"""What of an initiative somebody may have missed: since when they were away, and what happened since. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.store.following import Visits
from bot.store.milestones import Report, Slip

NEW = timedelta(days=14)
"""So long somebody is new here."""
BACK = timedelta(days=7)
"""So long after coming back somebody is told what happened while they were away."""


@dataclass(frozen=True, slots=True)
class Lately:
    """`new`: the reader has not been here for long; `since`: the last day before they were away, None where they were
    not. `reports` is what was said of milestones, by their ids; `moved` are new dates that went out, in order; `wins`
    are sentences, each with its day."""

    new: bool = False
    since: date | None = None
    reports: Mapping[str, Report] = field(default_factory=dict)
    moved: tuple[Slip, ...] = ()
    wins: tuple[tuple[date, str], ...] = ()


def absence(visits: Visits | None, today: date) -> tuple[bool, date | None]:
    """Whether somebody is new here, and the day since when they were away where they have just come back."""
    if visits is None or today - visits.first < NEW:
        return True, None
    back = visits.back_on is not None and today - visits.back_on <= BACK
    return False, visits.away_from if back else None
