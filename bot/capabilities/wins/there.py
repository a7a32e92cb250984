"""A win that a button names, with its initiative, if it is still under way; and the plain replies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.messages import Card, Choice
from bot.milestones.standing import decides
from bot.people.audience import viewer_of
from bot.playbook.access import may_know
from bot.playbook.model import Initiative
from bot.store import audit
from bot.store import wins as kept
from bot.store.wins import Win
from bot.turn import Reply, Turn
from bot.wins import telling
from bot.wins.standing import is_live, tells
from bot.wins.words import Subject
from bot.words import Words


@dataclass(frozen=True, slots=True)
class Held:
    """A win, and its initiative where that is under way and the person may know of it."""

    win: Win
    initiative: Initiative | None

    def subject(self, turn: Turn) -> Subject | None:
        """With the names that may stand in it; None without an initiative."""
        if self.initiative is None:
            return None
        return telling.subject(turn.tx, self.win, self.initiative, turn.reader.playbooks)

    def tells(self, turn: Turn) -> bool:
        """Whether this person may tell the win's unit, and decides about what is suggested there."""
        units = turn.reader.playbooks.organisation.units
        return self.initiative is not None and tells(turn.person.email, self.initiative, self.win.unit, units)

    def leads(self, turn: Turn) -> bool:
        """Whether this person decides what everybody hears."""
        return self.initiative is not None and decides(turn.person.email, self.initiative)

    def is_author(self, turn: Turn) -> bool:
        """Whether this person said it."""
        return self.win.author == turn.person.key


def held(turn: Turn, id: str) -> Held | None:
    """The win with this id."""
    win, playbooks = kept.win(turn.tx, id), turn.reader.playbooks
    if win is None:
        return None
    initiative, units = playbooks.initiatives.get(win.initiative), playbooks.organisation.units
    if initiative is None or not is_live(initiative, win.unit, units):
        return Held(win, None)
    return Held(win, initiative if may_know(viewer_of(turn.person), initiative, units) else None)


def plain_reply(turn: Turn, body: str, *choices: Choice) -> Reply:
    """A reply of one card, to the person alone."""
    return Reply(cards=(Card(body=body, choices=choices, locale=turn.words.language),), personal=True)


def no(turn: Turn, key: str, **fields: object) -> Reply:
    """A plain reply with the message of this key."""
    return plain_reply(turn, turn.words(key, **fields))


def not_yours(turn: Turn) -> Reply:
    """To somebody who may not do what a button says; nothing is told by it."""
    return no(turn, "win.not-yours")


def out_of_force(turn: Turn, found: Held) -> Reply:
    """To somebody who wants to do something with a win whose initiative is not under way (any more)."""
    mine = turn.person.key in (found.win.author, found.win.suggested_by)
    return no(turn, "win.not-live") if mine else not_yours(turn)


def note(turn: Turn, win: Win, what: str) -> None:
    """A line of the audit trail."""
    audit.note(turn.tx, turn.person.key, what, f"{win.initiative} {win.id}", turn.now)


def tell_person(turn: Turn, win: Win, what: str, whom: str, card: Callable[[Words], Card]) -> None:
    """Shows the card to one person, by their key; `what` names the message, which they get once."""
    telling.to_person(turn.tx, win, what, whom, card, turn.reader.playbooks, turn.now)


def name_of_speaker(turn: Turn) -> str:
    """How others are told who did it."""
    return turn.person.name or turn.person.email
