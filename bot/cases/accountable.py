"""Who answers for a case, and who reads it: by the unit it concerns, the project, and whom its author left out.

It reads the directory only to see who is still there, and decides nothing about a case itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.playbook.access import lineage
from bot.playbook.model import Initiative, Playbooks
from bot.store import Session, people
from bot.store.cases import Case

TO_MANAGER, TO_SPONSOR = 1, 2
"""How far up a case went (`Case.escalated`)."""


def manager(initiative: Initiative) -> str:
    """The address of whoever leads the project: the project manager, after the handover whoever has it then."""
    written = initiative.written
    over = written.phase in ("operate", "review") and written.after is not None
    return written.after.owner if over and written.after else written.project_manager


def chain(playbooks: Playbooks, initiative: Initiative, unit: str, avoid_owner: bool = False) -> tuple[str, ...]:
    """The addresses of those who can be accountable, the nearest first: owner and deputy of the unit and of those above
    it, the project manager, the sponsor. Where the author leaves the unit's owner out, neither that owner nor the
    deputy is in it, nor the superiors: only the project."""
    leaders = (manager(initiative), initiative.written.sponsor)
    if avoid_owner:
        out = left_out(playbooks, unit)
        return tuple(dict.fromkeys(one for one in leaders if one not in out)) or leaders
    units = playbooks.organisation.units
    of_unit = (one for id in lineage(unit, units) for one in (units[id].owner, units[id].deputy or ""))
    return tuple(dict.fromkeys(one for one in (*of_unit, *leaders) if one))


def left_out(playbooks: Playbooks, unit: str) -> frozenset[str]:
    """The addresses of those who answer for a unit themselves."""
    there = playbooks.organisation.units.get(unit)
    return frozenset(one for one in (there.owner, there.deputy) if one) if there else frozenset()


def first_there(tx: Session, addresses: Iterable[str]) -> str:
    """The first of these addresses whose holder is in the directory; the first of all where none is, '' of none."""
    every = tuple(addresses)
    return next((one for one in every if is_there(tx, one)), every[0] if every else "")


def is_there(tx: Session, address: str) -> bool:
    """Whether the directory knows somebody with this address who has not left."""
    found = people.person_by_email(tx, address) if address else None
    return found is not None and found.left_on is None and found.member


def readers_of(tx: Session, playbooks: Playbooks, case: Case) -> tuple[str, ...]:
    """The addresses of those who get the card of a case: who is accountable, who takes care of it, the project manager
    (the sponsor where there is none), and from the last step up on the sponsor."""
    initiative = playbooks.initiatives.get(case.initiative)
    leading = _leading(tx, initiative, case) if initiative else ()
    mine = [case.owner, case.handler, *leading]
    out = left_out(playbooks, case.unit) - {case.owner} if case.avoid_owner else frozenset()
    return tuple(dict.fromkeys(one for one in mine if one and one not in out))


def _leading(tx: Session, initiative: Initiative, case: Case) -> tuple[str, ...]:
    led, sponsor = manager(initiative), initiative.written.sponsor
    if case.escalated >= TO_SPONSOR:
        return led, sponsor
    return (led if is_there(tx, led) else sponsor,)


def may_answer(tx: Session, playbooks: Playbooks, case: Case, address: str) -> bool:
    """Whether whoever has this address answers for the case: those who get its card, and the deputies of its owner.

    A change agent does not, nor the project manager of another project, nor whoever was left out.
    """
    if not address:
        return False
    units = playbooks.organisation.units
    deputies = {units[id].deputy for id in lineage(case.unit, units) if units[id].owner == case.owner}
    if case.avoid_owner:
        deputies -= left_out(playbooks, case.unit)
    return address in (*readers_of(tx, playbooks, case), *deputies)
