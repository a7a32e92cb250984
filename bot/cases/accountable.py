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


def chain(
    playbooks: Playbooks, initiative: Initiative, unit: str, avoid_owner: bool = False, author: str = ""
) -> tuple[str, ...]:
    """The addresses of those who can be accountable, the nearest first: owner and deputy of the unit and of those above
    it, the project manager, the sponsor. Where the author leaves the unit's owner out, neither that owner nor the
    deputy is in it, nor the superiors: only the project. Nobody decides on what they raised themselves: whoever has
    the address `author` is in it only where there is nobody else."""
    leaders = (manager(initiative), initiative.written.sponsor)
    if avoid_owner:
        out = left_out(playbooks, unit)
        found = tuple(one for one in leaders if one not in out) or leaders
    else:
        units = playbooks.organisation.units
        of_unit = (one for id in lineage(unit, units) for one in (units[id].owner, units[id].deputy or ""))
        found = (*of_unit, *leaders)
    every = tuple(dict.fromkeys(one for one in found if one))
    return tuple(one for one in every if one != author) or every


def author_of(tx: Session, asker: str | None, for_colleague: bool = False) -> str:
    """The address of whoever raised something of their own under their name, '' where nobody is known to have."""
    found = people.person(tx, asker) if asker and not for_colleague else None
    return found.email if found else ""


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
    (the sponsor where there is none), and from the last step up on the sponsor. Not whoever raised it, unless it was
    given to them."""
    initiative = playbooks.initiatives.get(case.initiative)
    leading = _leading(tx, initiative, case) if initiative else ()
    mine = [case.owner, case.handler, *leading]
    out = left_out(playbooks, case.unit) - {case.owner} if case.avoid_owner else frozenset()
    out |= {author_of(tx, case.asker, case.for_colleague)} - {case.owner, case.handler}
    return tuple(dict.fromkeys(one for one in mine if one and one not in out))


def _leading(tx: Session, initiative: Initiative, case: Case) -> tuple[str, ...]:
    led, sponsor = manager(initiative), initiative.written.sponsor
    if case.escalated >= TO_SPONSOR:
        return led, sponsor
    return (led if is_there(tx, led) else sponsor,)


def may_answer(tx: Session, playbooks: Playbooks, case: Case, address: str) -> bool:
    """Whether whoever has this address answers for the case: those who get its card, and the deputies of its owner.

    A change agent does not, nor the project manager of another project, nor whoever was left out, nor the author.
    """
    if not address:
        return False
    deputies = _deputies(playbooks, case) - {author_of(tx, case.asker, case.for_colleague)}
    return address in (*readers_of(tx, playbooks, case), *deputies)


def _deputies(playbooks: Playbooks, case: Case) -> frozenset[str | None]:
    units = playbooks.organisation.units
    found = frozenset(units[id].deputy for id in lineage(case.unit, units) if units[id].owner == case.owner)
    return found - left_out(playbooks, case.unit) if case.avoid_owner else found


def last_word(tx: Session, playbooks: Playbooks, case: Case) -> str:
    """The address of the sponsor where a case comes to them only for the last word; '' where they answer for it anyhow.
    Whoever raised it was not told that they would read it, and is not named to them."""
    initiative = playbooks.initiatives.get(case.initiative)
    if initiative is None:
        return ""
    led, sponsor = manager(initiative), initiative.written.sponsor
    anyhow = sponsor in (case.owner, case.handler, led, *_deputies(playbooks, case)) or not is_there(tx, led)
    return "" if anyhow else sponsor
