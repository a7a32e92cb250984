"""Everything of an initiative that can be quoted and cited, as passages, in every language it is written in.

Pure. It decides which passages exist and which of them are translations of each other, not who may read them.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from bot.playbook.facts import Fact, facts
from bot.playbook.initiative_file import InitiativeFile
from bot.playbook.model import FrontMatter, Page, Passage, Section
from bot.playbook.pages import QUESTION_LEVEL

PUBLIC = "public"


def passages(
    initiative_id: str, written: InitiativeFile, translations: Mapping[str, InitiativeFile], pages: Sequence[Page]
) -> tuple[Passage, ...]:
    """Questions, sections of pages and facts, originals before their translations.

    A translation shares `original` with what it translates and is never more public than it: what its front
    matter leaves out, or opens wider, is taken from the original's.
    """
    found = [*fact_passages(initiative_id, written, translations)]
    originals = {page.file: page for page in pages if not page.original}
    made: dict[str, dict[tuple[int, int], str]] = {}
    for page in sorted(pages, key=lambda page: (page.original != "", page.file)):
        source = originals.get(page.original)
        front = inherited(page.front, source.front) if source else page.front
        own = dict(_of_page(initiative_id, replace(page, front=front)))
        made[page.file] = {place: passage.id for place, passage in own.items()}
        shared = _shared_places(page, source) if source else frozenset()
        for place, passage in own.items():
            same = made[page.original].get(place) if source and place in shared else None
            found.append(replace(passage, original=same or passage.id))
    return tuple(found)


def inherited(front: FrontMatter, original: FrontMatter) -> FrontMatter:
    """A translation's front matter with what it lacks from the original's, never more public than that."""
    wider = original.audience is not None or front.audience == PUBLIC
    return front.model_copy(
        update={
            "audience": original.audience if wider else front.audience,
            "topic": front.topic or original.topic,
            "units": front.units or original.units,
            "owner": front.owner or original.owner,
        }
    )


def answers(page: Page) -> Iterator[tuple[tuple[int, int], Section]]:
    """The sections that may become passages, each with its place: its level and its number among those of the level."""
    counted: Counter[int] = Counter()
    for section in page.sections:
        place = (section.level, counted[section.level])
        counted[section.level] += 1
        if not page.is_faq or section.level == QUESTION_LEVEL:
            yield place, section


def _of_page(initiative: str, page: Page) -> Iterator[tuple[tuple[int, int], Passage]]:
    front = page.front
    seen: Counter[str] = Counter()
    for place, section in answers(page):
        if not section.body or not section.heading:
            continue
        passage = Passage(
            id=_id(page.file, section.heading, seen[section.heading]),
            initiative=initiative,
            file=page.file,
            heading=section.heading,
            body=section.body,
            locale=page.locale,
            kind="question" if page.is_faq else "page",
            also=section.also,
            units=front.units,
            audience=front.audience or "",
            topic=front.topic or "",
            owner=front.owner or "",
            reviewed=front.reviewed,
        )
        seen[section.heading] += 1
        yield place, replace(passage, hash=_hash(passage))


def _shared_places(page: Page, source: Page) -> frozenset[tuple[int, int]]:
    """The places at the levels of which page and original have equally many headings."""
    here, there = (Counter(section.level for section in p.sections) for p in (page, source))
    return frozenset(place for place, _ in answers(page) if here[place[0]] == there[place[0]])


def fact_passages(
    initiative: str, written: InitiativeFile, translations: Mapping[str, InitiativeFile]
) -> Iterator[Passage]:
    """The facts of the file and, where they say something else, of its translations."""
    original = f"{initiative}/initiative.yaml"
    own = facts(written)
    said = set(own)
    yield from _of_file(initiative, original, original, written.language, own)
    for locale, translated in sorted(translations.items()):
        file = f"{initiative}/initiative.{locale}.yaml"
        yield from _of_file(initiative, file, original, locale, [f for f in facts(translated) if f not in said])


def _of_file(initiative: str, file: str, original: str, locale: str, found: Iterable[Fact]) -> Iterator[Passage]:
    for fact in found:
        passage = Passage(
            id=_id(file, fact.key, 0),
            initiative=initiative,
            file=file,
            heading=fact.key,
            body=fact.body,
            locale=locale,
            kind="fact",
            units=fact.units,
            owner=fact.owner,
            original=_id(original, fact.key, 0),
        )
        yield replace(passage, hash=_hash(passage))


def _id(file: str, heading: str, occurrence: int) -> str:
    return _digest((file, heading, str(occurrence)))[:12]


def _hash(passage: Passage) -> str:
    front = (*passage.units, passage.audience, passage.topic, passage.owner, str(passage.reviewed))
    return _digest((passage.heading, *passage.also, passage.body, *front))[:16]


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
