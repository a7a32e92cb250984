"""Every way in which a case can be lost, and what mends it. Pure: it looks at what is stored of one case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.cases.clock import PAUSED_AT_MOST, REMARK, WORK_STOPS, breached, digest_at
from bot.cases.digest import KINDS, waits_for_digest
from bot.cases.escalation import clocks_of, without_owner
from bot.cases.watch import SILENT
from bot.people.hours import Calendar
from bot.store.case_clocks import Running
from bot.store.cases import OPEN

FARTHEST = timedelta(days=400)
"""No clock runs longer: the longest promise there can be is for a year of working days."""
# A day's end in UTC stands for the day where no moment is kept, and clocks of machines differ.
AHEAD = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Loss:
    """A way in which a case was lost: `why` as the catalogues call it, the columns that mend it (None: nobody can but a
    person), and whether its clocks start anew with them."""

    why: str
    mends: Mapping[str, Any] | None = field(default_factory=dict)
    anew: bool = False


def losses(one: Running, calendar: Calendar, now: datetime, projects: Iterable[str]) -> tuple[Loss, ...]:
    """Every way in which a case that has not ended is lost at `now`; none where all is well. Pure."""
    found = [*_told_wrong(one, now, projects), *_clocks_wrong(one, calendar, now)]
    if without_owner(one, now):
        found.append(Loss("owner"))
    if one.handler and not one.handler_there:
        found.append(Loss("owner", {"handler": None}))
    return tuple(found)


def _told_wrong(one: Running, now: datetime, projects: Iterable[str]) -> list[Loss]:
    found = []
    if one.state not in OPEN:
        found.append(Loss("state", {"state": "new"}, anew=True))
    if one.last_at is None:
        found.append(Loss("history"))
    if one.kind not in (*KINDS, "question"):
        found.append(Loss("kind", None))
    if one.initiative not in projects:
        found.append(Loss("project", None))
    if not REMARK <= one.severity <= WORK_STOPS:
        found.append(Loss("clock", {"severity": min(max(one.severity, REMARK), WORK_STOPS)}, anew=True))
    if one.escalated not in range(3):
        found.append(Loss("clock", {"escalated": 0}, anew=True))
    if one.created_at > now + AHEAD:
        found.append(Loss("clock", {"created_at": now}, anew=True))
    return found


def _clocks_wrong(one: Running, calendar: Calendar, now: datetime) -> list[Loss]:
    if one.paused_since is not None:
        asked = one.asked_back and now - PAUSED_AT_MOST < one.paused_since <= now + AHEAD
        return [] if asked else [Loss("pause", {"paused_since": None}, anew=True)]
    if max(one.due_at, one.respond_until or one.due_at) > now + FARTHEST:
        return [Loss("clock", anew=True)]
    if breached(clocks_of(one), now):
        return [Loss("late", anew=True)]
    unread = waits_for_digest(one) and digest_at(digest_at(one.created_at, calendar), calendar) + SILENT < now
    unanswered = one.state == "new" and one.respond_until is None and one.severity > REMARK and one.kind in KINDS
    return [Loss("clock", anew=True)] if unread or unanswered else []
