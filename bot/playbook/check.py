"""Every rule of the checker, asked of one folder at a time.

Each rule lives with its concern in a `check_*` module and yields faults; nothing here stops at the first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from pathlib import PurePosixPath

from bot.playbook.check_completeness import completeness_faults
from bot.playbook.check_markup import markup_faults, platform_id_faults
from bot.playbook.check_pages import page_faults
from bot.playbook.check_pulses import planned_faults, template_faults
from bot.playbook.check_pushback import pushback_faults
from bot.playbook.check_references import ALWAYS_THERE, PUBLIC, audience_names, reference_faults
from bot.playbook.check_shared import Known, shared_file_faults
from bot.playbook.check_topics import unanswered_topics
from bot.playbook.fault import Fault
from bot.playbook.naming import nearest
from bot.playbook.pages import language_of
from bot.playbook.reading import InitiativeReading, SharedReading

Files = Mapping[str, bytes]


def shared_faults(
    shared: SharedReading, own: Files, files: Files, readings: Sequence[InitiativeReading], defined: Known, today: date
) -> Iterator[Fault]:
    """What is wrong with the files that all initiatives share; `own` are those, `files` all there are."""
    yield from shared.faults
    yield from shared_file_faults(shared, own, defined, len(readings))
    yield from template_faults(shared)
    named = (audience_names(reading.sheet) for reading in readings if reading.sheet)
    audiences = frozenset([*ALWAYS_THERE, PUBLIC]).union(*named)
    yield from page_faults(shared.organisation.pushback, own, defined, audiences, today)
    for page in shared.organisation.pushback:
        yield from pushback_faults(page)
    yield from _text_faults(own, files)


def initiative_faults(
    reading: InitiativeReading, own: Files, files: Files, defined: Known, today: date
) -> Iterator[Fault]:
    """What is wrong with one initiative; `own` are its files, `files` all there are."""
    yield from reading.faults
    yield from _text_faults(own, files)
    audiences: Collection[str] | None = None
    if reading.sheet:
        yield from reference_faults(reading.sheet, reading.folder, defined, own)
        audiences = audience_names(reading.sheet) | {PUBLIC}
    yield from page_faults(reading.pages, own, defined, audiences, today)
    yield from _file_faults(reading.folder, own)
    if reading.sheet and reading.written:
        yield from planned_faults(reading.sheet, reading.written, defined)
        yield from completeness_faults(reading.sheet, reading.written, today)
        if len(reading.pages) == sum(name.endswith(".md") for name in own):
            for question in unanswered_topics(reading.pages, reading.written.language):
                message = f"no page answers a question everybody asks: {question}"
                yield Fault(reading.sheet.file, 1, "warning", message)


def _text_faults(own: Files, files: Files) -> Iterator[Fault]:
    for name, content in own.items():
        if name.endswith((".yaml", ".md")):
            yield from platform_id_faults(name, content)
        if name.endswith(".md"):
            yield from markup_faults(name, files)


def _file_faults(folder: str, own: Files) -> Iterator[Fault]:
    written = f"{folder}/initiative.yaml"
    if written not in own:
        message = "this folder has no initiative.yaml; write one, or move the files elsewhere"
        yield Fault(written, 1, "error", message)
    for name in own:
        if name.endswith(".yaml") and language_of(name)[0] != written:
            hint = nearest(PurePosixPath(name).name, ("initiative.yaml",))
            yield Fault(name, 1, "warning", f"nothing reads this file{hint}")
