"""How the answers of a group are spread over a scale or over options, as a table. Pure; only what may be shown."""

from __future__ import annotations

from collections.abc import Iterator

from bot.messages import Card
from bot.pulse.report import Report
from bot.pulse.result_map import HIDDEN
from bot.pulse.result_words import percent
from bot.pulse.results import Cell
from bot.pulse.suppression import Scope
from bot.words import Words


def spread_card(shown: Report, scope: Scope, words: Words) -> Card:
    """A row for each question with the share of every answer; of several options people could choose more than one."""
    head = (words("results.question"), words("results.spread"), words("results.answers"))
    rows = []
    for question in shown.snapshot.text(words.locale).questions:
        if question.type != "text":
            cell = shown.outcome.cell(question, scope)
            number = words.number(cell.answers) if cell else words("results.fewer", n=shown.round.minimum)
            rows.append((question.text, " · ".join(_shares(cell, words)) if cell else HIDDEN, number))
    title = words("results.spread-title", name=shown.name(words))
    return Card(
        title=title if scope.everybody else f"{title} ({shown.scope_name(scope, words)})",
        body="" if rows else words("results.no-spread"),
        table=(head, *rows) if rows else (),
        locale=words.language,
    )


def _shares(cell: Cell, words: Words) -> Iterator[str]:
    question = cell.question
    if question.type == "scale":
        named = {point: str(point) for point in range(question.min, question.max + 1)}
    else:
        named = dict(enumerate(question.options))
    for value, name in named.items():
        yield f"{name}: {percent(cell.share(value), words)}"
