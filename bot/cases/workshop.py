"""Offering a meeting about a case: the invitation with what will be talked about, and its calendar file.

Whoever raised it in confidence hears of the date like everybody else, and stands on no list: nobody is invited by name.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.cases import told
from bot.cases.standing import Subject
from bot.cases.steps import Posts, Step, say_answering, say_everybody, stepped, taken
from bot.cases.words import plainly, yours
from bot.following.dates import Entry
from bot.following.ics import Dated, ics
from bot.messages import Card, Choice, escape
from bot.store import Session, case_workshops
from bot.store.case_workshops import Meeting, Workshop
from bot.store.cases import OPEN, Case
from bot.words import Words

SHORTEST, LONGEST = 10, 480
"""Minutes."""


def offered(step: Step, case: Case, begins: datetime, minutes: int, meeting: Meeting, pages: str) -> Posts:
    """Offers the meeting, in place of one that was offered before. `begins` is aware; `pages` is the address of the web
    pages, '' where there are none and no calendar file can be read."""
    also = {"respond_until": None, **({"state": "in-progress"} if case.state in OPEN else {})}
    said = f"{begins:%Y-%m-%d %H:%M} ({begins.tzname()}), {meeting.where}"
    if not stepped(step, case, "workshop", said, also, (*OPEN, "answered")):
        return None
    workshop = case_workshops.offer(step.tx, case.id, begins, minutes, meeting, step.now)
    after, name, link = taken(step, case, "workshop"), step.name(), link_to(pages, workshop)
    readers = tuple(one.address for one in step.subject(after).readers)
    return (
        *say_everybody(
            step, after, lambda about, words, author: invitation(about, words, workshop, name, link, author)
        ),
        *say_answering(
            step, after, lambda words: invitation(step.subject(after), words, workshop, name, link, False), readers
        ),
    )


def cancelled(step: Step, case: Case) -> Posts:
    """The meeting does not take place. None where there is none."""
    if not case_workshops.cancel(step.tx, case.id, step.now):
        return None
    stepped(step, case, "workshop-off", "", {}, (*OPEN, "answered", "resolved", "withdrawn"))
    after, name = taken(step, case, "workshop"), step.name()
    readers = tuple(one.address for one in step.subject(after).readers)

    def say(words: Words, author: bool) -> Card:
        which = yours(after, words) if author else plainly(after, words)
        return told.step_card(after, words, words("case.workshop-off", name=escape(name), case=which))

    return (
        *say_everybody(step, after, lambda _, words, author: say(words, author)),
        *say_answering(step, after, lambda words: say(words, False), readers),
    )


def link_to(pages: str, workshop: Workshop) -> str:
    """The address of a meeting's calendar file; '' where there are no pages."""
    return f"{pages}/calendar/{workshop.token}.ics" if pages else ""


def invitation(about: Subject, words: Words, workshop: Workshop, name: str, link: str, author: bool) -> Card:
    """The invitation: when, where, what will be talked about, and the file for one's calendar."""
    case = about.case
    which = yours(case, words) if author else plainly(case, words)
    begins = workshop.begins.astimezone(ZoneInfo(words.zone))
    facts = (
        (words("case.workshop-when"), words("case.workshop-time", moment=words.moment(begins), n=workshop.minutes)),
        (words("case.workshop-where"), workshop.meeting.where),
        (words("case.workshop-agenda"), workshop.meeting.agenda),
    )
    calendar = (Choice(words("case.workshop-calendar"), url=link),) if link else ()
    return Card(
        title=words("case.workshop-title", project=about.project(words)),
        body=words("case.workshop-lead", name=escape(name), case=which),
        facts=tuple((label, value) for label, value in facts if value),
        choices=(*calendar, told.where_it_stands(case, words)),
        locale=words.language,
    )


def file(tx: Session, token: str) -> bytes | None:
    """The calendar file of the meeting under this token; None where there is none. It names nobody."""
    found = case_workshops.under(tx, token)
    if found is None:
        return None
    about = found.meeting
    uid = f"workshop-{found.token[:32]}"
    entry = Entry(uid, about.title, found.begins, found.minutes, about.where, about.agenda)
    return ics(about.title, [Dated(entry, found.sequence, found.changed_at, found.cancelled)])
