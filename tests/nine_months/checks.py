"""What must never happen in what everybody got: to whom, when, how often, in which order. Each check names what it
found, one sentence each.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from zoneinfo import ZoneInfo

from tests.nine_months import wording
from tests.nine_months.living import STAGES, Got, posts
from tests.nine_months.organisation import Organisation

# What a colleague hands to one other by name goes at once: a person did it, and the platform has its own quiet hours.
HANDED_OVER = re.compile(r"(case|question|concern|answer)\b|[a-z]+-(told|pressed)\b|offer\b")


def outside_hours(got: Iterable[Got], here: Organisation) -> list[str]:
    """Nobody gets anything outside their own working time, a channel nothing outside that of its unit."""
    found = []
    for one in got:
        worker = here.worker(one)
        reading = one.at.astimezone(ZoneInfo(worker.zone)).replace(tzinfo=None)
        if not one.urgent and not HANDED_OVER.match(one.key) and worker.shift(reading) is None:
            found.append(f"{one.where} at {reading:%a %d %b %H:%M}: {one.title}")
    return found


Weeks = dict[tuple[str, int, int], list[Got]]
"""What somebody got of what goes to many, by person, year and week."""


def _weeks(got: Iterable[Got], here: Organisation) -> Weeks:
    weeks: Weeks = defaultdict(list)
    for one in got:
        if one.kind and not one.channel and not one.urgent:
            year, week, _ = one.at.astimezone(here.people[one.where].zone).isocalendar()
            weeks[one.where, year, week].append(one)
    return weeks


def above_the_cap(got: Iterable[Got], here: Organisation) -> list[str]:
    """In one week nobody gets more of what goes to many than the strictest cap of what concerns them, but for what
    change agents get ahead."""
    weeks = _weeks((one for one in got if not all(":agents:" in key for key in one.keys)), here)
    return [
        f"{who} in week {week} of {year}: {len(many)}"
        for (who, year, week), many in weeks.items()
        if len(many) > here.cap(who)
    ]


def twice(got: Iterable[Got], _here: Organisation) -> list[str]:
    """Nothing comes again to the same place: no key, and no text, but that of a date that comes nearer and is
    remembered once at each of its stages, and that of a question that was not answered."""
    keys: Counter[tuple[str, str]] = Counter()
    texts: Counter[tuple[str, str]] = Counter()
    for one in got:
        keys.update((one.where, key) for key in one.keys)
        if (one.kind or one.channel) and not posts(one):
            texts[one.where, one.text] += 1
    return sorted(f"{where} twice: {what[:80]!r}" for (where, what), n in (keys + texts).items() if n > 1)


def out_of_order(got: Iterable[Got], here: Organisation) -> list[str]:
    """The posts of a date come in their order, and the change agents of a unit hear of it before their unit."""
    latest: dict[tuple[str, ...], int] = {}
    agents: dict[tuple[str, ...], list[Got]] = defaultdict(list)
    others: dict[tuple[str, ...], list[Got]] = defaultdict(list)
    found = []
    for one in got:
        for date_of, stage in posts(one):
            place = (one.where, *date_of)
            if latest.get(place, 0) > stage:
                found.append(f"{one.where}: {STAGES[stage]} of {':'.join(date_of)} after {STAGES[latest[place]]}")
            latest[place] = stage
            (agents if stage == 0 else others)[(*date_of, here.unit(one).id)].append(one)
    for about, many in agents.items():
        first = min((one.at for one in others.get(about, [])), default=None)
        found += [
            f"{one.where} after {about[-1]}: {one.title}, {one.at:%d %b %H:%M} and not before {first:%d %b %H:%M}"
            for one in many
            if first is not None and one.at >= first
        ]
    return found


def after_the_date(got: Iterable[Got], here: Organisation) -> list[str]:
    """Nobody is told of a date as a coming one when it is over where they are."""
    found = []
    for one in got:
        today = one.at.astimezone(ZoneInfo(here.worker(one).zone)).date()
        late = [about for about, _ in posts(one) if date.fromisoformat(about[2]) < today]
        found += [f"{one.where} on {today}: {one.title}" for _ in late]
    return found


def not_for_them(got: Iterable[Got], here: Organisation) -> list[str]:
    """Nobody hears of what they may not know of, nor of what concerns neither their unit nor themselves."""
    found = []
    for one in got:
        for key in one.keys:
            about = here.about(key)
            if about is None:
                continue
            if one.channel:
                wrong = about.written.status != "live"
            else:
                wrong = not (here.may_know(one.where, about) and here.concerns(one.where, about))
            if wrong:
                found.append(f"{one.where} hears of {about.id}: {one.title}")
    return found


def after_leaving(got: Iterable[Got], here: Organisation) -> list[str]:
    """Who has left gets nothing any more."""
    return [
        f"{one.where} on {one.at:%d %b}: {one.title}"
        for one in got
        if one.where in here.left and one.at > here.left[one.where]
    ]


Check = Callable[[Iterable[Got], Organisation], list[str]]
ALL: tuple[Check, ...] = (
    outside_hours,
    above_the_cap,
    twice,
    out_of_order,
    after_the_date,
    not_for_them,
    after_leaving,
    *wording.ALL,
)
