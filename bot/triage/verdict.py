"""The words of a verdict: kinds, drivers, severities. It knows no text and no figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.playbook.check_pushback import DRIVERS as REASONS
from bot.playbook.check_pushback import Resistance

Kind = Literal["question", "objection", "request", "praise", "other"]
Driver = Literal[Resistance, "none"]
Severity = Literal[1, 2, 3]

KINDS: tuple[Kind, ...] = ("question", "objection", "request", "praise", "other")
DRIVERS: tuple[Driver, ...] = (*REASONS, "none")
SEVERITIES: tuple[Severity, ...] = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Triage:
    """What a message is. `driver` is why somebody resists, `none` without such a reason. `severity`: 1 a remark, 2 work
    suffers, 3 work stops or a rule is broken. `confidence` is how likely kind and driver are both right (0 to 1).
    """

    kind: Kind
    driver: Driver
    severity: Severity
    confidence: float
