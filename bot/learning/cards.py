"""What is said of what was learned: that an answer changed, what may be told, and what people asked in the last week.

Pure. Names of people are looked up by whoever asks for a card.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.capabilities.explain.show import lead, paragraphs, short_name, shorten
from bot.learning.counting import people
from bot.learning.facts import GOALS, LEADER, SPONSOR, values
from bot.messages import Card, Choice, escape
from bot.playbook.model import Initiative, Organisation, Passage
from bot.store.feedback import Votes
from bot.store.gaps import Gap
from bot.words import Words

MOST_LISTED = 5
SHOWN_TEXT = 1500
SHOWN_QUESTION = 200
SHOWN_FACT = 400
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")


@dataclass(frozen=True, slots=True)
class Told:
    """What a card needs besides the playbook: the words of the reader, and the name of whoever has an address."""

    words: Words
    name: Callable[[str], str]
    organisation: Organisation


def changed_card(told: Told, initiative: Initiative, passage: Passage) -> Card:
    """That something a person was told says something else by now, with what it says."""
    words = told.words
    body, cut = lead(passage.body, SHOWN_TEXT, SHOWN_TEXT)
    owner = told.name(passage.owner or initiative.written.project_manager)
    return Card(
        title=words("changed.title", heading=passage.heading),
        body=paragraphs(words("changed.now"), body),
        source=words("source.passage", heading=passage.heading, name=owner),
        choices=(Choice(words("answer.more"), f"more {passage.id}"),) if cut else (),
        locale=words.language,
    )


def facts_card(told: Told, initiative: Initiative, before: Mapping[str, str]) -> Card:
    """That facts a person asked about have changed, with what holds now. `before` is what they said, by key."""
    words = told.words
    text = initiative.text(words.locale)
    rows = "\n".join(f"- {_fact(told, key, values(text).get(key, ''), was)}" for key, was in sorted(before.items()))
    return Card(
        title=words("changed.facts-title", name=short_name(text)),
        body=paragraphs(words("changed.facts-now"), rows),
        source=words("source.team", name=told.name(initiative.written.project_manager)),
        choices=(Choice(words("when.button"), f"when {initiative.id}"),),
        locale=words.language,
    )


def release_card(told: Told, initiative: Initiative, before: Mapping[str, str], count: int, id: str) -> Card:
    """Asks the project manager whether those who had asked may be told. `before` is what they were told, by key."""
    words = told.words
    now = values(initiative.written)
    rows = [
        f"- {_fact(told, key, now.get(key, ''), was)}{_before(told, key, now, was)}"
        for key, was in sorted(before.items())
    ]
    return Card(
        title=words("release.title", name=short_name(initiative.text(words.locale))),
        body=paragraphs(words("release.body", people=people(words, count)), "\n".join(rows), words("release.question")),
        choices=(
            Choice(words("release.send"), f"release send {id}", style="primary"),
            Choice(words("release.drop"), f"release drop {id}"),
        ),
        locale=words.language,
    )


def _before(told: Told, key: str, now: Mapping[str, str], was: str) -> str:
    return f" ({told.words('release.before', text=_fact(told, key, was, now.get(key, '')))})" if was else ""


def _fact(told: Told, key: str, value: str, other: str) -> str:
    """What a fact says, in words; of a milestone whose day is another one, only that."""
    words = told.words
    if key == SPONSOR:
        return words("changed.sponsor", name=told.name(value))
    if key == LEADER:
        return words("changed.leader", name=told.name(value))
    if key == GOALS:
        translated = told.organisation.translated_goals.get(words.language, {})
        goals = [translated.get(id) or told.organisation.goals.get(id) for id in value.split("\n")]
        return words("changed.goals", names=words.all_of([goal.name for goal in goals if goal]))
    lines = value.split("\n")
    if key.startswith("milestones.") and other and other.split("\n", maxsplit=1)[0] != lines[0]:
        lines = lines[:1]
    dated = _ISO_DATE.sub(lambda found: _day(words, found.group()), " · ".join(lines))
    return shorten(dated, SHOWN_FACT) or words("changed.nothing")


def _day(words: Words, written: str) -> str:
    try:
        return words.day(date.fromisoformat(written))
    except ValueError:
        return written


def weekly_card(
    words: Words, initiative: Initiative, gaps: Sequence[Gap], weak: Sequence[tuple[Passage, Votes]]
) -> Card | None:
    """What people asked and nobody has written, by number of askers, and the answers that did not help; None if there
    is neither."""
    if not gaps and not weak:
        return None
    asked = gaps[:MOST_LISTED]
    questions = "\n".join(
        f"{n}. {escape(shorten(' '.join(gap.text.split()), SHOWN_QUESTION))} ({people(words, gap.askers)})"
        for n, gap in enumerate(asked, start=1)
    )
    answers = "\n".join(
        f"- {words('gaps.weak', heading=passage.heading, people=people(words, votes.not_helpful))}"
        for passage, votes in weak[:MOST_LISTED]
    )
    buttons = [
        Choice(words("gaps.answer", number=n), f"add-answer gap {gap.id}") for n, gap in enumerate(asked, start=1)
    ]
    buttons += [
        Choice(words("gaps.show", heading=shorten(p.heading, SHOWN_QUESTION // 4)), f"show {p.id}")
        for p, _ in weak[:MOST_LISTED]
    ]
    return Card(
        title=words("gaps.title", name=short_name(initiative.text(words.locale))),
        body=paragraphs(
            words("gaps.lead") if asked else "", questions, words("gaps.weak-lead") if answers else "", answers
        ),
        choices=tuple(buttons),
        locale=words.language,
    )
