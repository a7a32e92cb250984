"""Results of surveys as pages: rounds, the heat map, where people get stuck, lines over time, what people wrote; as a
file too. It shows the groups that its reader may see, and of these only what may be shown to anybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from bot.board.look import OPENING, Look
from bot.board.page import File, Filters, Link, Listing, Page
from bot.broadcasts.report import csv_of
from bot.messages import Card, quoted
from bot.playbook.model import Initiative
from bot.pulse import report as reports
from bot.pulse.action_words import overview
from bot.pulse.adkar import profile
from bot.pulse.named import by_name, names_rows, names_table
from bot.pulse.over_time import Rounds, trend_card
from bot.pulse.report import Report, scopes_for, series
from bot.pulse.result_file import Row, comment_rows, rows
from bot.pulse.result_map import HIDDEN
from bot.pulse.result_words import card, few_card, percent, themes
from bot.pulse.spread import spread_card
from bot.pulse.suppression import Scope
from bot.pulse.topics import LOOKED_AT, topics
from bot.store import surveys
from bot.store.surveys import Round
from bot.words import Words

COMMENTS, MOST_IN_FILE = 100, 100_000


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
    scopes = scopes_for(viewer, shown)
    if kind := filters.get("as", ""):
        return _file(look, shown, scopes, kind)
    if shown.destroyed:
        leads = reports.leads(viewer, shown.initiative)
        few = replace(few_card(shown, words, leads=leads), choices=())
        downloads = tuple(_downloads(shown, words, leads=leads))
        return Page(shown.name(words), (few, *(_names(look, shown) if leads else ())), downloads=downloads)
    if not scopes:
        return None
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


def _link(look: Look, round: Round) -> Link:
    snapshot = surveys.snapshot(look.tx, round.id)
    name = snapshot.text(look.words.locale).name if snapshot else round.template
    return Link(name, f"results/{round.id}", note=look.words.day(_closed_on(look, round)))


def _dated(look: Look, round: Round, here: bool) -> Link:
    """A round among others of the same survey."""
    day = look.words.short_day(_closed_on(look, round), look.reader.today)
    return Link(day, f"results/{round.id}", here)


def _closed_on(look: Look, round: Round) -> date:
    return round.closes_at.astimezone(ZoneInfo(look.words.zone)).date()


def _page(look: Look, shown: Report, scopes: Sequence[Scope], chosen: Scope) -> Page:
    words, here = look.words, f"results/{shown.round.id}"
    leads = reports.leads(look.reader.viewer, shown.initiative)
    ordered = (chosen, *(one for one in scopes if one != chosen))
    first = replace(card(shown, ordered, words, leads=False), choices=())
    earlier = list(series(look.tx, look.reader.playbooks, shown.round))
    cards = [
        first,
        spread_card(shown, chosen, words),
        *_profiles(shown, scopes, words),
        *_participation(shown, scopes, words),
    ]
    cards += _trend(shown, chosen, earlier, look)
    if leads:
        cards += [*(_names(look, shown) or _comments(look, shown, chosen)), *_actions(shown, words)]
    groups = tuple(Link(shown.scope_name(one, words), f"{here}?group={one.key}", one == chosen) for one in scopes)
    others = tuple(_dated(look, round, round.id == shown.round.id) for round, _ in reversed(earlier))
    return Page(
        title=shown.name(words),
        cards=tuple(cards),
        lead=shown.project(words),
        links=tuple(row for row in (others, groups) if len(row) > 1),
        downloads=tuple(_downloads(shown, words, leads=leads)),
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


def _trend(shown: Report, chosen: Scope, rounds: Rounds, look: Look) -> tuple[Card, ...]:
    made = trend_card(shown, chosen, rounds, look.words, look.reader.today)
    return (made,) if made else ()


def _comments(look: Look, shown: Report, scope: Scope) -> Iterator[Card]:
    words = look.words
    for question in shown.snapshot.text(words.locale).questions:
        there = reports.comments(look.tx, shown, question, scope, LOOKED_AT)
        if there:
            spoken = themes(shown, question, scope, topics(there), words)
            left = shown.outcome.comments(question, scope) - COMMENTS
            more = words.count("results.more-in-file", left) if left > 0 else ""
            body = "\n\n".join(part for part in (spoken, *map(quoted, there[:COMMENTS]), more) if part)
            yield Card(title=question.text, body=body, locale=words.language)
        elif question.type == "text":
            yield Card(title=question.text, body=words("results.no-comments"), locale=words.language)


def _actions(shown: Report, words: Words) -> Iterator[Card]:
    if shown.actions:
        yield replace(overview(shown, words), choices=())


def _names(look: Look, shown: Report) -> tuple[Card, ...]:
    """Who answered what, to whoever leads, in a survey with names."""
    if not shown.round.named:
        return ()
    return (names_table(shown, by_name(look.tx, shown), look.words),)


def _file(look: Look, shown: Report, scopes: Sequence[Scope], kind: str) -> File | None:
    """A part of the results to take along, which is noted; None where there is no such file for this reader."""
    words, leads = look.words, reports.leads(look.reader.viewer, shown.initiative)
    made: Iterator[Row] | None = None
    if kind == "csv" and scopes:
        made = rows(shown, scopes, words)
    elif kind == "comments" and leads and scopes:
        made = comment_rows(shown, lambda one: reports.comments(look.tx, shown, one, scopes[0], MOST_IN_FILE), words)
    elif kind == "names" and leads and shown.round.named:
        made = names_rows(shown, by_name(look.tx, shown), words)
    if made is None:
        return None
    part = "" if kind == "csv" else f"-{kind}"
    noted = f"{shown.initiative.id} survey {shown.round.id}{part}"
    return File(f"survey-{shown.round.id}{part}.csv", "text/csv", csv_of(made), noted)


def _downloads(shown: Report, words: Words, *, leads: bool) -> Iterator[Link]:
    here = f"results/{shown.round.id}"
    if not shown.destroyed:
        yield Link(words("board.download"), f"{here}?as=csv")
        everybody = shown.outcome.everybody
        texts = (one for one in shown.snapshot.template.questions if one.type == "text")
        if leads and everybody and any(shown.outcome.comments(one, everybody) for one in texts):
            yield Link(words("results.download-comments"), f"{here}?as=comments")
    if leads and shown.round.named:
        yield Link(words("results.download-names"), f"{here}?as=names")
