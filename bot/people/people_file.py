"""`people.csv`: who works here, read row by row, with every bad row found and named by its line.

Pure. It knows the file, not the directory it will be imported into; which rows count is the importer's decision.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args
from zoneinfo import ZoneInfo

from bot.playbook.circles import in_circles
from bot.playbook.fault import Fault
from bot.playbook.naming import nearest, shown
from bot.playbook.text import has_control
from bot.playbook.values import ADDRESS_PATTERN, PEOPLE_ROLES, Hours, Weekday

COLUMNS = ("email", "name", "unit", "manager", "locale", "timezone", "roles", "start_date")
OPTIONAL_COLUMNS = ("location", "working_days", "working_hours")
LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
_FORMULA_STARTS = ("=", "+", "-", "@")
_HOURS = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])\s*[-–]\s*([01][0-9]|2[0-3]):([0-5][0-9])")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person as written, addresses in lower case; what is empty there is empty here. `line` is the row's first."""

    email: str
    name: str
    unit: str
    manager: str
    locale: str
    timezone: str
    roles: tuple[str, ...]
    start_date: date | None
    location: str
    working_days: tuple[Weekday, ...]
    working_hours: Hours | None
    line: int


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """The good rows, and one fault for every problem of the others.

    A manager is fine if they stand anywhere in the file, even on a row that is bad for another reason.
    `mentioned` are the addresses of all rows, those of the bad ones too.
    """

    rows: tuple[PersonRow, ...]
    faults: tuple[Fault, ...]
    mentioned: frozenset[str] = frozenset()


def read_people(content: bytes, units: Collection[str] | None, file: str = "people.csv") -> PeopleFile:
    """The people in this file. `units` are the known units, None if nobody knows them; `file` is how faults name it.

    Never raises. A file without its header has no rows and one fault.
    """
    text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="surrogateescape")
    records = _records(text)
    first = next(records, None)
    header = [name.strip().lower() for name in first.fields] if first else []
    if problem := _header_problem(header):
        return PeopleFile((), (Fault(file, 1, "error", problem),))
    sheet = _Sheet(header, units)
    for record in records:
        sheet.add(record)
    sheet.compare()
    faults = tuple(sorted(Fault(file, line, "error", message) for line, message in sheet.problems))
    bad = {line for line, _ in sheet.problems}
    good = tuple(row for row in sheet.rows if row.line not in bad)
    return PeopleFile(good, faults, frozenset(sheet.first_seen))


@dataclass(frozen=True, slots=True)
class _Record:
    line: int
    fields: Sequence[str]
    problem: str = ""


def _records(text: str) -> Iterator[_Record]:
    """The records of the file with the line each begins on; blank lines are none."""
    lines = text.removesuffix("\n").split("\n")
    reader = csv.reader((line + "\n" for line in lines), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as wrong:
            yield _Record(line, lines[line - 1].split(","), _csv_problem(str(wrong)))
            continue
        if any(field.strip() for field in fields) or len(fields) > 1:
            yield _Record(line, fields)


def _csv_problem(reason: str) -> str:
    if "end of data" in reason:
        return 'a quote (") that opens here is never closed'
    if "new-line" in reason:
        return "a single carriage return; end lines with LF or CRLF"
    if "field larger" in reason:
        return "a field of more than 131072 characters; check the quotes"
    return 'a quote (") in the wrong place; write "" for a quote within quotes'


def _header_problem(header: Sequence[str]) -> str:
    expected = ",".join(COLUMNS)
    if not set(COLUMNS) <= set(header):
        return f"the first line must be the header {expected} (then optionally {','.join(OPTIONAL_COLUMNS)})"
    if len(set(header)) < len(header):
        return "a column stands twice in the header; remove one"
    unknown = [name for name in header if name not in COLUMNS + OPTIONAL_COLUMNS]
    if unknown:
        return f"unknown column {shown(unknown[0])}{nearest(unknown[0], OPTIONAL_COLUMNS)}; remove it"
    return ""


class _Sheet:
    """The rows read so far, and what is wrong with them by line."""

    def __init__(self, header: Sequence[str], units: Collection[str] | None) -> None:
        self.header = header
        self.units = units
        self.rows: list[PersonRow] = []
        self.problems: list[tuple[int, str]] = []
        self.first_seen: dict[str, int] = {}
        self.managers: list[tuple[int, str, str]] = []

    def add(self, record: _Record) -> None:
        email = _at(record.fields, self.header.index("email"))
        if email and self.first_seen.setdefault(email, record.line) != record.line:
            message = f"{shown(email)} stands already on line {self.first_seen[email]}; keep one row a person"
            self.problems.append((record.line, message))
        manager = _at(record.fields, self.header.index("manager"))
        self.managers.append((record.line, email, manager if _is_address(manager) else ""))
        problem = record.problem or _unreadable(record.fields, len(self.header))
        if problem:
            self.problems.append((record.line, problem))
            return
        fields = {name: value.strip() for name, value in zip(self.header, record.fields, strict=True)}
        problems = list(_problems(fields, self.units))
        self.problems.extend((record.line, message) for message in problems)
        if not problems:
            self.rows.append(_row(fields, record.line))

    def compare(self) -> None:
        """What can only be said when all rows are known."""
        circles = in_circles({email: manager for _, email, manager in self.managers if email})
        for line, email, manager in self.managers:
            if manager and manager not in self.first_seen:
                message = f"the manager {shown(manager)} is not in this file"
                self.problems.append((line, message + nearest(manager, self.first_seen)))
            elif email in circles:
                message = f"the managers of {shown(email)} run in a circle; correct one of them"
                self.problems.append((line, message))


def _at(fields: Sequence[str], column: int) -> str:
    return fields[column].strip().lower() if column < len(fields) else ""


def _unreadable(fields: Sequence[str], columns: int) -> str:
    if any("\udc80" <= character <= "\udcff" for field in fields for character in field):
        return "this row is not UTF-8; save the file as UTF-8"
    if any(has_control(field) for field in fields):
        return "a control character in this row; remove it"
    if len(fields) != columns:
        return f"{len(fields)} columns instead of {columns}; put a text that holds a comma in quotes"
    return ""


def _problems(fields: Mapping[str, str], units: Collection[str] | None) -> Iterator[str]:
    if not fields["email"]:
        yield "the address is missing"
    elif not _is_address(fields["email"]):
        yield f"{shown(fields['email'])} is not an e-mail address"
    if fields["name"].startswith(_FORMULA_STARTS):
        yield f"the name {shown(fields['name'])} begins like a formula; write it without {fields['name'][0]!r}"
    if fields["unit"] and units is not None and fields["unit"] not in units:
        yield f"no unit {shown(fields['unit'])} in units.yaml{nearest(fields['unit'], units)}"
    if fields["manager"] and not _is_address(fields["manager"]):
        yield f"the manager {shown(fields['manager'])} is not an e-mail address"
    if fields["timezone"] and not _is_zone(fields["timezone"]):
        yield f"{shown(fields['timezone'])} is not a time zone; write for example Europe/Lisbon"
    yield from _work_problems(fields)


def _work_problems(fields: Mapping[str, str]) -> Iterator[str]:
    for role in _parts(fields["roles"]):
        if role not in PEOPLE_ROLES:
            yield f"{shown(role)} is none of the roles {', '.join(PEOPLE_ROLES)}{nearest(role, PEOPLE_ROLES)}"
    if fields["start_date"] and _date(fields["start_date"]) is None:
        yield f"{shown(fields['start_date'])} is not a date; write YEAR-MONTH-DAY, for example 2027-03-15"
    for day in _parts(fields.get("working_days", "")):
        if day not in WEEKDAYS:
            yield f"{shown(day)} is not a weekday; write for example mon;tue;wed"
    hours = fields.get("working_hours", "")
    if hours and not _HOURS.fullmatch(hours):
        yield f"{shown(hours)} are no working hours; write for example 09:00-17:00"


def _row(fields: Mapping[str, str], line: int) -> PersonRow:
    days = _parts(fields.get("working_days", ""))
    return PersonRow(
        email=fields["email"].lower(),
        name=fields["name"],
        unit=fields["unit"],
        manager=fields["manager"].lower(),
        locale=fields["locale"],
        timezone=fields["timezone"],
        roles=_parts(fields["roles"]),
        start_date=_date(fields["start_date"]),
        location=fields.get("location", ""),
        working_days=tuple(day for day in WEEKDAYS if day in days),
        working_hours=_hours(fields.get("working_hours", "")),
        line=line,
    )


def _is_address(text: str) -> bool:
    return len(text) <= LONGEST_ADDRESS and re.fullmatch(ADDRESS_PATTERN, text) is not None


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return False
    return True


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip().lower() for part in text.split(";") if part.strip())


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def _hours(text: str) -> Hours | None:
    found = _HOURS.fullmatch(text)
    if not found:
        return None
    first, first_minute, last, last_minute = found.groups()
    return Hours.model_validate({"from": f"{first}:{first_minute}", "to": f"{last}:{last_minute}"})
