"""What is dated: the milestones ahead and behind, and the learning plan.

Pure; dates are shown in the reader's language and counted from the day it is in the reader's zone.
"""

from __future__ import annotations

from dataclasses import replace

from bot.capabilities.explain.show import SHOWN_AT_ONCE, fact_card, lines, paragraphs
from bot.messages import Card, Choice, escape
from bot.playbook.access import in_audience
from bot.playbook.initiative_file import InitiativeFile, Milestone, Session
from bot.playbook.model import Initiative
from bot.turn import Reader


def when(reader: Reader, initiative: Initiative, unit: str) -> Card:
    """The dates ahead that concern the reader's unit, else all of them; the last one passed as well."""
    words, text = reader.words, initiative.text(reader.words.locale)
    ahead = upcoming(reader, text)
    mine = [m for m in ahead if concerns(m, unit, text)] if unit else ahead
    shown = (mine or ahead)[:SHOWN_AT_ONCE]
    if not shown:
        return fact_card(
            reader,
            initiative,
            "when",
            paragraphs(words("when.nothing-ahead"), _last(reader, text)),
        )
    first, later = shown[0], shown[1:]
    lead = words("when.next", name=first.name or first.id, date=words.day(first.date), away=_away(reader, first))
    remark = words("when.not-yours", unit=reader.unit_name(unit)) if unit and not mine else ""
    then = f"{words('when.then')}\n{lines(milestone_line(reader, m) for m in later)}" if later else ""
    rest = len(mine or ahead) - len(shown)
    more = words.count("when.more", rest) if rest > 0 else ""
    body = paragraphs(remark, f"{lead} {first.say}".strip(), then, more, _last(reader, text))
    return fact_card(reader, initiative, "when", body)


def milestone(reader: Reader, initiative: Initiative, id: str) -> Card | None:
    """One milestone by its id, for an answer about a date."""
    words, text = reader.words, initiative.text(reader.words.locale)
    found = next((m for m in text.milestones if m.id == id), None)
    if found is None:
        return None
    key = "when.one-past" if found.date < reader.today else "when.one"
    lead = words(
        key,
        name=found.name or found.id,
        date=words.day(found.date),
        away=_away(reader, found),
    )
    done = words("when.done-when", text=found.done_when) if found.done_when else ""
    title = found.name or found.id
    return fact_card(reader, initiative, "when", paragraphs(lead, found.say, done), title=title)


def _away(reader: Reader, milestone: Milestone) -> str:
    return reader.words.away(milestone.date, reader.today)


def upcoming(reader: Reader, text: InitiativeFile) -> list[Milestone]:
    """The milestones from today on, the next one first."""
    return sorted((m for m in text.milestones if m.date >= reader.today), key=lambda m: m.date)


def _last(reader: Reader, text: InitiativeFile) -> str:
    past = [m for m in text.milestones if m.date < reader.today]
    if not past:
        return ""
    last = max(past, key=lambda m: m.date)
    return reader.words("when.last", name=last.name or last.id, date=reader.words.day(last.date))


def concerns(milestone: Milestone, unit: str, text: InitiativeFile) -> bool:
    """Whether a milestone concerns the people of this unit personally; by default it concerns all affected units."""
    return unit in (milestone.units or tuple(u.id for u in text.units))


def milestone_line(reader: Reader, m: Milestone) -> str:
    """One milestone in one line: the date, how far away, and what is said of it."""
    said = f" {m.say}" if m.say else ""
    return f"**{reader.words.day(m.date)}** ({_away(reader, m)}): {m.name or m.id}.{said}"


def learn(reader: Reader, initiative: Initiative, _unit: str) -> Card:
    """The sessions and lessons that are meant for the reader."""
    words, plan = reader.words, initiative.text(reader.words.locale).learning
    sessions = invited(reader, initiative)
    lessons = [lesson for lesson in plan.lessons if _meant(reader, initiative, lesson.audience)] if plan else []
    if not sessions and not lessons:
        return fact_card(reader, initiative, "learn", words("learn.nothing"))
    rows = [_session_line(reader, s) for s in sessions]
    rows += [f"{words('learn.lesson', name=n.name)}{_minutes(reader, n.minutes)}" for n in lessons]
    picks = tuple(
        Choice(words("learn.open", name=n.name), f"lesson {initiative.id} {n.id}") for n in lessons[:2] if n.page
    )
    card = fact_card(reader, initiative, "learn", paragraphs(words("learn.lead"), lines(rows)))
    return replace(card, choices=picks + card.choices)


def invited(reader: Reader, initiative: Initiative) -> list[Session]:
    """The sessions that are meant for the reader."""
    plan = initiative.text(reader.words.locale).learning
    return [s for s in plan.sessions if _meant(reader, initiative, s.audience)] if plan else []


def _meant(reader: Reader, initiative: Initiative, audience: str | None) -> bool:
    units = reader.playbooks.organisation.units
    return in_audience(reader.viewer, audience or "all-affected", initiative, units)


def _session_line(reader: Reader, s: Session) -> str:
    words = reader.words
    at = f"{words.weekday(s.when.date())}, {words.time(s.when)}" if s.when else words("learn.no-date")
    where = f", {escape(s.where)}" if s.where else ""
    trainer = " " + words("learn.trainer", name=reader.names(s.trainer)) if s.trainer else ""
    return f"**{s.name}**{_minutes(reader, s.minutes)}: {at}{where}.{trainer}"


def _minutes(reader: Reader, minutes: int | None) -> str:
    return f" ({reader.words.count('learn.minutes', minutes)})" if minutes else ""
