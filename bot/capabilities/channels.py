"""Channels: which channel is for which audience or unit, said in the channel itself by somebody who may."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.cues import plain
from bot.messages import Card, Choice, escape
from bot.playbook.model import Initiative
from bot.store import audit, channels
from bot.store.channels import Binding
from bot.turn import Reply, Turn

OFFERED = 8


@dataclass(frozen=True, slots=True)
class Served:
    """What a channel can be for: a unit (`initiative` is '') or an audience, by the names people use."""

    initiative: str
    audience: str
    name: str


@dataclass(frozen=True, slots=True)
class UseChannel:
    """`use-channel Sales`: this channel gets what is for Sales from now on."""

    name: str = "use-channel"

    def takes(self, rest: str, turn: Turn) -> bool:
        """With anything behind it; what is meant is told in the answer."""
        return True

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Binds the channel if the person may; otherwise says who may, or what there is."""
        words = turn.words
        mine = [one for one in _served(turn) if may_bind(turn, one)]
        if not turn.person.member or not mine:
            return _said(turn, "channel.not-permitted")
        if turn.said.place.kind == "direct":
            return _said(turn, "channel.say-it-there")
        if turn.said.place.outsiders:
            return _said(turn, "channel.outsiders")
        wanted = [one for one in mine if plain(rest) in (plain(one.name), plain(one.audience), _id(one))]
        if len(wanted) != 1:
            choices = tuple(Choice(one.name, f"use-channel {_id(one)}") for one in (wanted or mine)[:OFFERED])
            key = "channel.which" if wanted or not rest else "channel.unknown"
            body = words(key, name=escape(rest[:100])) if key == "channel.unknown" else words(key)
            return Reply(cards=(Card(body=body, choices=choices, locale=words.language),))
        return _bind(turn, wanted[0])


@dataclass(frozen=True, slots=True)
class FreeChannel:
    """`free-channel`: this channel is for nobody in particular any more."""

    name: str = "free-channel"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Only alone."""
        return not rest

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Releases the channel if the person may do that for everything it is for."""
        here = channels.bindings_of(turn.tx, turn.said.place)
        if not here:
            return _said(turn, "channel.nothing-bound")
        there = {(one.initiative, one.audience): one for one in _served(turn)}
        gone = Served("", "", "")
        if not all(may_bind(turn, there.get((b.initiative, b.audience), gone)) for b in here):
            return _said(turn, "channel.not-permitted")
        channels.release(turn.tx, turn.said.place)
        audit.note(turn.tx, turn.person.key, "channel.released", _names(here), turn.now)
        return _said(turn, "channel.released")


def may_bind(turn: Turn, served: Served) -> bool:
    """An administrator; the project manager; and for a unit its owner, its change agents, and the project managers of
    what affects it. Whoever is not a full member may not.
    """
    person = turn.person
    if not (person.member and person.email):
        return False
    if "admin" in person.roles:
        return True
    initiatives = turn.reader.playbooks.initiatives
    if served.initiative:
        one = initiatives.get(served.initiative)
        return one is not None and person.email == one.written.project_manager
    unit = turn.reader.playbooks.organisation.units.get(served.audience)
    if unit is None:
        return False
    there = [i.written for i in initiatives.values()]
    agents = {agent for one in there for agent in one.change_agents.get(served.audience, ())}
    leaders = {one.project_manager for one in there if served.audience in {u.id for u in one.units}}
    return person.email in {unit.owner, *agents, *leaders}


def _served(turn: Turn) -> Iterator[Served]:
    for id in turn.reader.playbooks.organisation.units:
        yield Served("", id, turn.reader.unit_name(id))
    for initiative in turn.reader.playbooks.initiatives.values():
        for audience in audiences_of(initiative):
            yield Served(initiative.id, audience, audience)


def audiences_of(initiative: Initiative) -> list[str]:
    """Every audience that an initiative names, with or without a definition."""
    return sorted({*initiative.written.audiences, *initiative.written.channels})


def _id(served: Served) -> str:
    return f"{served.initiative}/{served.audience}" if served.initiative else served.audience


def _bind(turn: Turn, served: Served) -> Reply:
    words = turn.words
    binding = Binding(turn.said.place, served.initiative, served.audience)
    channels.bind(turn.tx, binding, turn.person.key, turn.reader.today)
    audit.note(turn.tx, turn.person.key, "channel.bound", _id(served), turn.now)
    undo = Choice(words("channel.undo"), "free-channel")
    card = Card(body=words("channel.bound", name=escape(served.name)), choices=(undo,), locale=words.language)
    return Reply(cards=(card,))


def _names(bindings: list[Binding]) -> str:
    return ", ".join(_id(Served(b.initiative, b.audience, "")) for b in bindings)


def _said(turn: Turn, key: str) -> Reply:
    return Reply(cards=(Card(body=turn.words(key), locale=turn.words.language),))
