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
UNANSWERED = 0.45
"""Confidence from which one is that nothing answers."""

ASKED, ASKED_AND_ANSWERED = 0.6, 0.9
"""The same for what ends with a question mark."""
NAMED = 0.6
"""Confidence from which the reason is named to whoever wrote."""


@dataclass(frozen=True, slots=True)
class Worry:
    """Why somebody resists, and how bad it is. Neither is ever shown. `named` is the reason by which they are told that
    they were understood, `none` where it is not sure enough: better a neutral sentence than a wrong one."""

    driver: Driver
    severity: Severity
    named: Driver = "none"


def worry_in(verdict: Triage, answered: bool, text: str = "") -> Worry | None:
    """The worry in a message that was judged so, None where it is none. `answered`: a passage answers it."""
    if verdict.kind != "objection" or verdict.confidence < _least(answered, text):
        return None
    driver = reason(verdict, text)
    sure = verdict.confidence >= NAMED or _says_so(text)
    return Worry(driver, verdict.severity, driver if sure else "none")


def _least(answered: bool, text: str) -> float:
    """The confidence that it takes. What is put as a question and has an answer gets that; other questions need more
    than statements, since a question that is met as a worry helps nobody. That nobody asked them needs no more."""
    asks = text.rstrip(" !.…").endswith(("?", "？"))
    if answered:
        return ASKED_AND_ANSWERED if asks else ANSWERED
    if not asks and _says_so(text):
        return 0.0
    return ASKED if asks else UNANSWERED


def reason(verdict: Triage, text: str) -> Driver:
    """Why somebody resists. That nobody asked them is plain where they say so, whatever else they say with it."""
    return "not-consulted" if _says_so(text) else verdict.driver


def _says_so(text: str) -> bool:
    return holds(plain(text), "cue.not-asked")
