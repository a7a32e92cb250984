"""What people have raised and who answers for it, with what needs a word first; as a list in pages and as a file.

For project managers, owners of units and those who stand in for them. What they may see of it is asked of the store
with their `Sight`; identities leave in a file only where they may see them here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from textwrap import shorten
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from bot.board.look import Look
from bot.board.page import Field, File, Filters, Link, Listing, Page
from bot.board.sight import sees_names, sight_of
from bot.broadcasts.report import csv_of
from bot.cases.words import decision_name
from bot.milestones.words import short
from bot.store import case_queue, people
from bot.store.case_queue import Queued, Sight, Wanted
from bot.store.cases import OPEN
from bot.store.themes import RAISED
from bot.themes.reading import SHOWN_FROM, Theme, themes_of, title
from bot.triage import DRIVERS
from bot.words import Words

ON_A_PAGE = 50
IN_A_FILE = 10_000
SOON = timedelta(days=2)
"""What needs a word within this time needs it soon."""
THEMES = 30
STATES = ("open", "waiting", "closed", "all")
WHOSE = ("", "mine", "soon")
_NAMES = ("whose", "state", "project", "kind", "unit", "about", "theme")
MOST_PAGES = 10_000
HEADLINE = 100
"""Characters."""


def show(look: Look, filters: Filters) -> Page | File:
    """The list as the filters say, or with `as=csv` a file of it."""
    sight = sight_of(look)
    wanted = _wanted(look, filters)
    if filters.get("as", "") == "csv":
        return _file(look, sight, wanted)
    if filters.get("by", "") == "theme":
        return _by_theme(look, sight)
    total = case_queue.how_many(look.tx, sight, wanted)
    number = min(_number(filters.get("page", "")), max(0, (total - 1) // ON_A_PAGE))
    found = case_queue.page(look.tx, sight, wanted, number * ON_A_PAGE, ON_A_PAGE)
    words = look.words
    nothing = words("queue.nothing-such" if any(filters.get(name) for name in _NAMES) else "queue.nothing")
    return Page(
        words("board.view-queue"),
        lead=words("queue.lead"),
        lists=(Listing(words.count("queue.found", total), tuple(_link(look, one) for one in found), nothing),),
        links=_ways(words, sight, by_theme=False),
        downloads=(Link(words("board.download"), _to(filters, **{"as": "csv"})),) if total else (),
        fields=_fields(look, sight, wanted, filters),
        here="queue",
        turning=_turning(words, filters, number, total),
    )


def _ways(words: Words, sight: Sight, by_theme: bool) -> tuple[tuple[Link, ...], ...]:
    """The list, and what of it belongs together: for whoever leads an initiative."""
    one_by_one = Link(words("queue.one-by-one"), "queue", not by_theme)
    return ((one_by_one, Link(words("queue.themes"), "queue?by=theme", by_theme)),) if sight.leads else ()


def _by_theme(look: Look, sight: Sight) -> Page:
    words = look.words
    found = tuple(
        Listing(_project(look, one), tuple(_themes(look, one)), words("queue.no-themes")) for one in sight.leads
    )
    lead = words("queue.themes-lead")
    return Page(words("board.view-queue"), lead=lead, lists=found, links=_ways(words, sight, by_theme=True))


def _wanted(look: Look, filters: Filters) -> Wanted:
    def one_of(name: str, known: tuple[str, ...], otherwise: str = "") -> str:
        value = filters.get(name, "")
        return value if value in known else otherwise

    whose, state = one_of("whose", WHOSE), one_of("state", STATES, "open")
    return Wanted(
        state="" if state == "all" else state,
        mine=whose == "mine",
        soon=look.reader.now + SOON if whose == "soon" else None,
        initiative=filters.get("project", ""),
        kind=one_of("kind", RAISED),
        unit=filters.get("unit", ""),
        driver=one_of("about", DRIVERS),
        theme=filters.get("theme", ""),
    )


def _number(written: str) -> int:
    return min(int(written) - 1, MOST_PAGES) if written.isascii() and written.isdecimal() and int(written[:9]) else 0


def _to(filters: Filters, **other: str) -> str:
    """The address of this page with the same filters."""
    kept = {name: filters[name] for name in _NAMES if filters.get(name)} | other
    return f"queue?{urlencode(kept)}" if kept else "queue"


def _turning(words: Words, filters: Filters, number: int, total: int) -> tuple[Link, ...]:
    before = (Link(words("queue.before"), _to(filters, page=str(number))),) if number else ()
    more = (number + 1) * ON_A_PAGE < total
    return (*before, *((Link(words("queue.after"), _to(filters, page=str(number + 2))),) if more else ()))


def _fields(look: Look, sight: Sight, wanted: Wanted, filters: Filters) -> tuple[Field, ...]:
    words, reader = look.words, look.reader
    there = case_queue.offered(look.tx, sight, wanted)
    every = ("", words("queue.all"))
    projects = [(one, _project(look, one)) for one in there["initiative"]]
    units = [(unit, reader.unit_name(unit)) for unit in there["unit"]]
    drivers = [(driver, words(f"concern.about-{driver}")) for driver in there["driver"]]
    whose = tuple((one, words(f"queue.whose-{one or 'all'}")) for one in WHOSE)
    states = tuple((one, words(f"queue.state-{one}")) for one in STATES)
    kinds = (every, *((one, words(f"queue.kind-{one}")) for one in RAISED))
    found = [
        Field("whose", words("queue.whose"), whose, filters.get("whose", "")),
        Field("state", words("queue.state"), states, wanted.state or "all"),
        Field("kind", words("queue.kind"), kinds, wanted.kind),
        Field("unit", look.unit_word, (every, *units), wanted.unit),
        Field("about", words("queue.about"), (every, *drivers), wanted.driver),
    ]
    if len(projects) > 1 or wanted.initiative:
        found.insert(2, Field("project", words("queue.project"), (every, *projects), wanted.initiative))
    return tuple(found)


def _project(look: Look, initiative: str) -> str:
    there = look.reader.playbooks.initiatives.get(initiative)
    return there.text(look.words.locale).name.partition(":")[0].strip() if there else initiative


def _link(look: Look, one: Queued) -> Link:
    words = look.words
    unit = look.reader.unit_name(one.unit) if one.unit else ""
    parts = (when(look, one), unit, words(f"case.severity-{one.severity}"), people_behind(words, one))
    return Link(called(words, one), f"case/{one.number}", note=" · ".join(part for part in parts if part))


def called(words: Words, one: Queued) -> str:
    """A case by its number and the beginning of what it says."""
    return f"{words(f'queue.number-{one.kind}', number=one.number)}: {headline(one.text)}"


def headline(text: str) -> str:
    """The beginning of what somebody wrote, short enough for a heading."""
    return shorten(short(text), HEADLINE, placeholder=" …")


def when(look: Look, one: Queued) -> str:
    """When the next word is needed, or what has become of it."""
    words = look.words
    if one.state not in OPEN:
        on = words.day(one.decided_on) if one.decided_on else ""
        decided = decision_name(one.decision, words)
        return " ".join(part for part in (decided or words(f"queue.is-{one.state}"), on) if part)
    if one.paused:
        return words("queue.is-waiting")
    shown = words.moment(one.next_by) if one.asker else words.weekday(_day(words, one, one.next_by))
    return words("queue.late" if one.next_by <= look.reader.now else "queue.by", when=shown)


def _day(words: Words, one: Queued, at: datetime) -> date:
    """The day of a moment for whoever reads it. Of what was raised without a name only the day is kept, as its end."""
    return at.astimezone(ZoneInfo(words.zone)).date() if one.asker else (at - timedelta(seconds=1)).date()


def people_behind(words: Words, one: Queued) -> str:
    """How many others stand behind it; '' where nobody may be told of."""
    others = one.joined + (one.unnamed if one.unnamed >= SHOWN_FROM else 0)
    return words.count("queue.others", others) if others else ""


def _themes(look: Look, initiative: str) -> Iterator[Link]:
    """What belongs together in an initiative, those with most people first."""
    words = look.words
    found = themes_of(look.tx, initiative, look.reader.now, lambda one: one.cases > 1, most=THEMES)
    for theme in found:
        parts = (
            words("queue.theme-people", people=theme.people.shown(words)),
            trend(look, theme),
            words.count("queue.theme-open", theme.open),
            words("queue.theme-first", number=theme.first),
        )
        yield Link(title(theme, words), f"queue?theme={theme.id}&state=all", note=" · ".join(parts))


def trend(look: Look, theme: Theme) -> str:
    """How many people it were in the last thirty days, and in the thirty before."""
    words = look.words
    return words("queue.trend", lately=theme.lately.shown(words), before=theme.before.shown(words))


def _file(look: Look, sight: Sight, wanted: Wanted) -> File:
    rows = list(_rows(look, sight, wanted))
    words = look.words
    columns = ("number", "kind", "project", "unit", "state", "how-bad", "about", "raised", "next", "owner", "author")
    head = [words(f"queue.column-{name}") for name in (*columns, "others", "decision", "decided", "text")]
    return File(f"queue-{look.reader.today}.csv", "text/csv", csv_of([head, *rows]), noted=f"{len(rows)} cases")


def _rows(look: Look, sight: Sight, wanted: Wanted) -> Iterator[tuple[object, ...]]:
    words, reader = look.words, look.reader
    found = case_queue.page(look.tx, sight, wanted, 0, IN_A_FILE)
    names = {key: author(look, key) for key in {one.asker for one in found if one.asker and sees_names(sight, one)}}
    for one in found:
        yield (
            one.number,
            words(f"queue.kind-{one.kind}"),
            _project(look, one.initiative),
            reader.unit_name(one.unit) if one.unit else "",
            words(f"queue.is-{'waiting' if one.paused and one.state in OPEN else one.state}"),
            words(f"case.severity-{one.severity}"),
            words(f"concern.about-{one.driver}"),
            _day(words, one, one.created_at),
            _day(words, one, one.next_by) if one.state in OPEN and not one.paused else "",
            reader.names(one.handler or one.owner),
            names.get(one.asker, words("queue.in-confidence") if one.confidential else ""),
            one.joined + (one.unnamed if one.unnamed >= SHOWN_FROM else 0),
            decision_name(one.decision, words),
            one.decided_on or "",
            one.text,
        )


def author(look: Look, key: str) -> str:
    """The name of somebody who raised something."""
    person = people.person(look.tx, key)
    return person.name if person else ""
