"""What an initiative names that does not exist, names twice, or takes from outside its folder.

It compares names; whether what is named makes sense is judged elsewhere.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from bot.playbook.check_shared import Known, repeated, unknown_units
from bot.playbook.fault import Fault
from bot.playbook.naming import nearest, shown
from bot.playbook.reading import Sheet
from bot.playbook.schedule import is_interval

ALL_AFFECTED = "all-affected"
CHANGE_AGENTS = "change-agents"
PUBLIC = "public"
ALWAYS_THERE = (ALL_AFFECTED, CHANGE_AGENTS)
CONTACT_KINDS = ("harassment", "health", "legal")
_IDS = (
    ("units.*.id", "unit"),
    ("decisions.*.id", "decision"),
    ("kpis.*.id", "KPI"),
    ("milestones.*.id", "milestone"),
    ("risks.*.id", "risk"),
    ("governance.obligations.*.id", "obligation"),
    ("learning.sessions.*.id", "session"),
    ("learning.lessons.*.id", "lesson"),
)
_UNITS = ("units.*.id", "change_agents.@", "pilot.units.*", "audiences.*.units.*", "milestones.*.units.*")
_AUDIENCES = (
    "milestones.*.audience",
    "pulses.*.audience",
    "learning.sessions.*.audience",
    "learning.lessons.*.audience",
)


def audience_names(sheet: Sheet) -> frozenset[str]:
    """The audiences that posts, surveys and sessions of this initiative may name."""
    named = (word for pattern in ("audiences.@", "channels.*") for _, word in sheet.words(pattern))
    return frozenset([*named, *ALWAYS_THERE])


def reference_faults(sheet: Sheet, folder: str, defined: Known, files: Mapping[str, bytes]) -> Iterator[Fault]:
    """What `initiative.yaml` names that is not there; `files` are those of the initiative's folder."""
    for path, name in sheet.words("id"):
        if name != folder:
            message = f"the id {shown(name)} is not the folder's name; write {shown(folder)} or rename the folder"
            yield sheet.fault("error", message, *path)
    for pattern, what in _IDS:
        yield from repeated(sheet, pattern, what)
    for pattern in _UNITS:
        yield from unknown_units(sheet, pattern, defined)
    for path, name in sheet.words("serves.*"):
        if defined.goals is not None and name not in defined.goals:
            message = f"no goal {shown(name)} in strategy.yaml{nearest(name, defined.goals)}"
            yield sheet.fault("error", message, *path)
    yield from _audience_faults(sheet)
    yield from _page_faults(sheet, folder, files)
    yield from _small_faults(sheet)


def _audience_faults(sheet: Sheet) -> Iterator[Fault]:
    names = audience_names(sheet)
    for pattern in _AUDIENCES:
        for path, name in sheet.words(pattern):
            if name not in names:
                message = f"no audience {shown(name)} in audiences or channels{nearest(name, names)}"
                yield sheet.fault("error", message, *path)
    for path, name in sheet.words("audiences.@"):
        if name in (*ALWAYS_THERE, PUBLIC):
            yield sheet.fault("error", f"the audience {shown(name)} always exists; choose another name", *path)


def _page_faults(sheet: Sheet, folder: str, files: Mapping[str, bytes]) -> Iterator[Fault]:
    for path, page in sheet.words("learning.lessons.*.page"):
        file = posixpath.normpath(f"{folder}/{page}")
        if not file.startswith(f"{folder}/") or page.startswith("/") or "\\" in page:
            message = f"the page {shown(page)} reaches outside the initiative's folder; put it inside"
            yield sheet.fault("error", message, *path)
        elif page and file not in files:
            here = [name.removeprefix(f"{folder}/") for name in files]
            yield sheet.fault("error", f"no page {shown(page)} in this folder{nearest(page, here)}", *path)


def _small_faults(sheet: Sheet) -> Iterator[Fault]:
    for path, text in sheet.words("governance.obligations.*.every"):
        if not is_interval(text):
            message = f"{shown(text)} is no length of time; write for example 12 months"
            yield sheet.fault("error", message, *path)
    for path, kind in sheet.words("contacts.@"):
        if kind not in CONTACT_KINDS:
            hint = nearest(kind, CONTACT_KINDS)
            message = f"nothing is passed to the contact {shown(kind)}; known are {', '.join(CONTACT_KINDS)}{hint}"
            yield sheet.fault("warning", message, *path)
