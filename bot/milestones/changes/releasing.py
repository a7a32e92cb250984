"""Telling of a change: those who had asked hear of it now, change agents too, everybody else a working day later.

It queues in the transaction it is given and decides nothing about whether a change is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.delivery import announcing
from bot.delivery.announcing import Preview
from bot.delivery.bound_channels import ALL_AFFECTED
from bot.delivery.kinds import AHEAD
from bot.learning import facts
from bot.learning.remembering import KIND as CHANGED_ANSWERS
from bot.messages import Card, Post
from bot.milestones import plan, telling
from bot.milestones.changes.facts import milestone_of
from bot.milestones.changes.words import About, logged, told_card, wordings
from bot.milestones.standing import Standing, agents_of
from bot.milestones.telling import IN_THE_MORNING, KIND
from bot.milestones.words import Subject, Written
from bot.people.audience import includes, viewer_of
from bot.playbook.model import Initiative, Playbooks
from bot.store import Session, changes, deliveries, people, told
from bot.store.announcements import Announcement, Audience
from bot.store.changes import SENT, Change
from bot.words import Words


def about(tx: Session, initiative: Initiative, standings: Sequence[Standing], fact: str, playbooks: Playbooks) -> About:
    """What the texts of a change of this fact need."""
    name, organisation = telling.names(tx), playbooks.organisation
    standing = next((one for one in standings if one.id == milestone_of(fact)), None)
    subject = Subject(initiative, standing, organisation, name) if standing else None
    return About(initiative, organisation, name, subject)


def logged_lines(tx: Session, initiative: Initiative, words: Words, playbooks: Playbooks) -> tuple[str, ...]:
    """The newest changes as lines of the decision log, in these words."""
    found = changes.of(tx, initiative.id)
    return logged(found, about(tx, initiative, (), "", playbooks), words) if found else ()


def askers(tx: Session, initiative: Initiative, fact: str, version: str | None = None) -> list[str]:
    """The keys of those who were given this fact in another version than this one (None: than what the file says)."""
    subject, now = facts.subject(initiative.id, fact), facts.values(initiative.written).get(fact, "")
    other = facts.version(now) if version is None else version
    return list(dict.fromkeys(one.person for one in told.given_otherwise(tx, subject, other)))


def dry_run(tx: Session, change: Change, about: About, playbooks: Playbooks, now: datetime) -> Preview:
    """Whom it would reach now besides those who had asked."""
    announcement = _to_all(change, about, now.date(), ())
    if about.subject is not None:
        return telling.dry_run(tx, about.subject, announcement, playbooks)
    return announcing.preview(tx, announcement, playbooks)


def release(
    tx: Session, change: Change, reason: str, about: About, playbooks: Playbooks, now: datetime, asked: Sequence[str]
) -> date | None:
    """It is told from now on, with this reason, first to those who had `asked` (keys of people). The day on which
    everybody else hears of it; None where that is nobody. Nothing where somebody was quicker: look at `changes`."""
    if not changes.answer(tx, change.id, SENT, reason):
        return None
    changes.state(tx, change.initiative, change.fact, change.after)
    change = replace(change, reason=reason, state=SENT)
    addresses = _tell_askers(tx, change, about, playbooks, now, asked)
    if not change.wide:
        return None
    leader = telling.leader(tx, about.initiative, playbooks)
    calendar = telling.project_calendar(leader, about.initiative, playbooks)
    today = now.astimezone(ZoneInfo(calendar.zone)).date()
    day = plan.next_working_day(today, calendar)
    agents = _agents(about)
    first = tuple(one for one in agents if one not in addresses)
    if first:
        ahead = _announcement(change, about, ":agents", Audience("", people=first), today)
        telling.announce(tx, replace(ahead, kind=AHEAD), now)
    telling.announce(tx, _to_all(change, about, day, (*addresses, *agents)), now)
    if about.subject is not None:
        telling.to_channels(tx, about.subject, _key(change), _written(change, about), day, now)
    return day


def _tell_askers(
    tx: Session, change: Change, about: About, playbooks: Playbooks, now: datetime, asked: Sequence[str]
) -> tuple[str, ...]:
    """Queues it for those who had asked and may still know of it; their addresses."""
    posts, addresses = [], []
    for key in asked:
        person = people.person(tx, key)
        if person is None or not person.email or person.left_on is not None:
            continue
        audience = Audience("", people=(person.email,))
        if not includes(audience, viewer_of(person), about.initiative, playbooks.organisation.units):
            continue
        reader = telling.reader(tx, person.email, playbooks)
        if reader is None:
            continue
        # A mark, since whoever reads the key must not learn what somebody had asked.
        mark = tx.seal.mark("changed", key, change.id)
        card = told_card(change, about, reader.words, asked=True)
        posts.append(Post(key=f"changed:{mark}", card=card, person=key, kind=CHANGED_ANSWERS))
        addresses.append(person.email)
    deliveries.enqueue(tx, posts, now)
    return tuple(addresses)


def _agents(about: About) -> tuple[str, ...]:
    if about.subject is not None:
        return agents_of(about.initiative, about.subject.standing.milestone, about.organisation.units)
    there = about.initiative.written.change_agents.values()
    return tuple(dict.fromkeys(agent for agents in there for agent in agents))


def _to_all(change: Change, about: About, day: date, without: tuple[str, ...]) -> Announcement:
    if about.subject is not None:
        return telling.for_people(about.subject, _key(change), _written(change, about), day, without)
    return _announcement(change, about, "", Audience(ALL_AFFECTED, without=without), day)


def _announcement(change: Change, about: About, suffix: str, audience: Audience, day: date) -> Announcement:
    said = wordings(lambda words: told_card(change, about, words), about.organisation)
    due = datetime.combine(day, IN_THE_MORNING, UTC)
    return Announcement(_key(change) + suffix, KIND, change.initiative, audience, said, due, own_time=True)


def _written(change: Change, about: About) -> Written:
    def written(_subject: Subject, words: Words, _unit: str) -> Card:
        return told_card(change, about, words)

    return written


def _key(change: Change) -> str:
    return f"change:{change.id}"
