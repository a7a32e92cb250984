"""What somebody missed: for newcomers what it is about, for returners what happened since they were away.

Pure; all of it is what this reader may read, and nothing is told of who said it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.capabilities.explain.dates import concerns, invited, milestone_line, upcoming
from bot.capabilities.explain.show import fact_card, lines, paragraphs, shorten
from bot.messages import Card, Choice
from bot.milestones.roadmap import stands
from bot.milestones.standing import Standing, said, standings
from bot.playbook.initiative_file import Decision, InitiativeFile
from bot.playbook.model import Initiative, Passage
from bot.turn import Reader

USUAL_DAYS = 30
AHEAD, DECIDED, ANSWERS, WINS = 3, 3, 4, 3
LABEL = 70


@dataclass(frozen=True, slots=True)
class Since:
    """From which day on something is told, and how that is said."""

    day: date
    lead: str


def missed(reader: Reader, initiative: Initiative, unit: str) -> Card:
    """What it is about, for newcomers; else what happened since the reader was away, or in the last month."""
    lately, words = reader.lately(initiative), reader.words
    if lately.new:
        return newcomer(reader, initiative, unit)
    if lately.since:
        lead = words("missed.since-last", date=words.day(lately.since))
        return returner(reader, initiative, Since(lately.since, lead))
    first = reader.today - timedelta(days=USUAL_DAYS)
    return returner(reader, initiative, Since(first, words("missed.lead", days=USUAL_DAYS)))


def missed_since(reader: Reader, initiative: Initiative, day: date) -> Card:
    """What happened since the day that the reader named."""
    return returner(reader, initiative, Since(day, reader.words("missed.since", date=reader.words.day(day))))


def newcomer(reader: Reader, initiative: Initiative, unit: str) -> Card:
    """What this is about, what it changes for the reader, the next dates, where to learn, and what is decided."""
    words, text = reader.words, initiative.text(reader.words.locale)
    affected = next((one for one in text.units if one.id == unit), None)
    mine = words("missed.for-you", text=affected.changes) if affected and affected.changes else ""
    decided = [_decision(d) for d in reversed(text.decisions) if d.status == "made"][:DECIDED]
    sessions = [s for s in invited(reader, initiative) if s.when and s.when.date() >= reader.today]
    learn = ""
    if sessions:
        first = min(sessions, key=lambda s: s.when.isoformat() if s.when else "")
        learn = words("missed.learn", name=first.name, date=words.weekday(first.when.date()) if first.when else "")
    body = paragraphs(
        text.summary or text.purpose,
        mine,
        _section(words("missed.next"), _ahead(reader, text, unit)),
        learn,
        _section(words("missed.decided"), decided),
    )
    card = fact_card(reader, initiative, "missed", body)
    return replace(card, choices=(*card.choices, Choice(words("roadmap.button"), f"roadmap {initiative.id}")))


def returner(reader: Reader, initiative: Initiative, since: Since) -> Card:
    """What happened from that day on: dates, decisions, answers, wins; and what comes next."""
    words, text = reader.words, initiative.text(reader.words.locale)
    answers = _answers(reader, initiative, since.day)
    wins = [sentence for day, sentence in reader.lately(initiative).wins if day >= since.day][:WINS]
    happened = (
        _section(words("missed.dates"), _dates(reader, initiative, since.day)),
        _section(words("missed.decided"), _decisions(reader, text, since.day)),
        _section(words("missed.answers"), [one.heading for one in answers]),
        _section(words("missed.wins"), wins),
    )
    lead = since.lead if any(happened) else f"{since.lead} {words('missed.nothing')}"
    ahead = _ahead(reader, text, reader.unit_in(initiative))
    body = paragraphs(lead, *happened, _section(words("missed.next"), ahead[:2]))
    card = fact_card(reader, initiative, "missed", body)
    shown = tuple(Choice(shorten(one.heading, LABEL), f"show {one.id}") for one in answers[:2])
    return replace(card, choices=(*shown, *card.choices))


def _section(title: str, items: Sequence[str]) -> str:
    return f"**{title}**\n{lines(items)}" if items else ""


def _ahead(reader: Reader, text: InitiativeFile, unit: str) -> list[str]:
    coming = upcoming(reader, text)
    mine = [m for m in coming if concerns(m, unit, text)] if unit else coming
    return [milestone_line(reader, m) for m in (mine or coming)[:AHEAD]]


def _dates(reader: Reader, initiative: Initiative, since: date) -> list[str]:
    """Dates that moved, were reached or passed, each told once: the last that happened to it."""
    lately, found = reader.lately(initiative), list[tuple[date, str]]()
    moved = {slip.milestone: slip for slip in lately.moved if slip.since >= since}
    for one in standings(initiative, lately.reports):
        if line := _date(reader, initiative, one, since):
            found.append(line)
        elif one.id in moved:
            words, slip = reader.words, moved[one.id]
            name = _name(reader, initiative, one)
            line_moved = words("missed.moved", name=name, date=words.day(one.on), before=words.day(slip.before))
            found.append((slip.since, line_moved))
    return [line for _, line in sorted(found)]


def _date(reader: Reader, initiative: Initiative, one: Standing, since: date) -> tuple[date, str] | None:
    words, how, on = reader.words, stands(one, reader.today), one.report.said_on or one.on
    name = _name(reader, initiative, one)
    if how == "done" and on >= since:
        return on, words("missed.done", name=name, date=words.day(on))
    if how == "at-risk" and one.report.said_on and one.report.said_on >= since:
        return on, words("missed.at-risk", name=name, date=words.day(one.on))
    if how == "passed" and one.on >= since:
        return one.on, words("missed.passed", name=name, date=words.day(one.on))
    return None


def _name(reader: Reader, initiative: Initiative, one: Standing) -> str:
    _, milestone = said(initiative, one.milestone, reader.words.locale)
    return milestone.name or milestone.id


def _decisions(reader: Reader, text: InitiativeFile, since: date) -> list[str]:
    made = [d for d in text.decisions if d.status == "made" and d.when and since <= d.when <= reader.today]
    return [f"{reader.words.day(d.when)}: {_decision(d)}" for d in made if d.when]


def _decision(made: Decision) -> str:
    what = made.what if made.what.endswith((".", "!", "?", ":")) or not made.why else f"{made.what}."
    return f"{what} {made.why}".strip()


def _answers(reader: Reader, initiative: Initiative, since: date) -> list[Passage]:
    """The answers that were written or looked at anew since, that this reader may read; one for each question."""
    may_read = reader.permission()
    fresh = [p for p in _questions(reader, initiative) if p.reviewed and since <= p.reviewed <= reader.today]
    shown = [p for p in fresh if may_read(p)]
    shown.sort(key=lambda p: (p.reviewed or since, p.id), reverse=True)
    return shown[:ANSWERS]


def _questions(reader: Reader, initiative: Initiative) -> Iterable[Passage]:
    there = [p for p in reader.index.passages if p.initiative == initiative.id and p.kind == "question"]
    language = reader.words.language
    mine = [p for p in there if p.locale.split("-")[0] == language]
    return mine or there
