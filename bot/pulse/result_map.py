"""The heat map of a survey: means by group and question, as a picture with what it shows in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.pictures import png
from bot.pictures.heatmap import MOST_GROUPS, MOST_QUESTIONS, Field, Group, Key, heatmap
from bot.playbook.shared_files import Question
from bot.pulse.report import Report
from bot.pulse.results import Cell
from bot.pulse.suppression import Scope
from bot.words import Words

HIDDEN = "–"
"""What stands where nothing is shown."""


def picture(shown: Report, scopes: Sequence[Scope], words: Words) -> tuple[str, str]:
    """The heat map of these groups as PNG, with what it shows in words; nothing where no question has a scale."""
    text = {one.id: one for one in shown.snapshot.text(words.locale).questions}
    scales = [text.get(one.id, one) for one in shown.outcome.scales()][:MOST_QUESTIONS]
    if not scales:
        return "", ""
    rows = [_row(shown, scope, scales, words) for scope in scopes[:MOST_GROUPS]]
    title = words("results.map-title", name=shown.name(words))
    key = Key(title, words("results.hidden", n=shown.round.minimum))
    return png(heatmap(rows, [one.text for one in scales], key)), _in_words(shown, rows, words)


def _in_words(shown: Report, rows: Sequence[Group], words: Words) -> str:
    """The same for whoever does not see the picture; the first group has a table of its own."""
    others = [f"{row.name}: {' · '.join(field.said if field else HIDDEN for field in row.fields)}" for row in rows[1:]]
    return " ".join((words("results.map-text", name=shown.name(words)), *(f"{one}." for one in others)))


def _row(shown: Report, scope: Scope, scales: Sequence[Question], words: Words) -> Group:
    fields = [shown.outcome.cell(question, scope) for question in scales]
    return Group(shown.scope_name(scope, words), tuple(_field(cell, words) for cell in fields))


def _field(cell: Cell | None, words: Words) -> Field | None:
    estimate = cell.estimate if cell else None
    if cell is None or estimate is None:
        return None
    low, high = cell.question.min, cell.question.max
    return Field(words.number(round(estimate.value, 1)), (estimate.value - low) / (high - low))
