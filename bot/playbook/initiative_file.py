"""`initiative.yaml` as written, one class for each mapping in it; `docs/playbooks.md` describes every key.

It knows neither what is shared by all initiatives nor what is in force.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from bot.playbook.values import Address, Day, Hours, Id, Language, Moment, Part, Text, Zone

Phase = Literal[
    "assess",
    "align",
    "design",
    "prepare",
    "build",
    "pilot",
    "rollout",
    "operate",
    "review",
]
Status = Literal["draft", "pilot", "live"]
Level = Literal["low", "medium", "high"]


class Scope(Part):
    inside: tuple[Text, ...] = Field(default=(), alias="in")
    outside: tuple[Text, ...] = Field(default=(), alias="out")


class Pilot(Part):
    units: tuple[Id, ...] = ()
    people: tuple[Address, ...] = ()


class AffectedUnit(Part):
    id: Id
    changes: str = ""
    gains: tuple[Text, ...] = ()
    losses: tuple[Text, ...] = ()
    stays: tuple[Text, ...] = ()
    objectives: tuple[Text, ...] = ()


class Systems(Part):
    kind: str = ""
    replaced: tuple[Text, ...] = ()
    kept: tuple[Text, ...] = ()
    connected: tuple[Text, ...] = ()


class Decision(Part):
    id: Id
    what: Text
    status: Literal["made", "open"]
    when: Day | None = None
    until: Day | None = None
    by: Address | None = None
    why: str = ""
    how_to_be_heard: str = ""


class Audience(Part):
    """Which people a name holds. Units (with those below), roles and locations must all match; `people` are added."""

    units: tuple[Id, ...] = ()
    roles: tuple[Literal["employee", "change-agent", "project-manager", "sponsor", "admin"], ...] = ()
    locations: tuple[Text, ...] = ()
    people: tuple[Address, ...] = ()


class Support(Part):
    name: Text
    how: Text


class Resource(Part):
    what: Text
    start: Day | None = Field(default=None, alias="from")
    until: Day | None = Field(default=None, alias="to")
    who: Address | None = None


class After(Part):
    owner: Address
    until: Day | None = None


class Kpi(Part):
    id: Id
    name: Text
    unit: str = ""
    baseline: float | None = None
    target: float | None = None
    due: Day | None = None
    owner: Address | None = None
    direction: Literal["up", "down"] | None = None


class Budget(Part):
    amount: float
    currency: str = ""


class Milestone(Part):
    id: Id
    name: str = ""
    date: Day
    owner: Address
    done_when: str = ""
    audience: Id | None = None
    units: tuple[Id, ...] = ()
    say: str = ""


class Risk(Part):
    id: Id
    risk: Text
    likelihood: Level | None = None
    impact: Level | None = None
    response: str = ""
    owner: Address | None = None
    review: Day | None = None


class Forum(Part):
    name: Text
    chair: Address | None = None
    members: tuple[Address, ...] = ()


class Obligation(Part):
    id: Id
    name: Text
    due: Day | None = None
    owner: Address | None = None
    evidence: str = ""
    before: tuple[Literal["pulse", "learning"], ...] = ()
    every: str = ""


class Governance(Part):
    decides: str = ""
    meets: str = ""
    contact: Address | None = None
    forums: tuple[Forum, ...] = ()
    obligations: tuple[Obligation, ...] = ()


class PulseRule(Part):
    when: Text
    propose: Text


class PulseSchedule(Part):
    template: Id
    schedule: Text
    timezone: Zone | None = None
    audience: Id | None = None
    start: Day | None = None
    closes_after_days: Annotated[int, Field(ge=1, le=365)] = 7
    share: Annotated[float, Field(gt=0, le=1)] = 1.0
    rules: tuple[PulseRule, ...] = ()


class Session(Part):
    id: Id
    name: Text
    minutes: Annotated[int, Field(ge=1)] | None = None
    audience: Id | None = None
    when: Moment | None = None
    where: str = ""
    trainer: Address | None = None
    capacity: Annotated[int, Field(ge=1)] | None = None


class Lesson(Part):
    id: Id
    name: Text
    minutes: Annotated[int, Field(ge=1)] | None = None
    page: str = ""
    audience: Id | None = None


class Learning(Part):
    sessions: tuple[Session, ...] = ()
    lessons: tuple[Lesson, ...] = ()


class Sla(Part):
    acknowledge_hours: Annotated[float, Field(gt=0)] = 8
    answer_days: Annotated[int, Field(ge=1)] = 3
    stop_work_hours: Annotated[float, Field(gt=0)] = 2


QUIET_HOURS = Hours.model_validate({"from": "19:00", "to": "07:00"})


class Messaging(Part):
    quiet_hours: Hours = QUIET_HOURS
    weekly_cap: Annotated[int, Field(ge=0)] = 3
    approve_above: Annotated[int, Field(ge=0)] = 500
    author_limit: Mapping[str, str] = {"change-agent": "own-unit"}


class InitiativeFile(Part):
    """`initiative.yaml` as written, or with the texts of one translation laid over it."""

    id: Id
    language: Language = "en"
    name: Text
    summary: str = ""
    purpose: Text
    scope: Scope = Scope()
    serves: Annotated[tuple[Id, ...], Field(min_length=1)]
    sponsor: Address
    project_manager: Address
    phase: Phase = "assess"
    status: Status = "live"
    pilot: Pilot = Pilot()
    units: Annotated[tuple[AffectedUnit, ...], Field(min_length=1)]
    change_agents: Mapping[Id, tuple[Address, ...]] = {}
    if_we_do_nothing: str = ""
    makes_possible: str = ""
    systems: Systems = Systems()
    decisions: tuple[Decision, ...] = ()
    audiences: Mapping[Id, Audience] = {}
    support: Support | None = None
    contacts: Mapping[str, Address] = {}
    resources: tuple[Resource, ...] = ()
    after: After | None = None
    kpis: tuple[Kpi, ...] = ()
    budget: Budget | None = None
    milestones: tuple[Milestone, ...] = ()
    risks: tuple[Risk, ...] = ()
    governance: Governance | None = None
    pulses: tuple[PulseSchedule, ...] = ()
    learning: Learning | None = None
    channels: tuple[Id, ...] = ()
    sla: Sla = Sla()
    messaging: Messaging = Messaging()
