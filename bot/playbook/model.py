"""The playbooks in force, as the rest of the program works with them: pages, passages, initiatives, what they share.

It knows nothing of files, databases or platforms. `shared_files.py` and `initiative_file.py` hold files as written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from bot.playbook.initiative_file import InitiativeFile
from bot.playbook.shared_files import Goal, Policy, PulseTemplate, Unit
from bot.playbook.values import Address, Day, Id, Part


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
