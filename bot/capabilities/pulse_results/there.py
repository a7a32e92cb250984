"""Which closed rounds and actions are there for somebody, and the plain replies."""

from __future__ import annotations

from bot.messages import Card, Choice
from bot.people.audience import viewer_of
from bot.pulse.report import Report, leads, report, scopes_for
from bot.store import results, surveys
from bot.store.results import Action
from bot.store.surveys import Round
from bot.turn import Reply, Turn

MOST = 2**31 - 1
"""The largest number that a round can have."""


def plain_reply(turn: Turn, body: str, *choices: Choice) -> Reply:
    """A reply of one card, to the person alone."""
    return Reply(cards=(Card(body=body, choices=choices, locale=turn.words.language),), personal=True)


def no(turn: Turn, key: str, **fields: object) -> Reply:
    """A plain reply with the message of this key."""
    return plain_reply(turn, turn.words(key, **fields))


def not_yours(turn: Turn) -> Reply:
    """To somebody who may not do what a button says; nothing is told by it."""
    return no(turn, "action.not-yours")


def was_asked(turn: Turn) -> set[int]:
    """The rounds in which this person was asked."""
    return {round.id for round, _ in surveys.of_person(turn.tx, turn.person.key)}


def readable(turn: Turn) -> list[Round]:
    """The closed rounds of which this person may see anything, the newest first."""
    asked, viewer = was_asked(turn), viewer_of(turn.person)
    found = []
    for initiative in turn.reader.initiatives():
        agents = {address for those in initiative.written.change_agents.values() for address in those}
        reads = leads(viewer, initiative) or viewer.email in agents
        found += [one for one in surveys.closed(turn.tx, initiative.id) if reads or one.id in asked]
    return sorted(found, key=lambda one: -one.id)


def shown_to(turn: Turn, number: int) -> Report | None:
    """The report of this round, where its project is one that the person may know of."""
    round = surveys.round(turn.tx, number) if number <= MOST else None
    if round is None or turn.reader.initiative(round.initiative) is None:
        return None
    return report(turn.tx, turn.reader.playbooks, round)


def led(turn: Turn, shown: Report | None) -> bool:
    """Whether this person decides what is done about it."""
    return shown is not None and leads(viewer_of(turn.person), shown.initiative)


def held(turn: Turn, id: str) -> tuple[Report, Action] | None:
    """An action with its round, if this person decides about it."""
    action = results.action(turn.tx, id)
    shown = shown_to(turn, action.round) if action else None
    return (shown, action) if action and shown and led(turn, shown) else None


def reads(turn: Turn, shown: Report) -> bool:
    """Whether this person sees figures of any group."""
    return bool(scopes_for(viewer_of(turn.person), shown))
