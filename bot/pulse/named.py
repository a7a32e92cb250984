"""What people answered in a survey with names, for whoever leads the project, as everybody was told beforehand.

It is read as long as the organisation allows surveys with names, and nothing of it is ever shown to anybody else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.messages import Card, escape
from bot.playbook.access import lineage
from bot.playbook.model import Organisation
from bot.playbook.shared_files import Question
from bot.pulse.ballots import Ballot
from bot.pulse.forms import Answer
from bot.pulse.report import Report
from bot.pulse.rounds import NAMED_SURVEYS
from bot.store import Session, ballots
from bot.words import Words

MOST_IN_CHAT = 20
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class ByName:
    """Somebody's answers, by question; `unit` is where they were when they were asked."""

    name: str
    unit: str
    answers: dict[str, Answer]


def by_name(tx: Session, shown: Report) -> tuple[ByName, ...]:
    """Who answered what, in the order of names; nobody where the survey has no names, or where the organisation does
    not allow them any more."""
    if not shown.round.named:
        return ()
    found = []
    for name, unit, content in ballots.named(tx, shown.round.id):
        if _allowed(unit, shown.organisation):
            ballot = Ballot.from_json(content)
            found.append(ByName(name, unit, {**ballot.answers, **ballot.texts}))
    return tuple(found)


def _allowed(unit: str, organisation: Organisation) -> bool:
    policy = organisation.policy
    there = (policy.off, *(policy.off_in.get(one, ()) for one in lineage(unit, organisation.units)))
    return not any(NAMED_SURVEYS in off for off in there)


def names_card(shown: Report, found: Sequence[ByName], words: Words) -> Card:
    """The first of them, in the chat."""
    questions = shown.snapshot.text(words.locale).questions
    parts = ["\n".join(_person(shown, one, questions, words)) for one in found[:MOST_IN_CHAT]]
    if len(found) > MOST_IN_CHAT:
        parts.append(words.count("results.names-more", len(found) - MOST_IN_CHAT))
    title = words("results.names-title", name=shown.name(words), project=shown.project(words))
    body = "\n\n".join(parts) or words("results.names-none")
    return Card(title=title, body=body, source=_as_of(shown, words), locale=words.language)


def names_table(shown: Report, found: Sequence[ByName], words: Words) -> Card:
    """All of them as a table, a row for each person."""
    questions = shown.snapshot.text(words.locale).questions
    unit = words("survey.unit")
    head = (words("results.name"), unit[:1].upper() + unit[1:], *(one.text for one in questions))
    rows = [
        (one.name, shown.unit_name(one.unit, words), *(_said(q, one.answers.get(q.id)) for q in questions))
        for one in found
    ]
    return Card(
        title=words("results.names-button"),
        body="" if rows else words("results.names-none"),
        table=(head, *rows) if rows else (),
        locale=words.language,
    )


def names_rows(shown: Report, found: Sequence[ByName], words: Words) -> Iterator[Row]:
    """A head, then a row for each answer of each person."""
    yield ("survey", "round", "closed", "name", "group", "question", "answer")
    about = (shown.round.template, shown.round.id, shown.closed.closed_on.isoformat())
    for one in found:
        for question in shown.snapshot.text(words.locale).questions:
            if question.id in one.answers:
                unit = shown.unit_name(one.unit, words)
                yield (*about, one.name, unit, question.text, _said(question, one.answers[question.id]))


def _person(shown: Report, one: ByName, questions: Sequence[Question], words: Words) -> Iterator[str]:
    unit = f" ({escape(shown.unit_name(one.unit, words))})" if one.unit else ""
    yield f"**{escape(one.name)}**{unit}"
    for question in questions:
        if question.id in one.answers:
            yield f"- {escape(question.text)} {escape(_said(question, one.answers[question.id]))}"


def _said(question: Question, answer: Answer | None) -> str:
    """An answer as it stands on the form; '' where the question was not answered."""
    if answer is None:
        return ""
    if isinstance(answer, str):
        return " ".join(answer.split())
    if question.type == "scale" and isinstance(answer, int):
        return f"{answer} – {question.labels[answer]}" if question.labels.get(answer) else str(answer)
    chosen = answer if isinstance(answer, tuple) else (answer,)
    return "; ".join(question.options[n] for n in chosen if 0 <= n < len(question.options))


def _as_of(shown: Report, words: Words) -> str:
    return words("results.as-of", date=words.day(shown.closed.closed_on))
