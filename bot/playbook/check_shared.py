"""What is wrong with the files that all initiatives share: goals, units, policy, people, and files nobody reads.

It knows what these files may refer to, not what an initiative says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

import holidays

from bot.people.people_file import read_people
from bot.playbook.circles import in_circles
from bot.playbook.fault import Fault
from bot.playbook.naming import nearest, shown
from bot.playbook.pages import language_of
from bot.playbook.reading import SharedReading, Sheet
from bot.playbook.shared_files import PulseTemplate

TRANSLATED = ("strategy.yaml", "units.yaml")
SHARED_YAML = (*TRANSLATED, "policy.yaml")


@dataclass(frozen=True, slots=True)
class Known:
    """What an initiative may name. None means that the file cannot be read, so that nothing can be said.

    A template is None if it is there but broken. Things that are broken themselves are known all the same.
    """

    goals: frozenset[str] | None
    units: frozenset[str] | None
    templates: Mapping[str, PulseTemplate | None]


def known(shared: SharedReading, files: Mapping[str, bytes]) -> Known:
    """What the shared files define; `files` are those files."""
    templates: dict[str, PulseTemplate | None] = {}
    for name in files:
        if name.startswith("pulse/") and name.endswith(".yaml") and not language_of(name)[1]:
            templates[PurePosixPath(name).stem] = None
    return Known(
        goals=_ids(shared.sheets.get("strategy.yaml"), "goals"),
        units=_ids(shared.sheets.get("units.yaml"), "units"),
        templates={**templates, **shared.organisation.pulses},
    )


def _ids(sheet: Sheet | None, key: str) -> frozenset[str] | None:
    if sheet is None or not isinstance(sheet.document.value, dict):
        return None
    return frozenset(word for _, word in sheet.words(f"{key}.*.id"))


def shared_file_faults(
    shared: SharedReading, files: Mapping[str, bytes], defined: Known, initiatives: int
) -> Iterator[Fault]:
    """What is wrong with strategy, units, policy and people, and which files are missing or read by nobody."""
    if initiatives:
        for name, holds in (("strategy.yaml", "goals"), ("units.yaml", "units")):
            if name not in files:
                yield Fault(name, 1, "error", f"there is no {name}; write it with the organisation's {holds}")
    if strategy := shared.sheets.get("strategy.yaml"):
        yield from repeated(strategy, "goals.*.id", "goal")
    if units := shared.sheets.get("units.yaml"):
        yield from _unit_faults(units, defined)
    if policy := shared.sheets.get("policy.yaml"):
        yield from unknown_units(policy, "off_in.@", defined)
    if "people.csv" in files:
        yield from read_people(files["people.csv"], defined.units).faults
    yield from _stray(files)


def repeated(sheet: Sheet, pattern: str, what: str) -> Iterator[Fault]:
    """An error for every id that stands at these places a second time."""
    first: dict[str, int] = {}
    for path, name in sheet.words(pattern):
        if name in first:
            message = f"the {what} {shown(name)} is given twice, first on line {first[name]}"
            yield sheet.fault("error", message, *path)
        first.setdefault(name, sheet.document.line(*path))


def unknown_units(sheet: Sheet, pattern: str, defined: Known) -> Iterator[Fault]:
    """An error for every unit named at these places that units.yaml does not hold."""
    for path, name in sheet.words(pattern):
        if defined.units is not None and name not in defined.units:
            message = f"no unit {shown(name)} in units.yaml{nearest(name, defined.units)}"
            yield sheet.fault("error", message, *path)


def _unit_faults(sheet: Sheet, defined: Known) -> Iterator[Fault]:
    yield from repeated(sheet, "units.*.id", "unit")
    yield from unknown_units(sheet, "units.*.parent", defined)
    places = {path[1]: name for path, name in sheet.words("units.*.id")}
    parents = {places[path[1]]: name for path, name in sheet.words("units.*.parent") if path[1] in places}
    circles = in_circles(parents)
    for path, _ in sheet.words("units.*.parent"):
        unit = places.get(path[1], "")
        if unit in circles:
            message = f"the parents of {shown(unit)} run in a circle; correct one of them"
            yield sheet.fault("error", message, *path)
    for path, country in sheet.words("units.*.country"):
        if problem := _unknown_country(country):
            yield sheet.fault("error", problem, *path)


def _unknown_country(country: str) -> str:
    code, _, part = country.partition("-")
    supported = holidays.list_supported_countries()
    if code not in supported:
        return f"no holidays are known for the country {shown(country)}; write a code such as PT or BR-SP"
    if part and part not in supported[code]:
        return f"no holidays are known for {shown(part)} in {code}; write the country alone"
    return ""


def _stray(files: Mapping[str, bytes]) -> Iterator[Fault]:
    for name in files:
        original, language = language_of(name)
        path = PurePosixPath(name)
        folder = path.parent.as_posix()
        if path.stem.lower() == "readme" or name == "people.csv":
            continue
        read = original in TRANSLATED or name in SHARED_YAML
        if not read and (folder, path.suffix) not in (("pulse", ".yaml"), ("pushback", ".md")):
            yield Fault(name, 1, "warning", f"nothing reads this file{nearest(name, SHARED_YAML)}")
        elif language and path.suffix == ".yaml" and original not in files:
            yield Fault(name, 1, "error", f"this translates {original}, which is not there; rename or remove it")
