"""What hurts little is read once a day: one card for whoever answers for it, and for whoever leads the project.

With it the clocks of such a case start. What was raised before the beginning of somebody's working day is in that day's
card; a card that was missed is made up for by the next, with all of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.cases.accountable import manager
from bot.cases.chasing import day_of
from bot.cases.clock import REMARK, Clocks, started
from bot.cases.looking import Look
from bot.cases.standing import unit_name
from bot.delivery.moment import right_moment
from bot.messages import Card, Choice, escape
from bot.milestones.words import short
from bot.people.hours import Calendar, shifts
from bot.store import SealBroken, case_clocks, cases, occurrences
from bot.store.case_clocks import Running
from bot.store.cases import OPEN
from bot.words import Words

KINDS = ("concern", "request")
"""A question is shown to whoever answers it at once."""
SHOWN = 10
"""How many points a card lists, each with a button."""
# What is older was seen in a card before, or is found by the auditor.
NEW = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Row:
    """A point in somebody's card; `until` is the day of the first word where they answer for it, `name` who does
    elsewhere. `text` is '' where it cannot be read."""

    number: int
    about: str
    text: str
    until: date | None = None
    name: str = ""


def waits_for_digest(one: Running) -> bool:
    """Whether its clocks have not started, because nobody has read it yet."""
    return (
        one.severity <= REMARK
        and one.kind in KINDS
        and one.state == "new"
        and one.respond_until is None
        and one.paused_since is None
    )


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be read by whoever has this address: what they answer for, and what is with others."""

    address: str
    mine: tuple[Running, ...]
    others: tuple[Running, ...]


def wanted(look: Look, running: Iterable[Running]) -> list[Due]:
    """Whose card has something in it by now, of all that runs. Only reads."""
    mine: dict[str, list[Running]] = defaultdict(list)
    others: dict[str, list[Running]] = defaultdict(list)
    for one in running:
        if one.severity > REMARK or one.kind not in KINDS:
            continue
        if waits_for_digest(one):
            mine[one.owner].append(one)
        leader = _leader(look, one)
        lately = one.state in OPEN and look.now - one.created_at < NEW
        if lately and leader not in ("", one.owner) and not look.apart(one, leader):
            others[leader].append(one)
    found = (_by_now(look, who, mine[who], others[who]) for who in sorted({*mine, *others}))
    return [one for one in found if one.mine or one.others]


def _leader(look: Look, one: Running) -> str:
    initiative = look.playbooks.initiatives.get(one.initiative)
    return manager(initiative) if initiative else ""


def _by_now(look: Look, address: str, mine: list[Running], others: list[Running]) -> Due:
    morning = _morning(look.now, look.calendar(address, ""))
    others = [one for one in others if one.created_at <= morning]
    by = _reader(look, address)
    known = case_clocks.noted(look.tx, [_seen(one, by) for one in others])
    unseen = tuple(one for one in others if _seen(one, by) not in known)
    return Due(address, tuple(one for one in mine if one.created_at <= morning), unseen)


def give(look: Look, due: Due) -> int:
    """Queues somebody's card and starts the clocks; says how many cards."""
    moment = right_moment(look.now, calendar := look.calendar(due.address, ""))
    day = moment.astimezone(ZoneInfo(calendar.zone)).date()
    by = _reader(look, due.address)
    if not occurrences.first_time(look.tx, f"case-digest:{by}:{day}", look.now):
        return 0
    begun = [(one, clocks) for one in due.mine if (clocks := _start(look, one, moment)) is not None]
    for one in due.others:
        occurrences.first_time(look.tx, _seen(one, by), look.now)
    whom = look.reader(due.address)
    if whom is None or not (begun or due.others):
        return 0
    words = whom.words
    rows = [
        _row(look, one, words, until=day_of(one, clocks.respond_until or moment, words.zone)) for one, clocks in begun
    ]
    rest = [_row(look, one, words, name=look.name(one.owner)) for one in due.others]
    return look.tell(due.address, f"case-digest:{whom.person.key}:{day}", card(words, rows, rest), REMARK)


def _morning(now: datetime, calendar: Calendar) -> datetime:
    """When the last working day began that has begun."""
    return next(begin for begin, _ in shifts(now, calendar, step=-1) if begin <= now)


def _reader(look: Look, address: str) -> str:
    # A mark and no address: what is noted with it outlives an erasure.
    return look.tx.seal.mark("digest", address)


def _seen(one: Running, by: str) -> str:
    return f"case-digest:{one.id}:{by}"


def _start(look: Look, one: Running, moment: datetime) -> Clocks | None:
    clocks = started(look.sla(one), one.severity, moment, look.calendar(one.owner, one.unit))
    respond = clocks.respond_until or moment
    return clocks if case_clocks.start(look.tx, one, respond, clocks.decide_until) else None


def _row(look: Look, one: Running, words: Words, until: date | None = None, name: str = "") -> Row:
    initiative = look.playbooks.initiatives.get(one.initiative)
    project = initiative.text(words.locale).name.partition(":")[0].strip() if initiative else one.initiative
    unit = unit_name(look.playbooks.organisation, one.unit, words)
    try:
        case = cases.case(look.tx, one.id)
    except SealBroken:
        case = None
    about = ", ".join(part for part in (project, unit) if part)
    return Row(one.number, about, short(case.text) if case else "", until, name)


def card(words: Words, mine: list[Row], others: list[Row]) -> Card:
    """The day's card: what its reader answers for first, then what is with others."""
    shown = [*mine, *others][:SHOWN]
    left = len(mine) + len(others) - len(shown)
    parts = (
        _list(words, "case-digest.mine", [row for row in shown if row in mine]),
        _list(words, "case-digest.others", [row for row in shown if row not in mine]),
        words.count("case-digest.more", left) if left else "",
    )
    return Card(
        title=words.count("case-digest.title", len(mine) + len(others)),
        body="\n\n".join(part for part in parts if part),
        choices=tuple(Choice(words("case-late.see", number=row.number), f"case {row.number}") for row in shown),
        locale=words.language,
    )


def _list(words: Words, lead: str, rows: list[Row]) -> str:
    return "\n".join((words(lead), *(f"- {_line(words, row)}" for row in rows))) if rows else ""


def _line(words: Words, row: Row) -> str:
    text, about = escape(row.text) or "…", escape(row.about)
    if row.until is None:
        return words("case-digest.row", number=row.number, about=about, name=escape(row.name), text=text)
    return words("case-digest.row-mine", number=row.number, about=about, date=words.weekday(row.until), text=text)
