"""What is wrong with the pages of a folder: front matter, questions asked twice, empty answers, translations behind.

It compares pages with each other and with what they name; markup is judged elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest

from bot.playbook.check_shared import Known
from bot.playbook.fault import Fault
from bot.playbook.model import FrontMatter, Page
from bot.playbook.naming import nearest, shown
from bot.playbook.pages import QUESTION_LEVEL, open_page
from bot.playbook.passages import answers
from bot.playbook.reading import Level
from bot.playbook.yaml12 import Path

STALE_AFTER = timedelta(days=180)
_ACCENTED = re.compile(r"([a-z])[\u0300-\u036f]+")


@dataclass(frozen=True, slots=True)
class _Finding:
    """What is wrong at a key of a page's front matter."""

    level: Level
    message: str
    path: Path


def page_faults(
    pages: Sequence[Page], files: Mapping[str, bytes], defined: Known, audiences: Collection[str] | None, today: date
) -> Iterator[Fault]:
    """What is wrong with these pages. `audiences` are those a page may name, None if they cannot be known."""
    originals = {page.file: page for page in pages if not page.original}
    for page in pages:
        source = originals.get(page.original)
        found = [*_names_and_dates(page.front, defined, audiences, today), *_against_original(page, source)]
        if found:
            written = open_page(files[page.file]).front
            for finding in found:
                yield Fault(page.file, written.line(*finding.path), finding.level, finding.message)
        yield from _empty(page)
        yield from _behind(page, source, files)
    yield from _asked_twice(pages)


def alike(question: str) -> str:
    """The question as it is compared: without capitals, accents, punctuation and extra spaces."""
    letters = unicodedata.normalize("NFC", _ACCENTED.sub(r"\1", unicodedata.normalize("NFKD", question.casefold())))
    words = "".join(" " if unicodedata.category(c)[0] in "PSZC" else c for c in letters).split()
    return " ".join(words) or letters.strip()


def _names_and_dates(
    front: FrontMatter, defined: Known, audiences: Collection[str] | None, today: date
) -> Iterator[_Finding]:
    for number, unit in enumerate(front.units):
        if defined.units is not None and unit not in defined.units:
            message = f"no unit {shown(unit)} in units.yaml{nearest(unit, defined.units)}"
            yield _Finding("error", message, ("units", number))
    if front.audience and audiences is not None and front.audience not in audiences:
        message = f"no audience {shown(front.audience)} in audiences or channels{nearest(front.audience, audiences)}"
        yield _Finding("error", message, ("audience",))
    if front.reviewed and front.reviewed < today - STALE_AFTER:
        message = f"last reviewed on {front.reviewed}, more than {STALE_AFTER.days} days ago; read it again"
        yield _Finding("warning", message, ("reviewed",))
    if front.reviewed and front.reviewed > today:
        yield _Finding("warning", f"reviewed on {front.reviewed}, which is still to come", ("reviewed",))


def _against_original(page: Page, source: Page | None) -> Iterator[_Finding]:
    if source is None:
        return
    here, there = page.front, source.front
    if here.audience and here.audience != there.audience:
        meant = shown(there.audience) if there.audience else "none"
        message = f"the audience must be that of {source.file} ({meant}); leave the key out, it is inherited"
        yield _Finding("error", message, ("audience",))
    if here.reviewed and there.reviewed and here.reviewed < there.reviewed:
        message = f"reviewed before its original ({there.reviewed}); compare it with {source.file}"
        yield _Finding("warning", message, ("reviewed",))


def _behind(page: Page, source: Page | None, files: Mapping[str, bytes]) -> Iterator[Fault]:
    if page.original and page.original not in files:
        yield Fault(page.file, 1, "warning", f"this translates {page.original}, which is not there")
    if source is None:
        return
    here, there = (sum(1 for _ in answers(p)) for p in (page, source))
    if here < there:
        what = "questions" if page.is_faq else "headings"
        message = f"{here} {what}, {there} in the original; translate the missing ones"
        yield Fault(page.file, 1, "warning", message)


def _empty(page: Page) -> Iterator[Fault]:
    if page.is_faq and not any(answers(page)):
        yield Fault(page.file, 1, "warning", "no question here; write each question as a heading with ##")
    for section, following in zip_longest(page.sections, page.sections[1:]):
        if section.body:
            continue
        if page.is_faq and section.level == QUESTION_LEVEL:
            message = f"the answer to {shown(section.heading)} is empty"
            yield Fault(page.file, section.line, "warning", message)
        elif not page.is_faq and (following is None or following.level <= section.level):
            yield Fault(page.file, section.line, "warning", f"nothing is written under {shown(section.heading)}")


def _asked_twice(pages: Sequence[Page]) -> Iterator[Fault]:
    first: dict[tuple[str, str], tuple[str, int]] = {}
    for page in pages:
        for _, section in answers(page) if page.is_faq else ():
            asked = (page.locale, alike(section.heading))
            if asked in first:
                file, line = first[asked]
                message = f"{shown(section.heading)} is asked twice, first in {file}:{line}; keep one answer"
                yield Fault(page.file, section.line, "error", message)
            first.setdefault(asked, (page.file, section.line))
