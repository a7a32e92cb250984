"""How an answer looks: the passage quoted short, its source, and what one can ask or press next.

Pure; it knows no database and no platform, and finds nothing itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from babel import Locale

from bot.messages import Card, Choice
from bot.playbook.initiative_file import InitiativeFile
from bot.playbook.model import Initiative, Passage
from bot.turn import Reader
from bot.words import supported

WHOLE = 600
LEAD = 400
LABEL = 70
SHOWN_AT_ONCE = 5
SHORTEST_LEAD = 120

FOLLOWING = {
    "why": ("changes", "when", "decided"),
    "changes": ("when", "learn", "who"),
    "when": ("changes", "learn", "risks"),
    "who": ("why", "decided", "when"),
    "goals": ("why", "risks", "when"),
    "risks": ("decided", "when", "who"),
    "decided": ("why", "when", "who"),
    "learn": ("when", "changes", "who"),
    "missed": ("changes", "why", "when"),
}


def lines(items: Iterable[str]) -> str:
    """A Markdown list."""
    return "\n".join(f"- {item}" for item in items)


def paragraphs(*parts: str) -> str:
    """The parts that are not empty, as paragraphs."""
    return "\n\n".join(part for part in parts if part)


def short_name(text: InitiativeFile) -> str:
    """The name of an initiative as people say it: what stands before a colon."""
    return text.name.partition(":")[0].strip()


def fact_card(
    reader: Reader,
    initiative: Initiative,
    word: str,
    body: str,
    facts: tuple[tuple[str, str], ...] = (),
    choices: tuple[Choice, ...] | None = None,
    title: str = "",
) -> Card:
    """A card made of facts of the initiative, with source, version and the next questions after `word`."""
    return Card(
        title=title or reader.words(f"{word}.title", name=short_name(initiative.text(reader.words.locale))),
        body=paragraphs(untranslated(reader, initiative), body),
        facts=facts,
        source=source_line(reader, initiative),
        details=version_line(reader, initiative),
        choices=next_questions(reader, initiative, word) if choices is None else choices,
        locale=reader.words.language,
    )


def untranslated(reader: Reader, initiative: Initiative) -> str:
    """The remark that an initiative is written in its own language only, or '' where the reader's is there."""
    translated = initiative.text(reader.words.locale) is not initiative.written
    return "" if translated else _only_in(reader, initiative.written.language)


def next_questions(reader: Reader, initiative: Initiative, word: str) -> tuple[Choice, ...]:
    """Two or three sensible next questions after the answer to a standing question."""
    return tuple(
        Choice(reader.words(f"{w}.button"), f"{w} {initiative.id}") for w in FOLLOWING.get(word, ("why", "when"))
    )


def source_line(reader: Reader, initiative: Initiative) -> str:
    """Where facts of the initiative itself are from: the project team, by the project manager, as of a day."""
    leader = reader.names(initiative.written.project_manager)
    day = reader.as_of.get(initiative.id)
    if day is None:
        return reader.words("source.team", name=leader)
    return reader.words("source.team-as-of", name=leader, date=reader.words.day(day))


def version_line(reader: Reader, initiative: Initiative, file: str = "") -> str:
    """The exact version, for the details behind an answer."""
    return reader.words(
        "source.version",
        file=file or f"{initiative.id}/initiative.yaml",
        version=initiative.version,
    )


def passage_card(reader: Reader, initiative: Initiative, passage: Passage, whole: bool = False) -> Card:
    """A passage as an answer: its lead, or all of it, with source, owner, date and what one can press next."""
    body, cut = (passage.body, False) if whole else lead(passage.body)
    remark = _only_in(reader, passage.locale)
    choices = []
    if cut:
        choices.append(Choice(reader.words("answer.more"), f"more {passage.id}"))
    choices += [Choice(shorten(q.heading, LABEL), f"show {q.id}") for q in neighbours(reader, initiative, passage)]
    choices.append(Choice(reader.words("answer.helpful"), f"helpful {passage.id}"))
    choices.append(Choice(reader.words("answer.not-mine"), f"not-helpful {passage.id}"))
    return Card(
        body=paragraphs(remark, body),
        source=_passage_source(reader, initiative, passage),
        details=version_line(reader, initiative, passage.file),
        choices=tuple(choices),
        locale=reader.words.language,
    )


def lead(body: str, whole: int = WHOLE, longest: int = LEAD) -> tuple[str, bool]:
    """The body if it is short, else its beginning up to the end of a paragraph or sentence; and whether it was cut."""
    body = body.strip()
    if len(body) <= whole:
        return body, False
    head = body[:longest]
    paragraph = head.rfind("\n\n")
    if paragraph > SHORTEST_LEAD:
        return body[:paragraph].rstrip(), True
    ends = [m.end() for m in re.finditer(r"[.!?](?=\s)", head)]
    cut = ends[-1] if ends else head.rfind(" ")
    return body[: cut if cut > 0 else longest].rstrip() + ("" if ends else " …"), True


def shorten(text: str, longest: int) -> str:
    """Text of at most `longest` characters, cut at a word."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    return (cut[: cut.rfind(" ")] if " " in cut else cut).rstrip(" ,;:") + "…"


def neighbours(reader: Reader, initiative: Initiative, passage: Passage, how_many: int = 2) -> list[Passage]:
    """The passages that follow in the same file, as next questions; those before it at the end of the file."""
    if passage.kind == "fact":
        return []
    may_read = reader.permission()
    file = [p for p in initiative.passages if p.file == passage.file and may_read(p)]
    place = next((n for n, p in enumerate(file) if p.id == passage.id), 0)
    around = file[place + 1 :] + file[:place]
    return around[:how_many]


def _passage_source(reader: Reader, initiative: Initiative, passage: Passage) -> str:
    owner = reader.names(passage.owner or initiative.written.project_manager)
    day = passage.reviewed or reader.as_of.get(initiative.id)
    if passage.kind == "fact":
        return source_line(reader, initiative)
    if day is None:
        return reader.words("source.passage", heading=passage.heading, name=owner)
    return reader.words(
        "source.passage-as-of",
        heading=passage.heading,
        name=owner,
        date=reader.words.day(day),
    )


def _only_in(reader: Reader, locale: str) -> str:
    """The remark that something is written in another language than the reader's; '' where it is not."""
    if (supported(locale) or locale).split("-")[0] == reader.words.language:
        return ""
    there = Locale.parse(locale.replace("-", "_")).get_display_name(reader.words.language)
    return reader.words("answer.only-in", language=there or locale)
