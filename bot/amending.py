"""What was accepted in chat, laid over the playbooks: it holds until the file's own value is edited. Pure.

It knows no platform and no database; who may accept what is decided elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from bot.playbook.initiative_file import After, InitiativeFile
from bot.playbook.model import Initiative, Organisation, Playbooks
from bot.playbook.passages import fact_passages
from bot.playbook.shared_files import Unit
from bot.store.amendments import AFTER, AGENT, LEADER, MILESTONE, SPONSOR, UNIT, Accepted, Amendment, NewDate

Mark = Callable[..., str]
"""Makes a mark of texts, as `Seal.mark` does."""
Key = tuple[str, str, str]
"""What an amendment is about: initiative, role and subject."""


def amended(playbooks: Playbooks, accepted: Accepted, mark: Mark) -> Playbooks:
    """The playbooks with what was accepted laid over what the files say, wherever they still say what they said then.
    Playbooks over which something was laid before may be given as well."""
    holding = defaultdict(list)
    for one in accepted.roles:
        if one.written == written_mark(playbooks, key_of(one), mark):
            holding[one.initiative].append(one)
    dates = defaultdict(list)
    for moved in accepted.dates:
        dates[moved.initiative].append(moved)
    initiatives = {
        id: _initiative(one, holding[id], dates[id]) if id in holding or id in dates or one.filed else one
        for id, one in playbooks.initiatives.items()
    }
    return Playbooks(_organisation(playbooks.organisation, holding[""]), initiatives)


def key_of(amendment: Amendment) -> Key:
    """What it is about."""
    return amendment.initiative, amendment.role, amendment.subject


def in_file(playbooks: Playbooks, key: Key) -> tuple[str, ...] | None:
    """The addresses that the file names there; None where it has no such place."""
    initiative, role, subject = key
    if role == UNIT:
        unit = playbooks.organisation.in_file.get(subject)
        return (unit.owner,) if unit else None
    found = playbooks.initiatives.get(initiative)
    return named(found.in_file, role, subject) if found else None


def named(written: InitiativeFile, role: str, subject: str) -> tuple[str, ...] | None:
    """The addresses that have this role; None where there is nothing to have it of."""
    if role == SPONSOR:
        return (written.sponsor,)
    if role == LEADER:
        return (written.project_manager,)
    if role == AFTER:
        return (written.after.owner,) if written.after else ()
    if role == AGENT:
        known = subject in {unit.id for unit in written.units} or subject in written.change_agents
        return written.change_agents.get(subject, ()) if known else None
    return next(((one.owner,) for one in written.milestones if role == MILESTONE and one.id == subject), None)


def written_mark(playbooks: Playbooks, key: Key, mark: Mark) -> str:
    """The mark of what the file says there; '' where it has no such place."""
    addresses = in_file(playbooks, key)
    return "" if addresses is None else mark("written", *key, *sorted(addresses))


def _initiative(initiative: Initiative, roles: list[Amendment], dates: list[NewDate]) -> Initiative:
    filed = initiative.in_file
    written = _written(filed, roles, dates)
    translations = {locale: _like(written, text) for locale, text in initiative.translations.items()}
    changed = replace(initiative, written=written, translations=translations, filed=None if written == filed else filed)
    if written.milestones == initiative.written.milestones:
        return changed
    others = (one for one in initiative.passages if one.kind != "fact")
    return replace(changed, passages=(*fact_passages(initiative.id, written, translations), *others))


def _written(filed: InitiativeFile, roles: Iterable[Amendment], dates: Iterable[NewDate]) -> InitiativeFile:
    update: dict[str, object] = {}
    agents = {unit: list(named) for unit, named in filed.change_agents.items()}
    owners: dict[str, str] = {}
    for one in sorted(roles, key=lambda one: not one.removed):
        if one.role == AGENT:
            there = agents.setdefault(one.subject, [])
            there[:] = [address for address in there if address != one.address] + [one.address] * (not one.removed)
        elif one.role == MILESTONE:
            owners[one.subject] = one.address
        elif one.role == AFTER:
            update["after"] = filed.after.model_copy(update={"owner": one.address}) if filed.after else _after(one)
        else:
            update[{SPONSOR: "sponsor", LEADER: "project_manager"}[one.role]] = one.address
    days = {one.milestone: one for one in dates}
    update["change_agents"] = {unit: tuple(there) for unit, there in agents.items() if there}
    update["milestones"] = tuple(
        one.model_copy(
            update={
                "owner": owners.get(one.id, one.owner),
                "date": days[one.id].to if one.id in days and days[one.id].written == one.date else one.date,
            }
        )
        for one in filed.milestones
    )
    return filed.model_copy(update=update)


def _after(amendment: Amendment) -> After:
    return After(owner=amendment.address)


def _like(written: InitiativeFile, translation: InitiativeFile) -> InitiativeFile:
    """The translation with the people and dates that hold."""
    holding = {one.id: {"owner": one.owner, "date": one.date} for one in written.milestones}
    milestones = tuple(one.model_copy(update=holding.get(one.id, {})) for one in translation.milestones)
    people = {"sponsor": written.sponsor, "project_manager": written.project_manager, "after": written.after}
    return translation.model_copy(update={**people, "change_agents": written.change_agents, "milestones": milestones})


def _organisation(organisation: Organisation, roles: list[Amendment]) -> Organisation:
    units = dict(organisation.in_file)
    filed: dict[str, Unit] = {}
    for one in roles:
        unit = units[one.subject]
        if one.address != unit.owner:
            filed[one.subject] = unit
            units[one.subject] = unit.model_copy(update={"owner": one.address})
    return replace(organisation, units=units, filed=filed) if filed or organisation.filed else organisation


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that the file says otherwise than what was accepted in chat. `holds` says that chat is in force; else
    the file was edited since, and the file is. `says` and `accepted` are addresses or dates."""

    file: str
    what: str
    says: str
    accepted: str
    holds: bool


def differences(playbooks: Playbooks, accepted: Accepted, mark: Mark) -> tuple[Difference, ...]:
    """Where the files and what was accepted in chat differ; of what has no place in the files any more nothing."""
    found: list[Difference] = []
    for one in accepted.roles:
        addresses = in_file(playbooks, key_of(one))
        if addresses is None or (one.address in addresses) != one.removed:
            continue
        holds = one.written == written_mark(playbooks, key_of(one), mark)
        chat = f"without {one.address}" if one.removed else one.address
        file = f"{one.initiative}/initiative.yaml" if one.initiative else "units.yaml"
        found.append(Difference(file, _PLACES[one.role].format(one.subject), ", ".join(addresses), chat, holds))
    for moved in accepted.dates:
        initiative = playbooks.initiatives.get(moved.initiative)
        there = initiative.in_file.milestones if initiative else ()
        for milestone in there:
            if milestone.id == moved.milestone and milestone.date != moved.to:
                holds = milestone.date == moved.written
                what = f"the date of the milestone {milestone.id}"
                file = f"{moved.initiative}/initiative.yaml"
                found.append(Difference(file, what, str(milestone.date), str(moved.to), holds))
    return tuple(found)


_PLACES: Mapping[str, str] = {
    SPONSOR: "sponsor",
    LEADER: "project_manager",
    AGENT: "change_agents of {}",
    MILESTONE: "the owner of the milestone {}",
    AFTER: "the owner in after",
    UNIT: "the owner of {}",
}
