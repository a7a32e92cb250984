"""What people get of a round, and when: the invitation, what comes of "not now", and up to two reminders.

The rules:
- The invitation comes at a right moment of each person's working day, within their weekly cap.
- Who has not answered is reminded on the third and on the fifth day after the round began, or on the first working day
  after, in their own zone; not any more once the round has closed, and not while the invitation itself still waits.
- "Not now" holds for two working days at least: the next reminder comes on its day if that is later, else after these.
- Nobody is asked more than three times in all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.messages import Card, Choice
from bot.people.hours import LONGEST_SEARCH, Calendar
from bot.playbook.model import Initiative
from bot.pulse.words import length, short_name, who_sees
from bot.store.surveys import Round, Snapshot
from bot.words import Words

REMINDED_AFTER = (3, 5)
"""Days after the beginning of a round on which those are reminded who have not answered."""
NOT_NOW_FOR = 2
"""Working days for which "not now" holds."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A round with what its cards need. `readers` are the names of those who read the answers of a named survey."""

    round: Round
    snapshot: Snapshot
    initiative: Initiative
    readers: tuple[str, ...] = ()

    def name(self, words: Words) -> str:
        """What the survey is called in the reader's language."""
        return self.snapshot.text(words.locale).name

    def project(self, words: Words) -> str:
        """What the project is called in short, in the reader's language."""
        return short_name(self.initiative, words)

    def title(self, words: Words) -> str:
        """Project and survey, by their names in the reader's language."""
        return words("survey.title", project=self.project(words), name=self.name(words))

    def closes(self, words: Words) -> str:
        """The day and time at which it closes, where the reader is."""
        return words.moment(self.round.closes_at)


def invitation(subject: Subject, words: Words) -> Card:
    """Asks somebody to take part; in two lines who will see what."""
    lead = words("survey.lead", length=length(words, subject.snapshot.text(words.locale)), until=subject.closes(words))
    body = "\n\n".join((lead, who_sees(words, subject.round, subject.readers)))
    return Card(title=subject.title(words), body=body, choices=choices(subject, words), locale=words.language)


def reminder(subject: Subject, words: Words, *, last: bool) -> Card:
    """Asks once more; says so where it is the last time."""
    text = length(words, subject.snapshot.text(words.locale))
    key = "survey.reminder-last" if last else "survey.reminder"
    body = words(key, length=text, until=subject.closes(words))
    return Card(title=subject.title(words), body=body, choices=choices(subject, words), locale=words.language)


def choices(subject: Subject, words: Words) -> tuple[Choice, ...]:
    """What can be pressed on both."""
    id = subject.round.id
    return (
        Choice(words("survey.start-button"), f"take-survey {id}", style="primary"),
        Choice(words("survey.not-now-button"), f"survey not-now {id}"),
        Choice(words("survey.never-button"), f"survey never {id}"),
        Choice(words("survey.why-button"), f"survey why {id}"),
    )


def first_reminder(round: Round, calendar: Calendar) -> datetime | None:
    """When somebody with this calendar is reminded for the first time; None where the round closes before."""
    return _open_then(round, calendar, _since(round, calendar, REMINDED_AFTER[0]))


def second_reminder(round: Round, calendar: Calendar, now: datetime) -> datetime | None:
    """When they are reminded for the second time: not on the day of the first one."""
    day = max(_since(round, calendar, REMINDED_AFTER[1]), _here(now, calendar) + timedelta(days=1))
    return _open_then(round, calendar, day)


def after_not_now(
    round: Round, calendar: Calendar, now: datetime, reminded: int, planned: datetime | None
) -> datetime | None:
    """When somebody who said "not now" is asked again, whose next reminder is `planned`: never sooner than they would
    have been. None where that is too late, or where they were asked often enough."""
    if reminded >= len(REMINDED_AFTER):
        return None
    day = _here(now, calendar)
    for _ in range(NOT_NOW_FOR):
        day = _working_day(day + timedelta(days=1), calendar)
    return _open_then(round, calendar, max(day, _here(planned, calendar)) if planned else day)


def _open_then(round: Round, calendar: Calendar, day: date) -> datetime | None:
    moment = calendar.begin_of(_working_day(day, calendar))
    return moment if moment < round.closes_at else None


def _since(round: Round, calendar: Calendar, days: int) -> date:
    return _here(round.opened_at, calendar) + timedelta(days=days)


def _here(moment: datetime, calendar: Calendar) -> date:
    return moment.astimezone(ZoneInfo(calendar.zone)).date()


def _working_day(day: date, calendar: Calendar) -> date:
    """This day if it is a working day, else the next one; the day itself where there is none in a year."""
    days = (day + timedelta(days=n) for n in range(LONGEST_SEARCH))
    return next((one for one in days if calendar.works_on(one)), day)
