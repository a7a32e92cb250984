"""The kit in chat: what to say about a milestone, and the questions to expect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.board.kit import is_coming, kit, subjects_for
from bot.cues import plain
from bot.messages import Card, Choice
from bot.milestones.words import Subject
from bot.turn import Reply, Turn

AT_ONCE = 3
"""Kits that are given together, and milestones that are offered."""

Mine = list[tuple[Subject, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Kit:
    """`kit`: for the next milestone in each initiative; `kit pilot`, `kit crm-renewal/pilot`: for this one."""

    name: str = "kit"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Alone, or with a milestone of which the person has a kit."""
        return not rest or bool(_meant(_mine(turn), rest))

    def hear(self, turn: Turn, rest: str) -> Reply:
        """The kit, to the person alone. Who has none learns nothing of it."""
        mine = _mine(turn)
        if not mine:
            return _said(turn, "kit.not-yours")
        meant = _meant(mine, rest) if rest else list(_next(turn, mine))
        if not meant:
            return _said(turn, "kit.unknown" if rest else "kit.nothing")
        cards = [card for subject, units in meant[:AT_ONCE] for card in _cards(turn, subject, units)]
        return Reply(cards=tuple(cards), personal=True)


def _mine(turn: Turn) -> Mine:
    return list(subjects_for(turn.tx, turn.reader)) if turn.person.member else []


def _next(turn: Turn, mine: Mine) -> Iterator[tuple[Subject, tuple[str, ...]]]:
    """Of each initiative the next that is coming, the nearest first."""
    seen: set[str] = set()
    for subject, units in sorted(mine, key=lambda pair: (pair[0].standing.on, pair[0].ref)):
        if is_coming(subject, turn.reader) and subject.initiative.id not in seen:
            seen.add(subject.initiative.id)
            yield subject, units


def _meant(mine: Mine, rest: str) -> Mine:
    """Those that a text names: by id, with or without the initiative's, or by name in any language."""
    typed = plain(rest)
    return [(subject, units) for subject, units in mine if rest.lower() == subject.ref or typed in _names(subject)]


def _names(subject: Subject) -> set[str]:
    texts = (subject.initiative.written, *subject.initiative.translations.values())
    named = {m.name for text in texts for m in text.milestones if m.id == subject.standing.id and m.name}
    return {plain(name) for name in (subject.standing.id, *named)}


def _cards(turn: Turn, subject: Subject, units: tuple[str, ...]) -> Iterator[Card]:
    words = turn.words
    made = kit(turn.tx, turn.reader, subject, units)
    body = "\n\n".join(f"**{label}**\n{text}" for label, text in made.points)
    source = words("source.team", name=turn.reader.names(subject.initiative.written.project_manager))
    title = words("kit.title", name=subject.title(words))
    if not made.questions:
        yield Card(title=title, body=body, source=source, choices=_choices(turn, subject), locale=words.language)
        return
    yield Card(title=title, body=body, source=source, locale=words.language)
    asked = (
        f"**{one.question}**\n{one.answer}" + (f"\n_{one.source}_" if one.source else "") for one in made.questions
    )
    card = Card(title=words("kit.questions"), body="\n\n".join(asked), locale=words.language)
    yield replace(card, choices=_choices(turn, subject))


def _choices(turn: Turn, subject: Subject) -> tuple[Choice, ...]:
    words = turn.words
    paper = (Choice(words("kit.paper-button"), f"board kit/{subject.ref}", style="primary"),)
    colleague = Choice(words("for-colleague.button"), f"for-colleague {subject.initiative.id}")
    return (*(paper if turn.reader.pages else ()), colleague)


def _said(turn: Turn, key: str) -> Reply:
    return Reply(cards=(Card(body=turn.words(key), locale=turn.words.language),), personal=True)
