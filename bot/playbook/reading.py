"""Files of one folder made into typed things, each file on its own: what can be read is there, what cannot is a fault.

Both the checker and the server read through here. Nothing here compares one file with another, except a
translation with its original.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from bot.playbook.fault import Fault
from bot.playbook.initiative_file import InitiativeFile
from bot.playbook.model import Organisation, Page
from bot.playbook.pages import language_of, read_page
from bot.playbook.shape import fit
from bot.playbook.shared_files import Policy, PulseTemplate, StrategyFile, UnitsFile
from bot.playbook.text import Unreadable
from bot.playbook.translate import overlay
from bot.playbook.values import Part
from bot.playbook.yaml12 import Document, Path, Value, read

AnyPart = TypeVar("AnyPart", bound=Part)
Level = Literal["error", "warning"]
DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A YAML file that was read, for finding the line of what it says."""

    file: str
    document: Document

    def fault(self, level: Level, message: str, *path: str | int) -> Fault:
        """A fault at this place of the file."""
        return Fault(self.file, self.document.line(*path), level, message)

    def words(self, pattern: str) -> Iterator[tuple[Path, str]]:
        """The words at places like `units.*.id`, where `*` is every entry; at the end `@` is the keys themselves.

        They are taken from the file as written, so they are there even if something else in it is wrong.
        """
        yield from _words(self.document.value, tuple(pattern.split(".")), ())


@dataclass(frozen=True, slots=True)
class InitiativeReading:
    """One initiative's folder as far as it can be read. `written` and `sheet` are None if `initiative.yaml` cannot."""

    folder: str
    sheet: Sheet | None = None
    written: InitiativeFile | None = None
    translations: Mapping[str, InitiativeFile] = field(default_factory=dict)
    pages: tuple[Page, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class SharedReading:
    """The files that all initiatives share. A file in `sheets` could be read, though it may hold errors."""

    organisation: Organisation = field(default_factory=Organisation)
    sheets: Mapping[str, Sheet] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


def _words(value: Value, steps: tuple[str, ...], path: Path) -> Iterator[tuple[Path, str]]:
    if not steps:
        if isinstance(value, str | int):
            yield path, str(value)
        return
    entries: Iterable[tuple[str | int, Value]] = ()
    if isinstance(value, list) and steps[0] == "*":
        entries = enumerate(value)
    elif isinstance(value, dict) and steps[0] in ("*", "@"):
        entries = [(key, key if steps[0] == "@" else inner) for key, inner in value.items()]
    elif isinstance(value, dict):
        entries = [(steps[0], value.get(steps[0]))]
    for key, inner in entries:
        yield from _words(inner, steps[1:], (*path, key))


def read_initiative(folder: str, files: Mapping[str, bytes]) -> InitiativeReading:
    """The initiative in this folder; `files` are those of the folder by path."""
    faults: list[Fault] = []
    name = f"{folder}/initiative.yaml"
    sheet, written = _original(InitiativeFile, name, files, faults)
    language = written.language if written else DEFAULT_LANGUAGE
    translations = dict(_translations(InitiativeFile, sheet, written, files, faults))
    pages = tuple(_pages(files, language, faults))
    return InitiativeReading(folder, sheet, written, translations, pages, tuple(faults))


def read_shared(files: Mapping[str, bytes]) -> SharedReading:
    """What all initiatives share; `files` are the shared ones by path."""
    faults: list[Fault] = []
    sheets: dict[str, Sheet] = {}

    def both(model: type[AnyPart], name: str) -> tuple[AnyPart | None, dict[str, AnyPart]]:
        sheet, written = _original(model, name, files, faults)
        if sheet:
            sheets[name] = sheet
        return written, dict(_translations(model, sheet, written, files, faults))

    strategy, strategies = both(StrategyFile, "strategy.yaml")
    units, units_in = both(UnitsFile, "units.yaml")
    policy_sheet, policy = _original(Policy, "policy.yaml", files, faults)
    if policy_sheet:
        sheets["policy.yaml"] = policy_sheet
    templates: dict[str, PulseTemplate] = {}
    templates_in: dict[str, dict[str, PulseTemplate]] = {}
    for name in sorted(files):
        if name.startswith("pulse/") and name.endswith(".yaml") and not language_of(name)[1]:
            template, translated = both(PulseTemplate, name)
            if template:
                templates[template.id] = template
            for locale, texts in translated.items():
                templates_in.setdefault(locale, {})[texts.id] = texts
    organisation = Organisation(
        goals={goal.id: goal for goal in strategy.goals} if strategy else {},
        units={unit.id: unit for unit in units.units} if units else {},
        policy=policy or Policy(),
        pulses=templates,
        pushback=tuple(_pages({n: c for n, c in files.items() if n.startswith("pushback/")}, DEFAULT_LANGUAGE, faults)),
        translated_goals={locale: {g.id: g for g in file.goals} for locale, file in strategies.items()},
        translated_units={locale: {u.id: u for u in file.units} for locale, file in units_in.items()},
        translated_pulses=templates_in,
    )
    return SharedReading(organisation, sheets, tuple(faults))


def _original(
    model: type[AnyPart], name: str, files: Mapping[str, bytes], faults: list[Fault]
) -> tuple[Sheet | None, AnyPart | None]:
    document = _document(name, files, faults)
    if document is None:
        return None, None
    written, found = fit(model, document, name)
    faults.extend(found)
    return Sheet(name, document), written


def _document(name: str, files: Mapping[str, bytes], faults: list[Fault]) -> Document | None:
    if name not in files:
        return None
    try:
        return read(files[name])
    except Unreadable as wrong:
        faults.append(Fault(name, wrong.line, "error", wrong.message))
        return None


def _translations(
    model: type[AnyPart], sheet: Sheet | None, written: AnyPart | None, files: Mapping[str, bytes], faults: list[Fault]
) -> Iterator[tuple[str, AnyPart]]:
    """The original with each translation laid over it. With a broken original they are only read."""
    for name in sorted(files):
        original, locale = language_of(name)
        if not locale or not sheet or original != sheet.file:
            continue
        document = _document(name, files, faults)
        if document is None or written is None:
            continue
        if document.value is None:
            faults.append(Fault(name, 1, "error", "the file is empty; write the translated texts or remove it"))
            continue
        merged, found = overlay(sheet.document.value, document, name)
        translated, misfits = fit(model, Document(merged, document.lines), name)
        faults.extend([*found, *(fault for fault in misfits if fault.level == "error")])
        if translated:
            yield locale, translated


def _pages(files: Mapping[str, bytes], language: str, faults: list[Fault]) -> Iterator[Page]:
    for name in sorted(files):
        if name.endswith(".md"):
            page, found = read_page(name, files[name], language)
            faults.extend(found)
            if page:
                yield page
