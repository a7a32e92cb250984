"""Which milestones there are, and of which of them somebody may say how they stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from bot.milestones import plan, telling
from bot.milestones.plan import AGENTS
from bot.milestones.previews import Upcoming, upcoming
from bot.milestones.standing import reports_on
from bot.milestones.subjects import subjects_of
from bot.milestones.words import Subject
from bot.store import milestones as kept
from bot.store.milestones import PostId
from bot.turn import Turn


def milestones_of(turn: Turn) -> list[Subject]:
    """The milestones of which this person may say how they stand."""
    if not (turn.person.member and turn.person.email):
        return []
    there = (subject for one in turn.reader.initiatives() for subject in subjects_of(turn.tx, turn.reader, one))
    return [s for s in there if reports_on(turn.person.email, s.initiative, s.standing.milestone)]


def upcoming_of(turn: Turn, id: PostId) -> Upcoming | None:
    """A post that was shown, as it is planned now; None where its milestone or its date is another one by now."""
    initiative, playbooks = turn.reader.initiative(id.initiative), turn.reader.playbooks
    found = subjects_of(turn.tx, turn.reader, initiative) if initiative else []
    subject = next((s for s in found if (s.standing.id, s.standing.on) == (id.milestone, id.date)), None)
    if initiative is None or subject is None:
        return None
    # With the names that the clock uses, so that it finds the same words.
    subject = replace(subject, name=telling.names(turn.tx))
    calendar = telling.project_calendar(telling.leader(turn.tx, initiative, playbooks), initiative, playbooks)
    today = turn.now.astimezone(ZoneInfo(calendar.zone)).date()
    shown = {one.id: one for one in kept.posts(turn.tx, initiative.id)}
    planned = plan.posts(id.date, calendar, today, agents_told=replace(id, stage=AGENTS) in shown)
    return next((upcoming(subject, one, shown) for one in planned if one.stage == id.stage), None)


def day_in(text: str) -> date | None:
    """The date that a text is, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
