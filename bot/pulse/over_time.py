"""How the answers to a survey moved over its rounds, as a picture with lines. Pure; it shows what each round shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from bot.messages import Card
from bot.pictures import png
from bot.pictures.trend import MOST_ROUNDS, Line, Point, trend
from bot.pulse.report import Report
from bot.pulse.result_map import HIDDEN
from bot.pulse.results import Outcome, same_question
from bot.pulse.suppression import Scope
from bot.store.surveys import Round
from bot.words import Words

FEWEST_ROUNDS, IN_TABLE = 2, 6
Rounds = Sequence[tuple[Round, Outcome]]


def trend_card(shown: Report, scope: Scope, rounds: Rounds, words: Words, today: date) -> Card | None:
    """How the means of a group moved, for the questions that the newest round asks too; None where there is nothing to
    compare, or where nothing of it is shown. The last figures stand in a table, so that nobody needs the picture."""
    texts = shown.snapshot.text(words.locale).questions
    scales = [one for one in texts if one.type == "scale"]
    rounds = rounds[-MOST_ROUNDS:]
    common = [one for one in scales if (one.min, one.max) == (scales[0].min, scales[0].max)]
    lines = [
        Line(one.text, points, _last(points, words))
        for one in common
        if any(points := tuple(_point(shown, outcome, one.id, scope) for _, outcome in rounds))
    ]
    if len(rounds) < FEWEST_ROUNDS or not lines:
        return None
    days = [words.short_day(_closed(round, words), today) for round, _ in rounds]
    title = words("results.trend-title", name=shown.name(words))
    if not scope.everybody:
        title = f"{title} ({shown.scope_name(scope, words)})"
    image = png(trend(lines, days, (common[0].min, common[0].max), title))
    said = words("results.trend-text", name=shown.name(words), n=words.number(len(rounds)))
    rows = tuple((line.name, *_written(line.points[-IN_TABLE:], words)) for line in lines)
    table = ((words("results.question"), *days[-IN_TABLE:]), *rows)
    return Card(title=title, body="", table=table, image=image, image_text=said, locale=words.language)


def _closed(round: Round, words: Words) -> date:
    return round.closes_at.astimezone(ZoneInfo(words.zone)).date()


def _written(points: Sequence[Point | None], words: Words) -> tuple[str, ...]:
    return tuple(words.number(round(one.value, 1)) if one else HIDDEN for one in points)


def _point(shown: Report, outcome: Outcome, id: str, scope: Scope) -> Point | None:
    """The mean of a question in an earlier round, where it was the same question then."""
    now = next(one for one in shown.outcome.scales() if one.id == id)
    question = next((one for one in outcome.scales() if one.id == id and same_question(one, now)), None)
    there = outcome.scope(scope.key)
    cell = outcome.cell(question, there) if question and there else None
    estimate = cell.estimate if cell else None
    return Point(estimate.value, estimate.low, estimate.high) if estimate else None


def _last(points: Sequence[Point | None], words: Words) -> str:
    last = next((point for point in reversed(points) if point), None)
    return words.number(round(last.value, 1)) if last else ""
