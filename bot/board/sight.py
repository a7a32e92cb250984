"""Of which cases somebody who looks at a page may see what their authors wrote, and whose name with it."""

from __future__ import annotations

from bot.board.look import Look
from bot.cases.accountable import is_there, manager
from bot.playbook.access import lineage
from bot.store.case_queue import Queued, Sight


def sight_of(look: Look) -> Sight:
    """What whoever looks may see: what they answer for, themselves, for somebody else or as the last to decide."""
    me, playbooks = look.reader.viewer.email, look.reader.playbooks
    every, units = playbooks.initiatives.values(), playbooks.organisation.units
    sponsors = [one.id for one in every if one.written.sponsor == me]
    led = [one.id for one in every if manager(one) == me]
    # Where whoever leads it has left, the sponsor does.
    led += [id for id in sponsors if not is_there(look.tx, manager(playbooks.initiatives[id]))]
    mine = [unit for unit in units.values() if unit.deputy == me and me]
    below = [(one.owner, tuple(u for u in units if one.id in lineage(u, units))) for one in mine]
    own = tuple(unit.id for unit in units.values() if me in (unit.owner, unit.deputy))
    return Sight(me, tuple(dict.fromkeys(led)), tuple(sponsors), tuple(below), own, look.person.key)


def sees_names(sight: Sight, case: Queued) -> bool:
    """Whether the author's name is theirs to see: of those who answer for it, but not of the sponsor it came up to."""
    deputy = any(case.owner == owner and case.unit in units for owner, units in sight.stands_in)
    return sight.address in (case.owner, case.handler) or case.initiative in sight.leads or deputy
