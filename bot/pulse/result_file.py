"""Results as rows of a file: for each group and question what is shown of it, and no more. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from bot.playbook.shared_files import Question
from bot.pulse.report import Report
from bot.pulse.results import Cell
from bot.pulse.suppression import Scope
from bot.words import Words

Row = tuple[object, ...]


def rows(shown: Report, scopes: Sequence[Scope], words: Words) -> Iterator[Row]:
    """A head, then a row for each question in each group with its mean and interval, and one for each option. Figures
    are plain numbers, so that a spreadsheet reads them; what is suppressed says so and has none."""
    yield ("survey", "round", "closed", "group", "question", "option", "answers", "value", "low", "high", "share")
    texts = {one.id: one for one in shown.snapshot.text(words.locale).questions}
    for scope in scopes:
        for original in shown.snapshot.template.questions:
            question = texts.get(original.id, original)
            if question.type != "text":
                yield from _of(shown, scope, question, words)


def comment_rows(shown: Report, texts: Callable[[Question], Sequence[str]], words: Words) -> Iterator[Row]:
    """A head, then a row for each free text that may be shown, in an order that says nothing."""
    yield ("survey", "round", "closed", "question", "text")
    for question in shown.snapshot.text(words.locale).questions:
        for text in texts(question) if question.type == "text" else ():
            yield (shown.round.template, shown.round.id, shown.closed.closed_on.isoformat(), question.text, text)


def _of(shown: Report, scope: Scope, question: Question, words: Words) -> Iterator[Row]:
    about = (shown.round.template, shown.round.id, shown.closed.closed_on.isoformat(), shown.scope_name(scope, words))
    cell = shown.outcome.cell(question, scope)
    if cell is None:
        yield (*about, question.text, "", words("results.fewer", n=shown.round.minimum), "", "", "", "")
        return
    estimate = cell.score or cell.estimate
    figures = (estimate.value, estimate.low, estimate.high) if estimate else ()
    written: list[object] = [round(figure, 4) for figure in figures] or ["", "", ""]
    yield (*about, question.text, "", cell.answers, *written, "")
    for value, option in _options(cell):
        given = cell.counts.get(value, 0)
        yield (*about, question.text, option, given, "", "", "", round(cell.share(value), 4))


def _options(cell: Cell) -> Iterator[tuple[int, str]]:
    question = cell.question
    if question.type == "scale":
        yield from ((value, str(value)) for value in range(question.min, question.max + 1))
    else:
        yield from enumerate(question.options)
