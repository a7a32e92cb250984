"""What all initiatives share, as written: `strategy.yaml`, `units.yaml`, `policy.yaml`, the templates of surveys.

Each key is described in `docs/playbooks.md`. It knows no initiative.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from bot.playbook.values import Address, Day, Flag, Hours, Id, Language, Part, Text, Weekday, Zone

Switch = Literal[
    "read-marks",
    "interaction-counts",
    "named-surveys",
    "attendance",
    "response-times-by-name",
    "language-model",
]
WORKING_WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")


class Goal(Part):
    id: Id
    name: Text
    description: str = ""


class StrategyFile(Part):
    goals: tuple[Goal, ...] = ()


OFFICE_HOURS = Hours.model_validate({"from": "09:00", "to": "17:00"})


class Unit(Part):
    id: Id
    name: str = ""
    locale: Language = "en"
    timezone: Zone
    owner: Address
    deputy: Address | None = None
    parent: Id | None = None
    holidays: tuple[Day, ...] = ()
    country: str = ""
    working_days: tuple[Weekday, ...] = WORKING_WEEK
    working_hours: Hours = OFFICE_HOURS


class UnitsFile(Part):
    units: tuple[Unit, ...] = ()


class Policy(Part):
    off: tuple[Switch, ...] = ()
    off_in: Mapping[Id, tuple[Switch, ...]] = {}
    keep_days: Mapping[
        Literal["questions", "concerns", "deliveries", "audit"],
        Annotated[int, Field(ge=1)],
    ] = {}
    word_for: Mapping[str, str] = {}

    def kept(self, what: Literal["questions", "concerns", "deliveries", "audit"]) -> int:
        """Days that this kind of data is kept."""
        return self.keep_days.get(what, KEEP_DAYS[what])


KEEP_DAYS: Mapping[str, int] = {
    "questions": 90,
    "concerns": 730,
    "deliveries": 180,
    "audit": 1825,
}


class Question(Part):
    id: Id
    text: Text
    type: Literal["scale", "choice", "multi", "text"]
    min: int = 1
    max: int = 5
    labels: Mapping[int, str] = {}
    options: tuple[Text, ...] = ()
    optional: Flag = False
    measures: Literal["awareness", "desire", "knowledge", "ability", "reinforcement"] | None = None
    only_if: Mapping[Id, str] = Field(default={}, alias="if")


class PulseTemplate(Part):
    id: Id
    name: Text
    intro: str = ""
    anonymous: Flag = True
    minimum_group: Annotated[int, Field(ge=5)] = 5
    questions: tuple[Question, ...] = ()
