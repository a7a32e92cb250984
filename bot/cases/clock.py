"""The two clocks of a case: until when whoever answers for it has to respond, and until when it is decided.

Pure. Both are counted in working time; which calendar that is, `accountable` says. All moments are aware.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.people.hours import Calendar, after_work, before_work, due_after, shifts, work_between
from bot.playbook.initiative_file import Sla

REMARK, WORK_SUFFERS, WORK_STOPS = 1, 2, 3
"""The severities: a remark, work suffers, work stops or a rule is broken."""
WARNED_AT = 4
"""A warning comes when a quarter of the working time is left."""
PAUSED_AT_MOST = timedelta(days=30)
"""So long a case waits for its author; then it goes on without their answer."""
# No promise is for longer than a year, whatever a playbook says: a clock that nobody lives to see is none.
LONGEST_DAYS, LONGEST_HOURS = 260, 2_080.0


@dataclass(frozen=True, slots=True)
class Clocks:
    """`respond_until` is None where that clock does not run: not yet, or not any more."""

    respond_until: datetime | None
    decide_until: datetime


def clocks(sla: Sla, severity: int, opened_at: datetime, calendar: Calendar) -> Clocks:
    """The clocks of a case that is opened now. That of a remark starts when it is read in a digest: until `started`
    says so, only the decision has a day, counted from the next one."""
    if severity <= REMARK:
        return Clocks(None, started(sla, severity, digest_at(opened_at, calendar), calendar).decide_until)
    return started(sla, severity, opened_at, calendar)


def started(sla: Sla, severity: int, at: datetime, calendar: Calendar) -> Clocks:
    """Both clocks, running from `at`: from the opening, from the digest, or from a new beginning with somebody else.

    The response is due after so many working hours, the decision at the end of work of the n-th working day after.
    """
    return Clocks(
        after_work(at, _hours(sla, severity), calendar),
        due_after(at, _days(sla, severity), calendar),
    )


def digest_at(opened_at: datetime, calendar: Calendar) -> datetime:
    """When what was raised at `opened_at` is read: at the beginning of the next working day (UTC)."""
    return next(begin for begin, _ in shifts(opened_at, calendar) if begin > opened_at)


def resumed(clocks: Clocks, paused_since: datetime, now: datetime, calendar: Calendar) -> Clocks:
    """The clocks once a pause is over: from now on there is as much working time left as there was when it began."""
    respond = clocks.respond_until

    def moved(until: datetime) -> datetime:
        # What was late when the pause began is late when it ends.
        return (
            until if until <= paused_since else after_work(now, work_between(paused_since, until, calendar), calendar)
        )

    return Clocks(moved(respond) if respond else None, moved(clocks.decide_until))


def warn_at(clocks: Clocks, sla: Sla, severity: int, calendar: Calendar) -> Clocks:
    """From when on each clock is nearly run out: a quarter of its working time is left."""
    respond = clocks.respond_until
    quarter_of_days = calendar.shift * _days(sla, severity) / WARNED_AT
    return Clocks(
        before_work(respond, _hours(sla, severity) / WARNED_AT, calendar) if respond else None,
        before_work(clocks.decide_until, quarter_of_days, calendar),
    )


def breached(clocks: Clocks, now: datetime) -> bool:
    """Whether one of the clocks has run out."""
    return clocks.decide_until <= now or (clocks.respond_until is not None and clocks.respond_until <= now)


def _hours(sla: Sla, severity: int) -> timedelta:
    hours = sla.stop_work_hours if severity >= WORK_STOPS else sla.acknowledge_hours
    return timedelta(hours=min(hours, LONGEST_HOURS))


def _days(sla: Sla, severity: int) -> int:
    return 1 if severity >= WORK_STOPS else min(sla.answer_days, LONGEST_DAYS)
