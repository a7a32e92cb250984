"""Offering a meeting about a case: a form for when, how long, where and what about; and calling it off."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.capabilities.cases.there import Held, done, handed_in, not_yours, step_of, text_of, too_late
from bot.cases import workshop
from bot.cases.standing import Subject, subject
from bot.messages import Answers, Ask, Card, Choice, Option, quoted
from bot.people.calendar import calendar_for
from bot.people.hours import clock_shows, due_after
from bot.store import case_workshops
from bot.store.case_workshops import Meeting
from bot.store.cases import OPEN, Case
from bot.turn import Reply, Turn
from bot.words import Words

LENGTHS = (30, 45, 60, 90, 120)
USUAL, USUAL_START = 60, "10:00"
LONGEST_WHERE, LONGEST_AGENDA = 300, 2000
WORKING_DAYS_AHEAD = 3
OFF = "off"


def offer(turn: Turn, found: Held) -> Reply:
    """`case workshop 14`: the form, or the invitation; `case workshop 14 off`: it does not take place."""
    if not found.answers:
        return not_yours(turn)
    case = found.case
    if found.rest == OFF:
        return done(turn, found, workshop.cancelled(step_of(turn), case), "case.workshop-cancelled")
    if case.state not in (*OPEN, "answered") or case.merged_into:
        return too_late(turn, case)
    form = _form(turn, case)
    begins, wrong = _begins(turn)
    given, reply = handed_in(turn, form, wrong)
    if given is None or begins is None:
        return reply
    posts = workshop.offered(
        step_of(turn), case, begins, _minutes(given), _meeting(turn, case, given), turn.reader.pages
    )
    off = Choice(turn.words("case.workshop-off-button"), f"case workshop {case.number} {OFF}")
    return done(turn, found, posts, "case.workshop-offered", off)


def _begins(turn: Turn) -> tuple[datetime | None, dict[str, str]]:
    """When it begins, in the zone of whoever offers it; what is wrong with it."""
    given, words = turn.said.answers, turn.words
    if not given:
        return None, {}
    try:
        day = date.fromisoformat(text_of(given, "day"))
    except ValueError:
        return None, {"day": words("form.date")}
    try:
        at = time.fromisoformat(text_of(given, "time").replace(".", ":").replace("h", ":").zfill(len("09:00")))
        begins = clock_shows(day, at.replace(tzinfo=None), words.zone)
    except (ValueError, OverflowError):
        return None, {"time": words("case.workshop-time-wrong")}
    return begins, ({"day": words("case.date-past")} if begins <= turn.now else {})


def _minutes(given: Answers) -> int:
    value = text_of(given, "minutes")
    return int(value) if value in {str(one) for one in LENGTHS} else USUAL


def _meeting(turn: Turn, case: Case, given: Answers) -> Meeting:
    initiative = turn.reader.playbooks.initiatives.get(case.initiative)
    words = Words(case.locale, own=turn.words.own)
    project = initiative.text(words.locale).name.partition(":")[0].strip() if initiative else case.initiative
    title = words("case.workshop-title", project=project)
    return Meeting(title, text_of(given, "where"), text_of(given, "agenda"))


def _form(turn: Turn, case: Case) -> Card:
    words, about = turn.words, subject(turn.tx, turn.reader.playbooks, case)
    before = case_workshops.of_case(turn.tx, case.id)
    there = before if before and not before.cancelled else None
    begins = there.begins.astimezone(ZoneInfo(words.zone)) if there else None
    lengths = tuple(Option(str(n), words("case.workshop-minutes-n", n=n)) for n in LENGTHS)
    day = begins.date() if begins else _next_day(turn)
    return Card(
        title=words("case.workshop-form", number=case.number),
        body=quoted(case.text),
        asks=(
            Ask("day", words("case.workshop-day"), kind="date", value=day.isoformat()),
            Ask(
                "time",
                words("case.workshop-start"),
                longest=8,
                value=f"{begins:%H:%M}" if begins else USUAL_START,
                hint=words("case.workshop-start-hint", zone=words.zone),
            ),
            Ask(
                "minutes",
                words("case.workshop-minutes"),
                kind="choice",
                options=lengths,
                value=str(there.minutes if there else USUAL),
            ),
            Ask(
                "where",
                words("case.workshop-place"),
                longest=LONGEST_WHERE,
                value=there.meeting.where if there else "",
                hint=words("case.workshop-place-hint"),
            ),
            Ask(
                "agenda",
                words("case.workshop-agenda"),
                longest=LONGEST_AGENDA,
                value=there.meeting.agenda if there else _agenda(about, words),
                hint=words("case.workshop-agenda-hint"),
            ),
        ),
        submits=f"case workshop {case.number}",
        submit_label=words("case.workshop-send"),
        locale=words.language,
    )


def _next_day(turn: Turn) -> date:
    units = turn.reader.playbooks.organisation.units
    ahead = due_after(turn.now, WORKING_DAYS_AHEAD, calendar_for(turn.person, turn.settings, units))
    return (ahead - timedelta(minutes=1)).astimezone(ZoneInfo(turn.words.zone)).date()


def _agenda(about: Subject, words: Words) -> str:
    """What could be talked about, from the case; of what was said in confidence nobody's words."""
    case = about.case
    stake = "" if case.confidential else case.at_stake
    work = "" if case.confidential else case.would_work
    points = (
        words("case.agenda-stake-is", text=stake) if stake else words("case.agenda-stake"),
        words("case.agenda-work-is", text=work) if work else words("case.agenda-work"),
        words("case.agenda-next"),
    )
    return "\n".join(f"{n}. {point}" for n, point in enumerate(points, start=1))[:LONGEST_AGENDA]
