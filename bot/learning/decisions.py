"""How far a change of a decision is, so that who had asked about it is not told of it a second time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.milestones.changes.facts import values
from bot.milestones.standing import standings
from bot.playbook.model import Initiative
from bot.store import Session, changes, milestones, releases
from bot.store.changes import Change


@dataclass(frozen=True, slots=True)
class Decisions:
    """What people know of the decisions of an initiative, what holds, and the changes of them."""

    known: Mapping[str, str]
    now: Mapping[str, str]
    changes: Sequence[Change]

    @staticmethod
    def of(tx: Session, initiative: Initiative) -> Decisions:
        """Those of this initiative."""
        now = values(initiative, standings(initiative, milestones.reports(tx, initiative.id)))
        return Decisions(changes.stated(tx, initiative.id), now, changes.of(tx, initiative.id))

    def state(self, fact: str) -> str:
        """How far a change of this decision is: what was told or is not to be told is not told here. '' where nothing
        is kept of a change, so that it is asked about as of any other fact."""
        held = self.now.get(fact, "")
        if self.known.get(fact, "") != held:
            return changes.WAITING
        return releases.DROPPED if any(one.fact == fact and one.after == held for one in self.changes) else ""
