"""What is due of owners: they are asked, reminded once, and the project manager reads what they said and who is silent.

Each step is noted in the transaction that queues it, so that two clocks do it once. Messages wait for their reader's
working time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.messages import Card
from bot.milestones import telling
from bot.milestones.standing import Standing, standings
from bot.milestones.telling import Reader
from bot.owners import plan
from bot.owners.asking import about, owners_of, unconfirmed
from bot.owners.words import SHOWN, About, asked_card, role_card, summary_card
from bot.playbook.model import Initiative, Playbooks
from bot.store import Session, Store, accounts, milestones, occurrences, owners
from bot.store.owners import ASKED, ROLE, Word


def due(store: Store, playbooks: Playbooks, now: datetime) -> int:
    """Does what is due at `now` (aware); says how many messages that were."""
    told = [one for one in playbooks.initiatives.values() if telling.is_told(one)]
    with store.begin() as tx:
        projects = [_project(tx, one, playbooks) for one in told]
        done = sum(_Owner(tx, owner, mine, now).do() for owner, mine in _by_owner(projects))
        return done + sum(_summary(tx, one, playbooks, now) for one in projects)


@dataclass(frozen=True, slots=True)
class _Project:
    """An initiative with its milestones, whoever is there to be asked in each affected unit, and what owners were asked
    so far."""

    about: About
    milestones: Sequence[Standing]
    there: Mapping[str, Reader | None]
    words: Sequence[Word]

    @property
    def initiative(self) -> Initiative:
        return self.about.initiative


def _project(tx: Session, initiative: Initiative, playbooks: Playbooks) -> _Project:
    found = owners_of(tx, initiative, playbooks)
    there = {unit: one if one and _reached(tx, one) else None for unit, one in found.items()}
    dated = standings(initiative, milestones.reports(tx, initiative.id))
    return _Project(about(tx, initiative, playbooks), dated, there, owners.words(tx, initiative.id))


def _reached(tx: Session, whom: Reader) -> bool:
    """Whether there is a platform on which they can be asked; who has none is asked once there is."""
    return bool(accounts.of_person(tx, whom.person.key))


_Mine = dict[str, tuple[_Project, list[str]]]
"""By initiative, the projects of one owner with the units for which they answer."""


def _by_owner(projects: Iterable[_Project]) -> Iterable[tuple[Reader, _Mine]]:
    found: dict[str, tuple[Reader, _Mine]] = {}
    for project in projects:
        for unit, owner in project.there.items():
            if owner is not None:
                mine = found.setdefault(owner.person.key, (owner, {}))[1]
                mine.setdefault(project.initiative.id, (project, []))[1].append(unit)
    return found.values()


class _Owner:
    """What is due of one owner, in all projects for which they answer."""

    def __init__(self, tx: Session, owner: Reader, mine: _Mine, now: datetime) -> None:
        self._tx, self._owner, self._mine, self._now = tx, owner, mine, now
        self._key, self._today = owner.person.key, _today(owner, now)
        self._words = [one for project, _ in mine.values() for one in project.words if one.owner == self._key]

    def do(self) -> int:
        if not plan.at_work(self._owner.calendar, self._now):
            return 0
        new = self._without_role()
        first = bool(new) or any(one.subject == ROLE and one.asked_on == self._today for one in self._words)
        reminded = sum(self._remind(project) for project, _ in self._mine.values())
        asked = sum(self._ask(project, units, first) for project, units in self._mine.values())
        free = not (reminded or asked or any(self._is_busy_with(one) for one in self._words))
        return reminded + asked + (self._ask_role(new) if new and free else 0)

    def _without_role(self) -> dict[str, list[str]]:
        """By initiative, the units for which they were never asked whether they answer."""
        known = {(one.initiative, one.unit) for one in self._words if one.subject == ROLE}
        new = {id: [unit for unit in units if (id, unit) not in known] for id, (_, units) in self._mine.items()}
        return {id: units for id, units in new.items() if units}

    def _is_busy_with(self, word: Word) -> bool:
        """Whether they were asked it today, or have been reminded of it today."""
        reminded = word.word_until == self._today and (word.state == ASKED or word.said_on == self._today)
        return word.subject != ROLE and (word.asked_on == self._today or reminded)

    def _ask_role(self, new: Mapping[str, list[str]]) -> int:
        """Asks once whether they answer for these units."""
        key = f"owners:role:{self._key}:{self._today}"
        if not occurrences.first_time(self._tx, key, self._now):
            return 0
        asked = []
        for id, units in new.items():
            mine = [unit for unit in units if self._note(id, unit, ROLE, self._today, self._today)]
            asked += [(self._mine[id][0].about, mine)] if mine else []
        return self._write(key, role_card(asked, self._owner.words, self._key, self._today)) if asked else 0

    def _ask(self, project: _Project, units: Sequence[str], role_first: bool) -> int:
        """Asks what speaks against what comes: of one day in one card. With `role_first`, and where something was asked
        today before, only what cannot wait."""
        today, calendar, id = self._today, self._owner.calendar, project.initiative.id
        mine_here = [one for one in self._words if one.initiative == id and one.subject != ROLE]
        known = {(one.unit, one.subject, one.on) for one in mine_here}
        urgent = role_first or any(one.asked_on == today for one in mine_here)
        asked: list[Word] = []
        for one in plan.open_ones(project.initiative, project.milestones, today):
            until = plan.word_until(one.on, calendar, today)
            if until is None or (urgent and plan.can_wait(one.on, calendar, today)):
                continue
            if len({(word.subject, word.on) for word in asked}) >= SHOWN:
                break
            mine = [unit for unit in units if unit in one.units and (unit, one.subject, one.on) not in known]
            asked += [
                Word(id, unit, one.subject, one.on, self._key, ASKED, today, until)
                for unit in mine
                if self._note(id, unit, one.subject, one.on, until)
            ]
        if not asked:
            return 0
        # No question is asked twice, so that no two messages begin with the same one.
        first = f"{asked[0].unit}:{asked[0].subject}:{asked[0].on}"
        card = asked_card(project.about, self._owner.words, asked, unconfirmed(project.initiative, self._words))
        return self._write(f"owners:{id}:asked:{first}:{self._key}", card)

    def _remind(self, project: _Project) -> int:
        """Reminds of what is needed today and was asked on an earlier day."""
        id = project.initiative.id
        silent = [
            one
            for one in self._words
            if one.initiative == id
            and one.subject != ROLE
            and one.state == ASKED
            and one.asked_on < self._today == one.word_until
        ]
        key = f"owners:again:{id}:{self._key}:{self._today}"
        if not silent or not occurrences.first_time(self._tx, key, self._now):
            return 0
        role = unconfirmed(project.initiative, self._words)
        card = asked_card(project.about, self._owner.words, silent, role, again=True)
        return self._write(f"owners:{id}:again:{self._today}:{self._key}", card)

    def _note(self, initiative: str, unit: str, subject: str, on: date, until: date) -> bool:
        return owners.ask(self._tx, initiative, unit, subject, on, owner=self._key, today=self._today, until=until)

    def _write(self, key: str, card: Card) -> int:
        telling.to_one(self._tx, key, self._owner, card, self._now)
        return 1


def _summary(tx: Session, project: _Project, playbooks: Playbooks, now: datetime) -> int:
    """Tells the project manager, once for each subject, what the owners said of it and who is silent."""
    leader, id = telling.leader(tx, project.initiative, playbooks), project.initiative.id
    if leader is None:
        return 0
    today = _today(leader, now)
    said: dict[tuple[str, date], list[Word]] = defaultdict(list)
    for one in project.words:
        if one.subject != ROLE and one.on >= today:
            said[one.subject, one.on].append(one)
    told, nobody = list[Word](), dict[str, list[str]]()
    for (subject, on), some in said.items():
        last = max(one.word_until for one in some)
        key = f"owners:summary:{id}:{subject}:{on}"
        if plan.overdue(last, leader.calendar, today) and occurrences.first_time(tx, key, now):
            told += some
            concerned = plan.units_concerned(project.initiative, subject)
            nobody[subject] = [unit for unit in concerned if project.there.get(unit) is None]
    if not told:
        return 0
    card = summary_card(project.about, leader.words, told, nobody)
    telling.to_one(tx, f"owners:{id}:summary:{today}:{leader.person.key}", leader, card, now)
    return 1


def _today(whom: Reader, now: datetime) -> date:
    return now.astimezone(ZoneInfo(whom.calendar.zone)).date()
