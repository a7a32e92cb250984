"""From files to playbooks: what is in force, what is wrong with it, and which folders must not be used.

Pure: files come in as bytes and `today` as an argument. It knows no disk and no database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath

from bot.playbook.check import initiative_faults, shared_faults
from bot.playbook.check_shared import known
from bot.playbook.fault import Fault
from bot.playbook.model import Initiative, Playbooks
from bot.playbook.passages import passages
from bot.playbook.reading import InitiativeReading, SharedReading, read_initiative, read_shared

SHARED = ""
SHARED_FOLDERS = ("pushback", "pulse")


@dataclass(frozen=True, slots=True)
class Checked:
    """The initiatives without an error, all faults in the order of files and lines, and the folders with an error.

    `broken` holds an empty name if a shared file has one.
    """

    playbooks: Playbooks
    faults: tuple[Fault, ...]
    broken: frozenset[str]


def folder_of(file: str) -> str:
    """The initiative's folder that a file (or a folder) belongs to; empty for what all initiatives share."""
    path = PurePosixPath(file)
    if path.parts[:1] and path.parts[0] in SHARED_FOLDERS:
        return SHARED
    return path.parts[0] if len(path.parts) > 1 or (path.parts and not path.suffix) else SHARED


def split(files: Mapping[str, bytes]) -> dict[str, dict[str, bytes]]:
    """The files by initiative folder; under the empty name those that all initiatives share."""
    groups: dict[str, dict[str, bytes]] = {SHARED: {}}
    for name in sorted(files):
        groups.setdefault(folder_of(name), {})[name] = files[name]
    return groups


def assemble(files: Mapping[str, bytes]) -> Playbooks:
    """Everything that can be built from files that were once found good. Never raises; leaves out the unreadable."""
    groups = split(files)
    shared = read_shared(groups[SHARED])
    readings = [read_initiative(folder, group) for folder, group in groups.items() if folder != SHARED]
    return _playbooks(shared, readings, groups)


def check(files: Mapping[str, bytes], today: date, reading_faults: Sequence[Fault] = ()) -> Checked:
    """Everything that is wrong with these files, and the playbooks that may be used.

    `reading_faults` are those met while reading the folder. An error breaks its own folder only.
    """
    groups = split(files)
    shared = read_shared(groups[SHARED])
    readings = [read_initiative(folder, group) for folder, group in groups.items() if folder != SHARED]
    defined = known(shared, groups[SHARED])
    faults = [*reading_faults, *shared_faults(shared, groups[SHARED], files, readings, defined, today)]
    for reading in readings:
        faults.extend(initiative_faults(reading, groups[reading.folder], files, defined, today))
    if not readings and not reading_faults:
        faults.append(Fault(".", 1, "error", "no initiative here; make a folder with an initiative.yaml"))
    broken = frozenset(folder_of(fault.file) for fault in faults if fault.level == "error")
    sound = [reading for reading in readings if reading.folder not in broken]
    return Checked(_playbooks(shared, sound, groups), tuple(sorted({_printable(f) for f in faults})), broken)


def _printable(fault: Fault) -> Fault:
    """The fault on one line, whatever stands in the files it speaks of."""
    file, message = ("".join(c if c.isprintable() else "?" for c in text) for text in (fault.file, fault.message))
    return replace(fault, file=file, message=message)


def _playbooks(
    shared: SharedReading, readings: Sequence[InitiativeReading], groups: Mapping[str, Mapping[str, bytes]]
) -> Playbooks:
    initiatives = (_initiative(reading, groups[reading.folder]) for reading in readings)
    return Playbooks(
        organisation=replace(shared.organisation, version=_version(groups[SHARED])),
        initiatives={initiative.id: initiative for initiative in initiatives if initiative},
    )


def _initiative(reading: InitiativeReading, files: Mapping[str, bytes]) -> Initiative | None:
    written = reading.written
    if written is None:
        return None
    return Initiative(
        id=written.id,
        version=_version(files),
        written=written,
        translations=reading.translations,
        pages=reading.pages,
        passages=passages(written.id, written, reading.translations, reading.pages),
    )


def _version(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode())
        digest.update(files[name])
    return digest.hexdigest()[:16]
