"""Nominating: a change agent is proposed for a unit, and is one when they say yes. Which units have whom."""

from __future__ import annotations

from dataclasses import dataclass

from bot.capabilities.roles.offering import Wanted, form, offered, said
from bot.dialogue import handed_back, problems
from bot.messages import Ask, Card, Choice, Option
from bot.playbook.access import lineage, roles
from bot.playbook.model import Initiative, Playbooks
from bot.roles import giving
from bot.roles.coverage import Coverage, coverage
from bot.roles.held import Held
from bot.roles.rights import may_nominate, nominates_a_successor
from bot.roles.words import unit_name
from bot.store.amendments import AGENT
from bot.turn import Reply, Turn
from bot.which import ask_which, initiative_for, named

OFFERED = 3
"""Units without a change agent for which a button is offered."""


@dataclass(frozen=True, slots=True)
class Place:
    """A unit of an initiative for which somebody may nominate."""

    initiative: Initiative
    unit: str

    @property
    def ref(self) -> str:
        """How a button names it."""
        return f"{self.initiative.id}/{self.unit}"


@dataclass(frozen=True, slots=True)
class Nominate:
    """`nominate`: a form; `nominate jo@example.com Sales`: asked at once."""

    name: str = "nominate"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Alone, or with an address, a unit or an initiative."""
        meant = named(rest, turn.reader)
        return not rest or "@" in rest or bool(meant.unit or meant.initiative)

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Asks the colleague where all is said, else asks for what is missing; who may not nominate learns nothing."""
        playbooks = giving.in_force(turn.tx, turn.reader.playbooks)
        mine = _places(turn, playbooks)
        if not mine:
            return said(turn, turn.words("nominate.not-yours"))
        address = next((word.strip("<>,;") for word in rest.split() if "@" in word), "")
        meant = _meant(turn, mine, rest) or mine
        shown = _form(turn, playbooks, meant, address)
        given = turn.said.answers
        if given:
            wrong = problems(shown.asks, given, turn.words)
            if wrong:
                return handed_back(shown, given, wrong)
            address = str(given["who"]).strip()
            meant = [one for one in meant if one.ref == given.get("unit", meant[0].ref)]
        if not address or len(meant) != 1:
            return Reply(cards=(shown,), personal=True)
        place = meant[0]
        successor = nominates_a_successor(playbooks, place.initiative, place.unit, turn.person.email)
        held = Held(AGENT, place.initiative.id, place.unit)
        wanted = Wanted(held, turn.person if successor else None, address, str(given.get("note", "")).strip())
        return offered(turn, playbooks, wanted, shown)


def _places(turn: Turn, playbooks: Playbooks) -> list[Place]:
    """The units for which this person may nominate, of the initiatives they may know of."""
    if not turn.person.member:
        return []
    there = [playbooks.initiatives[one.id] for one in turn.reader.initiatives()]
    all_of_them = [Place(one, unit.id) for one in there for unit in one.written.units]
    return [p for p in all_of_them if may_nominate(playbooks, p.initiative, p.unit, turn.person.email)]


def _meant(turn: Turn, mine: list[Place], rest: str) -> list[Place]:
    """Those of these places that a text names: as a button does, or by the names of unit and initiative."""
    exact = [one for one in mine if one.ref in rest.split()]
    if exact:
        return exact
    meant = named(" ".join(word for word in rest.split() if "@" not in word), turn.reader)
    if not (meant.unit or meant.initiative):
        return []
    wanted = (meant.initiative, meant.unit)
    return [one for one in mine if wanted[0] in ("", one.initiative.id) and wanted[1] in ("", one.unit)]


def _form(turn: Turn, playbooks: Playbooks, places: list[Place], address: str) -> Card:
    words = turn.words
    options = tuple(Option(one.ref, _named(turn, playbooks, one)) for one in places)
    which = (Ask("unit", words("nominate.unit"), kind="choice", options=options),) if len(places) > 1 else ()
    own = all(nominates_a_successor(playbooks, one.initiative, one.unit, turn.person.email) for one in places)
    about = "" if which else f"**{_named(turn, playbooks, places[0])}**\n\n"
    body = about + words("nominate.body-successor" if own else "nominate.body")
    submits = "nominate" if which else f"nominate {places[0].ref}"
    return form(turn, words("nominate.title"), body, submits, *which, address=address)


def _named(turn: Turn, playbooks: Playbooks, place: Place) -> str:
    project = place.initiative.text(turn.words.locale).name.partition(":")[0].strip()
    return f"{unit_name(place.unit, turn.words, playbooks)} ({project})"


@dataclass(frozen=True, slots=True)
class Agents:
    """`agents`: which units have a change agent, and how many people have none."""

    name: str = "agents"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Alone, or with the name of an initiative."""
        return not rest or bool(named(rest, turn.reader).initiative)

    def hear(self, turn: Turn, rest: str) -> Reply:
        """The table, for those with a part in the initiative; who has none learns nothing of it."""
        playbooks = giving.in_force(turn.tx, turn.reader.playbooks)
        mine = [
            one.id for one in turn.reader.initiatives() if _has_a_part(turn, playbooks, playbooks.initiatives[one.id])
        ]
        if not mine:
            return said(turn, turn.words("agents.not-yours"))
        meant = initiative_for(turn.reader, named(rest, turn.reader).initiative)
        if (meant is None or meant.id not in mine) and (rest or len(mine) > 1):
            return Reply(cards=(ask_which(turn.reader, "agents {id}", mine),), personal=True)
        initiative = playbooks.initiatives[meant.id if meant and meant.id in mine else mine[0]]
        return Reply(cards=(_table(turn, playbooks, initiative),), personal=True)


def _has_a_part(turn: Turn, playbooks: Playbooks, initiative: Initiative) -> bool:
    viewer, units = turn.reader.viewer, playbooks.organisation.units
    above = {id for unit in initiative.written.units for id in lineage(unit.id, units)}
    owns = bool(viewer.email) and any(units[id].owner == viewer.email for id in above)
    return not viewer.outsider and (owns or roles(viewer, initiative) != {"employee"})


def _table(turn: Turn, playbooks: Playbooks, initiative: Initiative) -> Card:
    words, found = turn.words, coverage(turn.tx, initiative, playbooks)
    alone, total = sum(one.people for one in found if one.without), sum(one.people for one in found)
    lead = words.count("agents.without", alone, total=words.number(total)) if alone else words("agents.covered")
    rows = tuple((unit_name(one.unit, words, playbooks), _agents(turn, one), words.number(one.people)) for one in found)
    empty = [Place(initiative, one.unit) for one in found if one.without]
    mine = [p for p in empty if may_nominate(playbooks, initiative, p.unit, turn.person.email)]
    choices = tuple(
        Choice(words("nominate.button", unit=unit_name(one.unit, words, playbooks)), f"nominate {one.ref}")
        for one in mine[:OFFERED]
    )
    name = initiative.text(words.locale).name.partition(":")[0].strip()
    head = (words("agents.unit"), words("agents.who"), words("agents.people"))
    return Card(
        title=words("agents.title", project=name),
        body=lead,
        table=(head, *rows),
        choices=choices,
        locale=words.language,
    )


def _agents(turn: Turn, unit: Coverage) -> str:
    words, names = turn.words, turn.reader.names
    here = [names(address) for address in unit.agents]
    gone = [words("agents.gone", name=names(address)) for address in unit.gone]
    nobody = [] if here else [words("agents.nobody")]
    return "; ".join((*here, *gone, *nobody))
