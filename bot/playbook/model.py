"""What a playbook says, as typed data: the keys of `docs/playbooks.md`, one class for each.

It knows nothing of files, databases or platforms. Classes ending in `File` are one YAML file as written;
`Initiative` and `Playbooks` are what the rest of the program works with.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
)

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
ADDRESS_PATTERN = r"^[^@\s<>,;:\"()]+@[^@\s<>,;:\"()]+\.[^@\s<>,;:\"()]+$"

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
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Level = Literal["low", "medium", "high"]
Switch = Literal[
    "read-marks",
    "interaction-counts",
    "named-surveys",
    "attendance",
    "response-times-by-name",
    "language-model",
]
PEOPLE_ROLES = ("employee", "change-agent", "project-manager", "sponsor", "admin")
_REGION = 2  # letters: a country as in pt-BR, while more are a script as in zh-Hant
_YEAR = "(19|20|21)[0-9]{2}"  # so that no sum of a date and days leaves the calendar
WORKING_WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except Exception as wrong:  # zoneinfo raises ValueError, KeyError, IsADirectoryError and others for odd names
        raise ValueError(f"{name!r} is not a time zone (write for example Europe/Lisbon)") from wrong
    return name


def _clock(value: object) -> object:
    if isinstance(value, str) and re.fullmatch("[0-9]{2}:[0-9]{2}", value):
        return value
    raise ValueError('write the time as "HH:MM", for example "09:00"')


def _day(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(_YEAR + "-[0-9]{2}-[0-9]{2}", value):
        return value
    raise ValueError("write the date as YEAR-MONTH-DAY, for example 2027-03-15")


def _moment(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(_YEAR + "-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}", value):
        return value
    raise ValueError("write the moment as YEAR-MONTH-DAYTHOUR:MINUTE, for example 2027-01-25T10:00")


def tidy_language(language: str) -> str:
    """`pt-BR` for `pt-br` and `pt_BR`. Raises `ValueError` for what is no language code."""
    if not re.fullmatch("[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,2}", language):
        raise ValueError(f"{language[:40]!r} is not a language code (write for example en or pt-BR)")
    first, *rest = language.replace("_", "-").split("-")
    return "-".join([first.lower(), *(part.upper() if len(part) == _REGION else part.title() for part in rest)])


Id = Annotated[str, Field(pattern=ID_PATTERN)]
Address = Annotated[str, Field(pattern=ADDRESS_PATTERN), AfterValidator(str.lower)]
Language = Annotated[str, AfterValidator(tidy_language)]
Zone = Annotated[str, AfterValidator(_zone)]
Clock = Annotated[time, BeforeValidator(_clock)]
Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[datetime, BeforeValidator(_moment)]  # local to whoever is invited
Flag = Annotated[bool, Strict()]  # `no` and `off` are words, not false
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Part(BaseModel):
    """A mapping of a playbook file. Unknown keys are kept aside and reported as warnings, never refused."""

    model_config = ConfigDict(
        frozen=True,
        extra="allow",
        populate_by_name=True,
        coerce_numbers_to_str=True,
        allow_inf_nan=False,
    )


class Goal(Part):
    id: Id
    name: Text
    description: str = ""


class StrategyFile(Part):
    goals: tuple[Goal, ...] = ()


class Hours(Part):
    """Working hours in the zone of whoever has them; `until` at or before `start` means over midnight."""

    start: Clock = Field(alias="from")
    until: Clock = Field(alias="to")


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
    closes_after_days: Annotated[int, Field(ge=1)] = 7
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


class FrontMatter(Part):
    owner: Address | None = None
    reviewed: Day | None = None
    units: tuple[Id, ...] = ()
    audience: Id | None = None
    topic: Literal["jobs"] | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One heading with the text below it. In `faq*.md` the heading is a question and `also` its other wordings."""

    heading: str
    level: int
    body: str
    line: int
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A Markdown file. `file` is relative to the playbooks folder; `original` is the file it translates, if any."""

    file: str
    locale: str
    front: FrontMatter
    sections: tuple[Section, ...]
    is_faq: bool = False
    original: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """Something that can be quoted and cited by file and heading.

    `kind` is `question` (of a FAQ), `page` (a section of any other page) or `fact` (out of `initiative.yaml`, whose
    key is the heading). `units` are a preference, `audience` is a permission. `original` is the id of the passage
    it translates, or its own: translations of one passage share it. `hash` changes with the content alone.
    """

    id: str
    initiative: str
    file: str
    heading: str
    body: str
    locale: str
    kind: Literal["question", "page", "fact"]
    also: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    audience: str = ""
    topic: str = ""
    owner: str = ""
    reviewed: date | None = None
    original: str = ""
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Initiative:
    """One initiative that passed the checker, in all its languages. `filed` is the file itself where something that was
    accepted in chat is laid over it in `written`."""

    id: str
    version: str
    written: InitiativeFile
    translations: Mapping[str, InitiativeFile] = field(default_factory=dict)
    pages: tuple[Page, ...] = ()
    passages: tuple[Passage, ...] = ()
    filed: InitiativeFile | None = None

    @property
    def in_file(self) -> InitiativeFile:
        """What the file says, without what was accepted in chat."""
        return self.filed or self.written

    def text(self, locale: str) -> InitiativeFile:
        """The initiative in this language (`pt-BR` falls back to `pt`), else as written."""
        return self.translations.get(locale) or self.translations.get(locale.partition("-")[0]) or self.written


@dataclass(frozen=True, slots=True)
class Organisation:
    """What all initiatives share. `translated_*` hold by locale what `strategy.xx.yaml` and its like say, by id.
    `filed` are the units as the file has them of which something else was accepted in chat."""

    version: str = ""
    goals: Mapping[str, Goal] = field(default_factory=dict)
    units: Mapping[str, Unit] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)
    pulses: Mapping[str, PulseTemplate] = field(default_factory=dict)
    pushback: tuple[Page, ...] = ()
    translated_goals: Mapping[str, Mapping[str, Goal]] = field(default_factory=dict)
    translated_units: Mapping[str, Mapping[str, Unit]] = field(default_factory=dict)
    translated_pulses: Mapping[str, Mapping[str, PulseTemplate]] = field(default_factory=dict)
    filed: Mapping[str, Unit] = field(default_factory=dict)

    @property
    def in_file(self) -> Mapping[str, Unit]:
        """The units as the file has them, without what was accepted in chat."""
        return {**self.units, **self.filed}


@dataclass(frozen=True, slots=True)
class Playbooks:
    """Everything in force at one moment."""

    organisation: Organisation = Organisation()
    initiatives: Mapping[str, Initiative] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One finding of the checker; `file` is relative to the playbooks folder, `line` counts from 1."""

    file: str
    line: int
    level: Literal["error", "warning"]
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.level}: {self.message}"
