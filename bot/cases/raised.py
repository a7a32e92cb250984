"""What somebody raises, before it is a case: a worry or a request with all that its author said about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DECISIONS = ("yes", "yes-but", "not-now", "no")


@dataclass(frozen=True, slots=True)
class Raised:
    """A concern or a request as its author put it. `unit` is the unit it concerns ('' for none), `at_stake` one of its
    objectives or the author's own targets, `would_work` what would make it work, `affects` who else is affected.
    `avoid_owner`: the owner of the unit is not to read it. `driver` and `severity` are judged, and never shown.
    `value`, `effort` and `fit` are what a request is weighed by (see `bot.requests.queue`).
    """

    kind: Literal["concern", "request"]
    initiative: str
    text: str
    unit: str = ""
    driver: str = "none"
    severity: int = 1
    at_stake: str = ""
    would_work: str = ""
    affects: str = ""
    avoid_owner: bool = False
    locale: str = "en"
    for_colleague: bool = False
    value: str = ""
    effort: str = ""
    fit: str = ""
