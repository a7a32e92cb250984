"""What is wrong with the pages in `pushback/`: which driver each is for, and whether it says what is needed to help."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Literal, get_args

from bot.playbook.fault import Fault
from bot.playbook.model import Page
from bot.playbook.naming import nearest, shown
from bot.playbook.pages import language_of

Resistance = Literal[
    "conflicting-priorities",
    "role-threatened",
    "fear-of-change",
    "benefit-unclear",
    "workload",
    "skills-support",
    "data-security",
    "technical",
    "cost",
    "not-consulted",
    "timing",
    "past-failures",
]
"""Why somebody resists a change."""
DRIVERS: tuple[Resistance, ...] = get_args(Resistance)
SECTIONS = ("How it sounds", "Ask first", "What helps")


def pushback_faults(page: Page) -> Iterator[Fault]:
    """A driver that is none is an error, a missing section a warning; in a translation the sections are counted."""
    driver = PurePosixPath(language_of(page.file)[0]).stem
    if driver not in DRIVERS:
        message = f"{shown(driver)} is no driver of resistance{nearest(driver, DRIVERS)}; they are {', '.join(DRIVERS)}"
        yield Fault(page.file, 1, "error", message)
    if page.original:
        return
    written = {section.heading.casefold() for section in page.sections}
    for section in SECTIONS:
        if section.casefold() not in written:
            yield Fault(page.file, 1, "warning", f"the section {shown(section)} is missing")
