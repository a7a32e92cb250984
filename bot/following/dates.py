"""Which dates are somebody's own: milestones that concern them and sessions they are invited to. Pure.

Permission comes first: an initiative that the person may not know of has no dates for them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from bot.milestones.roadmap import stands
from bot.milestones.standing import Standing, agents_of, reports_on, said, standings
from bot.people.audience import includes
from bot.playbook.access import Viewer, in_audience, known
from bot.playbook.initiative_file import InitiativeFile
from bot.playbook.initiative_file import Session as Training
from bot.playbook.model import Initiative, Playbooks
from bot.store.announcements import Audience
from bot.store.milestones import Report
from bot.words import Words

ALL_AFFECTED = "all-affected"
USUAL_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """One date of a person's calendar: on a whole day, or `minutes` from a time of day, which is that of wherever the
    person is. Its `uid` stays the same whatever else of it changes."""

    uid: str
    title: str
    begins: date | datetime
    minutes: int = 0
    where: str = ""
    text: str = ""

    @property
    def initiative(self) -> str:
        """The id of the initiative that it is from."""
        return initiative_of(self.uid)

    def to_json(self) -> str:
        """This, as text for the database."""
        return json.dumps({**asdict(self), "begins": self.begins.isoformat()}, ensure_ascii=False, sort_keys=True)

    @staticmethod
    def from_json(text: str) -> Entry:
        """What `to_json` wrote."""
        raw = json.loads(text)
        begins = raw.pop("begins")
        return Entry(begins=datetime.fromisoformat(begins) if "T" in begins else date.fromisoformat(begins), **raw)


def initiative_of(uid: str) -> str:
    """The id of the initiative that a date is from."""
    return uid.split(".")[1]


def entries(
    viewer: Viewer, playbooks: Playbooks, reports: Mapping[str, Mapping[str, Report]], words: Words, today: date
) -> tuple[Entry, ...]:
    """This person's dates, in the language of these words; `reports` is what was said of milestones, by initiative."""
    found = [
        entry
        for one in known(viewer, playbooks)
        if not viewer.outsider
        for entry in _of(one, viewer, playbooks, reports.get(one.id, {}), words, today)
    ]
    return tuple(sorted(found, key=lambda entry: (entry.begins.isoformat(), entry.uid)))


def _of(
    initiative: Initiative,
    viewer: Viewer,
    playbooks: Playbooks,
    reports: Mapping[str, Report],
    words: Words,
    today: date,
) -> Iterator[Entry]:
    text, units = initiative.text(words.locale), playbooks.organisation.units
    for one in standings(initiative, reports):
        if concerns(viewer, initiative, one, playbooks):
            yield _milestone(initiative, one, words, today)
    for session in text.learning.sessions if text.learning else ():
        invited = in_audience(viewer, session.audience or ALL_AFFECTED, initiative, units)
        if session.when and (invited or (viewer.email and viewer.email == session.trainer)):
            yield _session(text, session, session.when)


def concerns(viewer: Viewer, initiative: Initiative, one: Standing, playbooks: Playbooks) -> bool:
    """Whether a milestone is this person's: those it concerns, its owner, its change agents, and who leads."""
    milestone, units = one.milestone, playbooks.organisation.units
    audience = Audience(milestone.audience or ALL_AFFECTED, units=milestone.units)
    mine = reports_on(viewer.email, initiative, milestone) or viewer.email in agents_of(initiative, milestone, units)
    return bool(viewer.email and mine) or includes(audience, viewer, initiative, units)


def _milestone(initiative: Initiative, one: Standing, words: Words, today: date) -> Entry:
    text, milestone = said(initiative, one.milestone, words.locale)
    how = stands(one, today)
    remarks = [
        milestone.say,
        words("calendar.moved", before=words.day(one.before)) if one.before else "",
        words("calendar.at-risk") if how == "at-risk" else "",
        words("calendar.ask", command=f"when {initiative.id}"),
    ]
    title = words(
        "calendar.done" if how == "done" else "calendar.title",
        project=_short(text),
        name=milestone.name or milestone.id,
    )
    uid = f"milestone.{initiative.id}.{milestone.id}@throughline"
    return Entry(uid, title, one.on, text="\n\n".join(remark for remark in remarks if remark))


def _session(text: InitiativeFile, session: Training, when: datetime) -> Entry:
    title = f"{_short(text)}: {session.name}"
    uid = f"session.{text.id}.{session.id}@throughline"
    return Entry(uid, title, when, session.minutes or USUAL_MINUTES, session.where)


def _short(text: InitiativeFile) -> str:
    return text.name.partition(":")[0].strip()
