"""What an early survey (discovery, culture) says, as drafts for the playbook: a page, risks and objectives to paste.

Pure. It drafts from figures that may be shown; the project manager judges, edits and pastes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from bot.playbook.shared_files import Question
from bot.pulse.report import Report
from bot.pulse.result_words import figure, percent
from bot.pulse.results import Cell
from bot.pulse.rules import weak_points
from bot.pulse.topics import Topic
from bot.words import Words

OFTEN = 0.3
"""The share from which an option that was chosen becomes a draft."""


def drafts(shown: Report, spoken: Mapping[str, Sequence[Topic]], words: Words) -> str:
    """Markdown and YAML, in the reader's language; `spoken` are the topics of the free texts, by question."""
    parts = [
        f"## {words('results.told-title', name=shown.name(words), project=shown.project(words))}",
        "\n".join(_page(shown, spoken, words)),
        "risks:\n" + "\n".join(f"  - {_flow(risk)}" for risk in _risks(shown, words)),
        "objectives:\n" + "\n".join(f"  - {_text(one)}" for one in _objectives(shown, words)),
    ]
    return "\n\n".join(part for part in parts if not part.endswith(":\n"))


def _cells(shown: Report, words: Words) -> Iterator[tuple[Question, Cell]]:
    everybody = shown.outcome.everybody
    for question in shown.snapshot.text(words.locale).questions:
        cell = shown.outcome.cell(question, everybody) if everybody else None
        if cell:
            yield question, cell


def _page(shown: Report, spoken: Mapping[str, Sequence[Topic]], words: Words) -> Iterator[str]:
    for question, cell in _cells(shown, words):
        yield f"- {question.text} {figure(cell, words)}"
    for question in shown.snapshot.text(words.locale).questions:
        if found := spoken.get(question.id):
            yield f"- {question.text} {', '.join(f'{one.word} ({one.texts})' for one in found)}"


def _chosen(shown: Report, words: Words) -> Iterator[tuple[Question, int, float]]:
    for question, cell in _cells(shown, words):
        for option in range(len(question.options)):
            if question.type == "multi" and cell.share(option) >= OFTEN:
                yield question, option, cell.share(option)


def _risks(shown: Report, words: Words) -> Iterator[dict[str, str]]:
    low = [weak.cell.question.id for weak in weak_points(shown.outcome, ())]
    for question, cell in _cells(shown, words):
        if question.id in low:
            yield {"id": f"{shown.round.template}-{question.id}", "risk": f"{question.text} {figure(cell, words)}"}
    for question, option, share in _chosen(shown, words):
        risk = f"{question.options[option]} ({percent(share, words)})"
        yield {"id": f"{shown.round.template}-{question.id}-{option + 1}", "risk": risk}


def _objectives(shown: Report, words: Words) -> Iterator[str]:
    for question, option, _ in _chosen(shown, words):
        yield words("results.draft-objective", option=question.options[option])


def _flow(mapping: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {_text(value)}" for key, value in mapping.items()) + "}"


def _text(value: str) -> str:
    # A JSON string is a YAML string too, whatever stands in it.
    return json.dumps(value, ensure_ascii=False)
