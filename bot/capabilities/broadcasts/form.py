"""The form in which a broadcast is composed, and what was put into it. Pure, but for what the directory offers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.broadcasts.cards import role_name
from bot.broadcasts.permission import Scope, allowed
from bot.dialogue import problems
from bot.messages import Answers, Ask, Card, Option
from bot.people.hours import clock_shows
from bot.playbook.access import lineage
from bot.playbook.model import Initiative
from bot.store import broadcasts
from bot.store.broadcasts import Version, Written
from bot.turn import Turn
from bot.words import Words

LONGEST_TITLE, LONGEST_TEXT = 150, 3000
# Platforms take no more options in one field.
MOST_OPTIONS = 100
CLOCK = re.compile(r"^([01]?\d|2[0-3])[:.h]([0-5]\d)$")
# A date without a time means the morning.
MORNING = time(9)
LATEST = timedelta(days=366)
ROLES = ("change-agent", "project-manager", "sponsor")
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was handed in: what is to be kept, or what is wrong with it, by field."""

    written: Written | None
    problems: Mapping[str, str]


def form(turn: Turn, initiative: Initiative, scope: Scope, submits: str, before: Written | None) -> Card:
    """The form, filled with what was written before."""
    words, original = turn.words, before.original if before else Version("", "", "")
    asks = [
        Ask("title", words("broadcast.ask-title"), longest=LONGEST_TITLE, value=original.title),
        Ask("text", words("broadcast.ask-text"), longest=LONGEST_TEXT, value=original.text),
        *_audience(turn, initiative, scope, before),
        *_moment(words, before),
    ]
    if allowed("read-marks", "", turn.reader.playbooks):
        asks.append(_yes_or_no("receipt", words("broadcast.ask-receipt"), words, before is not None and before.receipt))
    if scope.everybody:
        hint = words("broadcast.urgent-hint")
        asks.append(
            _yes_or_no("urgent", words("broadcast.ask-urgent"), words, before is not None and before.urgent, hint)
        )
    return Card(
        title=words("broadcast.form-title", name=initiative.text(words.locale).name.partition(":")[0].strip()),
        body="" if scope.everybody else words("broadcast.form-limited"),
        asks=tuple(asks),
        submits=submits,
        submit_label=words("broadcast.save"),
        locale=words.language,
    )


def _audience(turn: Turn, initiative: Initiative, scope: Scope, before: Written | None) -> Iterable[Ask]:
    words, was = turn.words, before or Written((Version("", "", ""),))
    groups = sorted({*initiative.written.audiences, *initiative.written.channels}) if scope.everybody else []
    if groups:
        hint = words("broadcast.group-hint")
        options = tuple(Option(one, one) for one in groups[:MOST_OPTIONS])
        yield Ask("group", words("broadcast.ask-group"), "choice", options, optional=True, value=was.group, hint=hint)
    units = tuple(Option(id, turn.reader.unit_name(id)) for id in _units(turn, initiative, scope))
    if len(units) > 1:
        yield _several("units", words("broadcast.ask-units"), units, was.units, words("broadcast.all-hint"))
    if scope.everybody:
        roles = tuple(Option(role, role_name(role, words)) for role in ROLES)
        yield _several("roles", words("broadcast.ask-roles"), roles, was.roles, words("broadcast.roles-hint"))
    places = tuple(Option(one, one) for one in broadcasts.locations(turn.tx))
    if places:
        hint = words("broadcast.locations-hint")
        yield _several("locations", words("broadcast.ask-locations"), places, was.locations, hint)
    platforms = tuple(Option(one, one.title()) for one in broadcasts.platforms(turn.tx))
    if len(platforms) > 1:
        yield _several(
            "platforms", words("broadcast.ask-platforms"), platforms, was.platforms, words("broadcast.all-hint")
        )
    to = (
        Option("both", words("broadcast.people-and-channels")),
        Option("people", words("broadcast.only-people")),
        Option("channels", words("broadcast.only-channels")),
    )
    yield Ask("to", words("broadcast.ask-to"), "choice", to, optional=True, value=was.to or "both")


def _units(turn: Turn, initiative: Initiative, scope: Scope) -> list[str]:
    """The units that can be chosen: the affected ones with those below them, within the scope."""
    units = turn.reader.playbooks.organisation.units
    affected = {one.id for one in initiative.written.units}
    there = [id for id in units if affected & set(lineage(id, units))] if scope.everybody else list(scope.units)
    return there[:MOST_OPTIONS]


def _several(name: str, question: str, options: tuple[Option, ...], chosen: tuple[str, ...], hint: str) -> Ask:
    value = ",".join(chosen)
    return Ask(name, question, "multi", options[:MOST_OPTIONS], optional=True, value=value, hint=hint)


def _moment(words: Words, before: Written | None) -> Iterable[Ask]:
    at = before.at.astimezone(ZoneInfo(words.zone)) if before and before.at else None
    day, clock = (at.date().isoformat(), f"{at:%H:%M}") if at else ("", "")
    hint = words("broadcast.time-hint", zone=words.zone)
    yield Ask("date", words("broadcast.ask-date"), "date", optional=True, value=day, hint=words("broadcast.date-hint"))
    yield Ask("time", words("broadcast.ask-time"), optional=True, longest=10, value=clock, hint=hint)


def _yes_or_no(name: str, question: str, words: Words, chosen: bool, hint: str = "") -> Ask:
    options = (Option(NO, words("broadcast.no")), Option(YES, words("broadcast.yes")))
    return Ask(name, question, "choice", options, optional=True, value=YES if chosen else NO, hint=hint)


def handed_in(turn: Turn, card: Card, scope: Scope, before: Written | None) -> Asked:
    """What was put into this form. Versions in other languages stay as they were."""
    there = {ask.name for ask in card.asks}
    given = {name: value for name, value in turn.said.answers.items() if name in there}
    wrong = problems(card.asks, given, turn.words)
    if not wrong:
        wrong = _wrong_moment(turn, given)
    if wrong:
        return Asked(None, wrong)
    original = Version(
        before.original.locale if before else turn.words.language, _one(given, "title"), _one(given, "text")
    )
    to, units = _one(given, "to"), _many(given, "units")
    written = Written(
        versions=(original, *(before.versions[1:] if before else ())),
        group=_one(given, "group"),
        units=units or (() if scope.everybody else scope.units),
        roles=_many(given, "roles"),
        locations=_many(given, "locations"),
        platforms=_many(given, "platforms"),
        to="" if to == "both" else to,
        receipt=_one(given, "receipt") == YES,
        urgent=_one(given, "urgent") == YES,
        at=_at(turn, given),
    )
    return Asked(written, {})


def _wrong_moment(turn: Turn, given: Answers) -> dict[str, str]:
    clock, day, words = _one(given, "time"), _one(given, "date"), turn.words
    if clock and not CLOCK.match(clock):
        return {"time": words("broadcast.wrong-time")}
    if clock and not day:
        return {"date": words("broadcast.which-day")}
    at = _at(turn, given)
    if at and at <= turn.now:
        return {"date": words("broadcast.past")}
    return {"date": words("broadcast.too-far")} if at and at > turn.now + LATEST else {}


def _at(turn: Turn, given: Answers) -> datetime | None:
    """The moment in the author's zone; None for at once."""
    day = _one(given, "date")
    found = CLOCK.match(_one(given, "time"))
    clock = time(int(found[1]), int(found[2])) if found else MORNING
    return clock_shows(date.fromisoformat(day), clock, turn.words.zone) if day else None


def _one(given: Answers, name: str) -> str:
    value = given.get(name, "")
    return (value if isinstance(value, str) else ",".join(value)).strip()


def _many(given: Answers, name: str) -> tuple[str, ...]:
    value = given.get(name, ())
    parts = value.split(",") if isinstance(value, str) else value
    return tuple(part.strip() for part in parts if part.strip())
