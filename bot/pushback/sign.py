"""Whether a message is a worry: by what triage makes of it, and by whether what is written answers it. Pure.

The limits are set on the development half of the labelled messages and on the questions of `tests/eval`, and shown on
the held-out half by `python -m benchmarks.triage`.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.cues import holds, plain
from bot.triage import Triage
from bot.triage.verdict import Driver, Severity

ANSWERED = 0.6
"""Confidence from which a message is a worry although what is written answers it: a question asked in anger is not."""
UNANSWERED = 0.4
"""Confidence from which one is that nothing answers."""


@dataclass(frozen=True, slots=True)
class Worry:
    """Why somebody resists, and how bad it is. Neither is ever shown."""

    driver: Driver
    severity: Severity


def worry_in(verdict: Triage, answered: bool, text: str = "") -> Worry | None:
    """The worry in a message that was judged so, None where it is none. `answered`: a passage answers it."""
    least = ANSWERED if answered else UNANSWERED
    if verdict.kind != "objection" or verdict.confidence < least:
        return None
    return Worry(reason(verdict, text), verdict.severity)


def reason(verdict: Triage, text: str) -> Driver:
    """Why somebody resists. That nobody asked them is plain where they say so, whatever else they say with it."""
    return "not-consulted" if holds(plain(text), "cue.not-asked") else verdict.driver
