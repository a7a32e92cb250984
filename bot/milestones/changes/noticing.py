"""Noticing that a decision is another one than people were told, and asking the project manager what to say of it.

A decision that nobody was told of changes in silence. People were told of a date when a post about it went out, and of
everything else once anything of the initiative was announced; or when somebody had asked and was answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.learning.changes import notable
from bot.milestones import telling
from bot.milestones.changes import releasing
from bot.milestones.changes.facts import SCOPE, milestone_of, values
from bot.milestones.changes.words import release_card
from bot.milestones.standing import Standing
from bot.milestones.telling import Reader
from bot.playbook.model import Initiative, Playbooks
from bot.store import Session, changes, occurrences
from bot.store import milestones as kept
from bot.store.changes import GONE, SENT, WAITING, Change
from bot.store.milestones import OUT

# Days after which somebody who has not answered is asked again, and then every so many days.
ASKED_AGAIN, AND_EVERY = 2, 7


def notice(
    tx: Session, initiative: Initiative, standings: Sequence[Standing], playbooks: Playbooks, now: datetime
) -> tuple[int, frozenset[str]]:
    """Notes what has changed and asks about it; says how much that was, and of which facts a change waits for the word
    of somebody who can be asked."""
    leader = telling.leader(tx, initiative, playbooks)
    done = _Noticed(tx, initiative, values(initiative, standings), now).note()
    waiting = [one for one in changes.of(tx, initiative.id) if one.state == WAITING]
    if leader is None:
        return done, frozenset()
    done += sum(_ask(tx, one, initiative, standings, playbooks, leader, now) for one in waiting)
    return done, frozenset(one.fact for one in waiting)


@dataclass(frozen=True, slots=True)
class _Noticed:
    """What an initiative says now, against what people know."""

    tx: Session
    initiative: Initiative
    now_says: dict[str, str]
    now: datetime

    def note(self) -> int:
        known = changes.stated(self.tx, self.initiative.id)
        changes.begin(self.tx, self.initiative.id, {f: v for f, v in self.now_says.items() if f not in known})
        differing = [fact for fact, value in known.items() if value != self.now_says.get(fact, "")]
        waiting = {one.fact: one for one in changes.of(self.tx, self.initiative.id) if one.state == WAITING}
        put_back = [one for fact, one in waiting.items() if fact not in differing]
        return sum(changes.answer(self.tx, one.id, GONE) for one in put_back) + sum(
            self._changed(fact) for fact in sorted(differing) if not self._waits(waiting.get(fact))
        )

    def _waits(self, change: Change | None) -> bool:
        return change is not None and change.after == self.now_says.get(change.fact, "")

    def _changed(self, fact: str) -> int:
        before, after = changes.held(self.tx, self.initiative.id, fact) or "", self.now_says.get(fact, "")
        there = changes.of(self.tx, self.initiative.id)
        if before == after or any(one.fact == fact and one.state == WAITING and self._waits(one) for one in there):
            return 0
        wide = self._announced(fact, before)
        mended = fact == SCOPE and not notable(before, after)
        if not before or mended or not (wide or self._asked(fact)):
            for one in there:
                if one.fact == fact and one.state == WAITING:
                    changes.answer(self.tx, one.id, GONE)
            changes.state(self.tx, self.initiative.id, fact, after)
            return 0
        changes.add(self.tx, self.initiative.id, fact, before, after, self.now, wide=wide)
        return 1

    def _announced(self, fact: str, before: str) -> bool:
        """Whether it was announced to everybody concerned: by a post, or as a change of something that was."""
        out = [one.id for one in kept.posts(self.tx, self.initiative.id) if one.state == OUT]
        wide = changes.wide_ones(self.tx, self.initiative.id)
        if milestone := milestone_of(fact):
            posted = any(id.milestone == milestone and id.date.isoformat() == before for id in out)
            return posted or any(one.fact == fact and before in _known(one) for one in wide)
        return bool(out or wide)

    def _asked(self, fact: str) -> bool:
        return bool(releasing.askers(self.tx, self.initiative, fact))


def _known(change: Change) -> tuple[str, ...]:
    """What everybody concerned had heard when this change was noticed, or heard of it."""
    return (change.before, change.after) if change.state == SENT else (change.before,)


def _ask(
    tx: Session,
    change: Change,
    initiative: Initiative,
    standings: Sequence[Standing],
    playbooks: Playbooks,
    leader: Reader,
    now: datetime,
) -> int:
    """Shows the finished message, and again where nobody has answered."""
    days = (now - change.at).days
    number = 0 if days < ASKED_AGAIN else 1 + (days - ASKED_AGAIN) // AND_EVERY
    key = f"change:{change.id}:{number}"
    if not occurrences.first_time(tx, key, now):
        return 0
    about = releasing.about(tx, initiative, standings, change.fact, playbooks)
    dry_run = releasing.dry_run(tx, change, about, playbooks, now) if change.wide else None
    count = len(releasing.askers(tx, initiative, change.fact))
    telling.to_one(tx, key, leader, release_card(change, about, leader.words, dry_run, count), now)
    return 1
