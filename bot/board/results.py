"""Results of surveys as pages: rounds, the heat map, where people get stuck, lines over time, what people wrote; as a
file too. It shows the groups that its reader may see, and of these only what may be shown to anybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.board.look import OPENING, Look
from bot.board.page import File, Filters, Link, Listing, Page
from bot.broadcasts.report import csv_of
from bot.messages import Card, quoted
from bot.pictures import png
from bot.pictures.trend import Line, Point, trend
from bot.playbook.model import Initiative
from bot.pulse import report as reports
from bot.pulse.action_words import overview
from bot.pulse.adkar import profile
from bot.pulse.report import Report, scopes_for, series
from bot.pulse.result_file import rows
from bot.pulse.result_words import HIDDEN, card, few_card, percent, themes
from bot.pulse.results import Outcome, same_question
from bot.pulse.suppression import Scope
from bot.pulse.topics import LOOKED_AT
from bot.store import surveys
from bot.store.surveys import Round
from bot.words import Words

COMMENTS = 100


def show(look: Look, filters: Filters) -> Page | File | None:
    """The rounds; with `of` (the number of one) its results, for one `group`, and with `as=csv` as a file."""
    wanted = filters.get("of", "")
    if not wanted:
        lists = tuple(_list(look, initiative) for initiative in look.having(OPENING))
        return Page(look.words("board.view-results"), lists=lists)
    shown = _shown(look, wanted)
    if shown is None:
        return None
    viewer, words = look.reader.viewer, look.words
    if shown.destroyed:
        few = few_card(shown, words, leads=reports.leads(viewer, shown.initiative))
        return Page(shown.name(words), (few,))
    scopes = scopes_for(viewer, shown)
    if not scopes:
        return None
    if filters.get("as", "") == "csv":
        return File(f"survey-{shown.round.id}.csv", "text/csv", csv_of(rows(shown, scopes, words)))
    chosen = [one for one in scopes if one.key == filters.get("group", "")]
    return _page(look, shown, scopes, chosen[0] if chosen else scopes[0])


def _shown(look: Look, wanted: str) -> Report | None:
    """The round of this number, if it is one of an initiative in which the reader has a role."""
    round = surveys.round(look.tx, int(wanted)) if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else None  # noqa: PLR2004 - a number of nine digits fits
    mine = {initiative.id for initiative in look.having(OPENING)}
    if round is None or round.initiative not in mine:
        return None
    return reports.report(look.tx, look.reader.playbooks, round)


def _list(look: Look, initiative: Initiative) -> Listing:
    links = tuple(_link(look, round) for round in surveys.closed(look.tx, initiative.id))
    title = initiative.text(look.words.locale).name.partition(":")[0].strip()
    return Listing(title, links, look.words("results.no-rounds"))


def _link(look: Look, round: Round, here: bool = False) -> Link:
    snapshot = surveys.snapshot(look.tx, round.id)
    name = snapshot.text(look.words.locale).name if snapshot else round.template
    return Link(name, f"results/{round.id}", here, note=look.words.day(round.closes_at.date()))


def _page(look: Look, shown: Report, scopes: Sequence[Scope], chosen: Scope) -> Page:
    words, here = look.words, f"results/{shown.round.id}"
    leads = reports.leads(look.reader.viewer, shown.initiative)
    ordered = (chosen, *(one for one in scopes if one != chosen))
    first = replace(card(shown, ordered, words, leads=False), choices=())
    rounds = list(series(look.tx, look.reader.playbooks, shown.round))
    cards = [first, *_profiles(shown, scopes, words), *_participation(shown, scopes, words)]
    cards += _trend(shown, chosen, rounds, look)
    if leads:
        cards += [*_comments(look, shown, chosen), *_actions(shown, words)]
    groups = tuple(Link(shown.scope_name(one, words), f"{here}?group={one.key}", one == chosen) for one in scopes)
    others = tuple(_link(look, round, round.id == shown.round.id) for round, _ in reversed(rounds))
    return Page(
        title=shown.name(words),
        cards=tuple(cards),
        lead=shown.project(words),
        links=tuple(row for row in (others, groups) if len(row) > 1),
        downloads=(Link(words("board.download"), f"{here}?as=csv"),),
        locale=words.language,
    )


def _profiles(shown: Report, scopes: Sequence[Scope], words: Words) -> Iterator[Card]:
    """Where people get stuck, a row for each group."""
    found = [made for scope in scopes if (made := profile(shown.outcome, scope))]
    if not found:
        return
    head = (words("results.group"), *(words(f"results.{name}") for name, _ in found[0].elements))
    table = [
        (
            shown.scope_name(made.scope, words),
            *(_mark(value, name == made.stuck, words) for name, value in made.elements),
        )
        for made in found
    ]
    yield Card(title=words("results.profile-title"), body="", table=(head, *table), locale=words.language)


def _mark(value: float | None, stuck: bool, words: Words) -> str:
    if value is None:
        return HIDDEN
    return f"{words.number(round(value, 1))}{' ◀' if stuck else ''}"


def _participation(shown: Report, scopes: Sequence[Scope], words: Words) -> Iterator[Card]:
    head = (words("results.group"), words("results.answers"))
    table = []
    for scope in scopes:
        found = shown.outcome.participation(scope)
        said = words(
            "results.participation",
            answered=words.number(found.answered),
            asked=words.number(found.asked),
            share=percent(found.share, words),
        )
        table.append((shown.scope_name(scope, words), said))
    yield Card(title=words("results.answers"), body="", table=(head, *table), locale=words.language)


def _trend(shown: Report, chosen: Scope, rounds: Sequence[tuple[Round, Outcome]], look: Look) -> Iterator[Card]:
    """How means moved over the rounds, for the questions that this one asks too."""
    words, texts = look.words, shown.snapshot.text(look.words.locale).questions
    scales = [one for one in texts if one.type == "scale"]
    common = [one for one in scales if (one.min, one.max) == (scales[0].min, scales[0].max)]
    if len(rounds) < 2 or not common:  # noqa: PLR2004 - one round is no line
        return
    lines = [
        Line(one.text, points, _last(points, words))
        for one in common
        if any(points := tuple(_point(shown, outcome, one.id, chosen) for _, outcome in rounds))
    ]
    if not lines:
        return
    days = [words.short_day(round.closes_at.date(), look.reader.today) for round, _ in rounds]
    title = words("results.trend-title", name=shown.name(words))
    image = png(trend(lines, days, (common[0].min, common[0].max), title))
    said = words("results.trend-text", name=shown.name(words), n=str(len(rounds)))
    yield Card(title=title, body="", image=image, image_text=said, locale=words.language)


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


def _comments(look: Look, shown: Report, scope: Scope) -> Iterator[Card]:
    words = look.words
    for question in shown.snapshot.text(words.locale).questions:
        there = reports.comments(look.tx, shown, question, scope, LOOKED_AT)
        if there:
            spoken = themes(shown, question, scope, there, words)
            body = "\n\n".join(part for part in (spoken, *map(quoted, there[:COMMENTS])) if part)
            yield Card(title=question.text, body=body, locale=words.language)
        elif question.type == "text":
            yield Card(title=question.text, body=words("results.no-comments"), locale=words.language)


def _actions(shown: Report, words: Words) -> Iterator[Card]:
    if shown.actions:
        yield replace(overview(shown, words), choices=())
