"""What is due of owners: they are asked, reminded once, and the project manager reads what they said and who is silent.

Each step is noted in the transaction that queues it, so that two clocks do it once. Messages wait for their reader's
working time.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.messages import Card
from bot.milestones import telling
from bot.milestones.standing import standings
from bot.milestones.telling import Reader
from bot.owners import plan
from bot.owners.asking import about, owners_of
from bot.owners.words import SHOWN, asked_card, role_card, summary_card
from bot.playbook.model import Initiative, Playbooks
from bot.store import Session, Store, milestones, occurrences, owners, people
from bot.store.owners import ASKED, CONFIRMED, ROLE, Word


def due(store: Store, playbooks: Playbooks, now: datetime) -> int:
    """Does what is due at `now` (aware); says how many messages that were."""
    done = 0
    for initiative in playbooks.initiatives.values():
        if telling.is_told(initiative):
            with store.begin() as tx:
                done += _Work(tx, initiative, playbooks, now).do()
    return done


class _Work:
    """What is due of one initiative, within one transaction."""

    def __init__(self, tx: Session, initiative: Initiative, playbooks: Playbooks, now: datetime) -> None:
        self._tx, self._initiative, self._playbooks, self._now = tx, initiative, playbooks, now
        self._about = about(tx, initiative, playbooks)
        found = owners_of(tx, initiative, playbooks)
        self._there = {unit: one if one and _reached(tx, one) else None for unit, one in found.items()}
        self._words = owners.words(tx, initiative.id)

    def do(self) -> int:
        by_owner: dict[str, tuple[Reader, list[str]]] = {}
        for unit, owner in self._there.items():
            if owner is not None:
                by_owner.setdefault(owner.person.key, (owner, []))[1].append(unit)
        done = sum(
            self._roles(owner, units) + self._questions(owner, units) + self._remind(owner)
            for owner, units in by_owner.values()
        )
        return done + self._summary()

    def _today(self, whom: Reader) -> date:
        return self._now.astimezone(ZoneInfo(whom.calendar.zone)).date()

    def _roles(self, owner: Reader, units: list[str]) -> int:
        """Asks once whether they answer for these units."""
        today, key = self._today(owner), owner.person.key
        known = {one.unit for one in self._words if one.subject == ROLE and one.owner == key}
        wanted = [unit for unit in units if unit not in known]
        if not wanted or not owner.calendar.works_on(today):
            return 0
        asked = [
            unit
            for unit in wanted
            if owners.ask(self._tx, self._initiative.id, unit, ROLE, today, owner=key, today=today, until=today)
        ]
        return self._write(f"role:{today}", owner, role_card(self._about, owner.words, asked, key)) if asked else 0

    def _questions(self, owner: Reader, units: list[str]) -> int:
        """Asks what speaks against what comes: of one day in one card."""
        today, tx, id, key = self._today(owner), self._tx, self._initiative.id, owner.person.key
        known = {(one.unit, one.subject, one.on) for one in self._words if one.owner == key}
        asked: list[Word] = []
        for one in plan.open_ones(self._initiative, standings(self._initiative, milestones.reports(tx, id)), today):
            until = plan.word_until(one.on, owner.calendar, today)
            mine = [u for u in units if u in one.units and (u, one.subject, one.on) not in known]
            if until is None or len({(w.subject, w.on) for w in asked}) >= SHOWN:
                continue
            asked += [
                Word(id, unit, one.subject, one.on, key, ASKED, today, until)
                for unit in mine
                if owners.ask(tx, id, unit, one.subject, one.on, owner=key, today=today, until=until)
            ]
        if not asked:
            return 0
        return self._write(f"asked:{today}", owner, asked_card(self._about, owner.words, asked, self._confirmed(key)))

    def _remind(self, owner: Reader) -> int:
        """Reminds of what is needed today and was asked on an earlier day."""
        today, key = self._today(owner), owner.person.key
        silent = [
            one
            for one in self._words
            if one.owner == key
            and one.subject != ROLE
            and one.state == ASKED
            and one.asked_on < today == one.word_until
        ]
        if not silent or not occurrences.first_time(
            self._tx, f"owners:again:{self._initiative.id}:{key}:{today}", self._now
        ):
            return 0
        card = asked_card(self._about, owner.words, silent, self._confirmed(key), again=True)
        return self._write(f"again:{today}", owner, card)

    def _confirmed(self, owner: str) -> bool:
        mine = [one for one in self._words if one.owner == owner and one.subject == ROLE]
        return any(one.state == CONFIRMED for one in mine)

    def _summary(self) -> int:
        """Tells the project manager, once for each subject, what the owners said of it and who is silent."""
        leader = telling.leader(self._tx, self._initiative, self._playbooks)
        if leader is None:
            return 0
        today = self._today(leader)
        said: dict[tuple[str, date], list[Word]] = defaultdict(list)
        for one in self._words:
            if one.subject != ROLE and one.on >= today:
                said[one.subject, one.on].append(one)
        told, nobody = list[Word](), dict[str, list[str]]()
        for (subject, on), some in said.items():
            last = max(one.word_until for one in some)
            key = f"owners:summary:{self._initiative.id}:{subject}:{on}"
            if plan.overdue(last, leader.calendar, today) and occurrences.first_time(self._tx, key, self._now):
                told += some
                nobody[subject] = self._nobody(subject)
        if not told:
            return 0
        return self._write(f"summary:{today}", leader, summary_card(self._about, leader.words, told, nobody))

    def _nobody(self, subject: str) -> list[str]:
        concerned = plan.units_concerned(self._initiative, subject)
        return [unit for unit in concerned if self._there.get(unit) is None]

    def _write(self, what: str, whom: Reader, card: Card) -> int:
        key = f"owners:{self._initiative.id}:{what}:{whom.person.key}"
        telling.to_one(self._tx, key, whom, card, self._now)
        return 1


def _reached(tx: Session, whom: Reader) -> bool:
    """Whether there is a platform on which they can be asked; who has none is asked once there is."""
    return bool(people.accounts(tx, whom.person.key))
