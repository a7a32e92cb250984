"""What is due of milestones: the project manager is shown what is planned, what was seen goes out, owners are asked.

The only part that acts by the clock. Each step is noted in the transaction that does it, so that several clocks, or
one that ends in the middle, do it once. What a playbook says now is what is planned; what was announced stays said.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.delivery.moment import right_moment
from bot.milestones import plan, telling
from bot.milestones.plan import AGENTS, Planned
from bot.milestones.standing import Standing, standings
from bot.milestones.words import Subject, heads_up, news, preview_card, question_card, silence_card, wordings
from bot.playbook.model import Initiative, Playbooks
from bot.store import Session, Store, occurrences
from bot.store import milestones as kept
from bot.store.milestones import APPROVED, ASKED, DONE, GONE, HELD, OUT, SHOWN, WAITS, PostId, Shown

# Nothing of a milestone is done earlier before its date than this, and no owner is asked later after it.
SOONEST, LATEST = timedelta(days=60), timedelta(days=20)
# As the engine does: somewhere on earth a day begins so long before it does in UTC.
EARLIEST_ZONE = timedelta(hours=14)


def due(store: Store, playbooks: Playbooks, now: datetime) -> int:
    """Does what is due at `now` (aware); says how many things that were. Call it before announcements are expanded."""
    done = 0
    for initiative in playbooks.initiatives.values():
        with store.begin() as tx:
            done += _Work(tx, initiative, playbooks, now).do()
    return done


class _Work:
    """What is due of one initiative, within one transaction."""

    def __init__(self, tx: Session, initiative: Initiative, playbooks: Playbooks, now: datetime) -> None:
        self._tx, self._initiative, self._playbooks, self._now = tx, initiative, playbooks, now
        self._leader = telling.leader(tx, initiative, playbooks)
        self._calendar = telling.project_calendar(self._leader, initiative, playbooks)
        self._today = now.astimezone(ZoneInfo(self._calendar.zone)).date()
        self._name = telling.names(tx)

    def do(self) -> int:
        shown = {one.id: one for one in kept.posts(self._tx, self._initiative.id)}
        live = self._initiative.written.status == "live"
        found = standings(self._initiative, kept.reports(self._tx, self._initiative.id)) if live else ()
        done = self._stop_what_is_not_planned(shown, found)
        for one in found:
            if one.report.state != DONE and -LATEST < one.on - self._today < SOONEST:
                done += self._posts(one, shown) + self._ask(one)
        return done

    def _stop_what_is_not_planned(self, shown: dict[PostId, Shown], found: tuple[Standing, ...]) -> int:
        """Of a date that holds no longer nothing more goes out; of one that has passed nothing more is offered."""
        dates = {(one.id, one.on) for one in found if one.report.state != DONE}
        done = 0
        for one in shown.values():
            holds = (one.id.milestone, one.id.date) in dates
            passed = one.id.date < self._today
            if one.state in WAITS and not holds:
                done += kept.unshow(self._tx, one.id)
            elif one.state in WAITS and passed:
                done += kept.turn(self._tx, one.id, GONE, of=WAITS)
            elif one.state == OUT and not holds and not passed and kept.turn(self._tx, one.id, GONE, of=[OUT]):
                telling.stop(self._tx, key_of(one.id), self._now)
                done += 1
        return done

    def _posts(self, standing: Standing, shown: dict[PostId, Shown]) -> int:
        subject = Subject(self._initiative, standing, self._playbooks.organisation, self._name)
        agents = PostId(self._initiative.id, standing.id, standing.on, AGENTS)
        mine = [one for one in shown.values() if replace(one.id, stage=AGENTS) == agents]
        stopped = {one.id.stage for one in mine if one.state in (ASKED, HELD, GONE)}
        planned = plan.posts(standing.on, self._calendar, self._today, agents in shown, stopped)
        done = 0
        for one in planned:
            id = PostId(self._initiative.id, standing.id, standing.on, one.stage)
            done += self._post(_Post(subject, one, id, agents), shown.get(id))
        return done

    def _post(self, post: _Post, was: Shown | None) -> int:
        """Shows it, shows it again where it says something else now, or lets it go."""
        planned = post.planned
        if was is None:
            soon = plan.shown_from(planned, self._calendar) <= self._today <= planned.day
            return self._show(post) if soon else 0
        if was.state not in WAITS:
            return 0
        version = _version(post)
        if version != was.version and kept.renew(self._tx, was, version):
            return self._show_to_leader(post, version, was.state != ASKED)
        if was.state not in (SHOWN, APPROVED):
            return 0
        return self._heads_up(post) + self._let_go(post, was.state)

    def _show(self, post: _Post) -> int:
        version, moment = _version(post), right_moment(self._now, self._calendar)
        seen_on = moment.astimezone(ZoneInfo(self._calendar.zone)).date()
        yes = plan.silence_is_yes(post.planned, seen_on, self._calendar)
        if not kept.show(self._tx, post.id, SHOWN if yes else ASKED, version):
            return 0
        return self._show_to_leader(post, version, yes)

    def _show_to_leader(self, post: _Post, version: str, yes: bool) -> int:
        if self._leader is None:
            return 0
        announcement = telling.for_people(post.subject, post.key, news, post.planned.day)
        dry_run = telling.dry_run(self._tx, post.subject, announcement, self._playbooks)
        card = preview_card(post.subject, self._leader.words, post.planned, dry_run, yes)
        key = f"{post.key}:shown:{version}:{'silence' if yes else 'word'}"
        telling.to_one(self._tx, key, self._leader, card, self._now)
        return 1

    def _heads_up(self, post: _Post) -> int:
        day = post.planned.heads_up
        if day is None or not self._begins(day) or not kept.show(self._tx, post.agents, OUT, ""):
            return 0
        announcement = telling.for_agents(post.subject, key_of(post.agents), heads_up, day)
        return telling.announce(self._tx, announcement, self._now)

    def _let_go(self, post: _Post, state: str) -> int:
        day = post.planned.day
        if not self._begins(day) or not kept.turn(self._tx, post.id, OUT, of=[state]):
            return 0
        if post.planned.to_people:
            telling.announce(self._tx, telling.for_people(post.subject, post.key, news, day), self._now)
        telling.to_channels(self._tx, post.subject, post.key, news, day, self._now)
        return 1

    def _begins(self, day: date) -> bool:
        """Whether the morning of this day has come, or comes so soon that somebody on earth may have it."""
        return datetime.combine(day, telling.IN_THE_MORNING, UTC) <= self._now + EARLIEST_ZONE

    def _ask(self, standing: Standing) -> int:
        """Asks the owner how it stands; where the directory does not know them, the project manager."""
        owner = telling.reader(self._tx, standing.milestone.owner, self._playbooks) or self._leader
        if owner is None:
            return 0
        here = self._now.astimezone(ZoneInfo(owner.calendar.zone))
        asked = plan.question(standing, owner.calendar, here.date())
        key = f"milestone-ask:{self._initiative.id}:{standing.id}:{standing.on}"
        if asked is None or here < owner.calendar.begin_of(here.date()):
            return 0
        if not occurrences.first_time(self._tx, f"{key}:{asked.number}", self._now):
            return 0
        subject = Subject(self._initiative, standing, self._playbooks.organisation, self._name)
        card = question_card(subject, owner.words, asked)
        telling.to_one(self._tx, f"{key}:{asked.number}", owner, card, self._now)
        leader = self._leader
        if asked.tell_leader and leader is not None and leader.person.key != owner.person.key:
            silence = silence_card(subject, leader.words, asked)
            telling.to_one(self._tx, f"{key}:{asked.number}:leader", leader, silence, self._now)
        return 1


@dataclass(frozen=True, slots=True)
class _Post:
    """A planned post with what it is about; `agents` is under which id the heads-up is noted."""

    subject: Subject
    planned: Planned
    id: PostId
    agents: PostId

    @property
    def key(self) -> str:
        return key_of(self.id)


def key_of(id: PostId) -> str:
    """Under which key a post is announced: one for each date and stage, so that nobody is told twice."""
    return f"milestone:{id.initiative}:{id.milestone}:{id.date}:{id.stage}"


def _version(post: _Post) -> str:
    """A fingerprint of what a post says, and on which day."""
    said = "".join(f"{w.locale}{w.unit}{w.card.to_json()}" for w in wordings(post.subject, news))
    return hashlib.sha256(f"{post.planned.day}{said}".encode()).hexdigest()[:16]
