"""Which broadcasts somebody has to do with, and the one that a button names. Who has nothing to do with it learns
nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.broadcasts.dry_run import Looker
from bot.broadcasts.permission import Scope, may_decide, may_steer, scope
from bot.messages import Card
from bot.people.audience import viewer_of
from bot.playbook.model import Initiative
from bot.store import broadcasts
from bot.store.broadcasts import ASKED, DROPPED, UNDER_WAY, Broadcast
from bot.turn import Reply, Turn

MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Found:
    """A broadcast with its initiative, and how far this person may compose in it."""

    broadcast: Broadcast
    initiative: Initiative
    scope: Scope


Rule = Callable[[Turn, Found], bool]


def own(turn: Turn, found: Found) -> bool:
    """Whether it is this person's own, and they may still compose."""
    return found.broadcast.author == turn.person.key and bool(found.scope)


def decides(turn: Turn, found: Found) -> bool:
    """Whether this person may give the second word."""
    return may_decide(turn.person, found.broadcast, found.initiative)


def steers(turn: Turn, found: Found) -> bool:
    """Whether this person may follow, stop and take it back."""
    return may_steer(turn.person, found.broadcast, found.initiative, turn.reader.playbooks)


def any_of(*rules: Rule) -> Rule:
    """One of these is enough."""
    return lambda turn, found: any(rule(turn, found) for rule in rules)


def broadcast(turn: Turn, text: str, rule: Rule) -> Found | None:
    """The broadcast of this number, held until the end of the transaction, if the rule lets this person."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else 0
    one = broadcasts.hold(turn.tx, number) if number else None
    initiative = turn.reader.playbooks.initiatives.get(one.initiative) if one else None
    if one is None or initiative is None or one.state == DROPPED:
        return None
    found = Found(one, initiative, scope(turn.person, initiative, turn.reader.playbooks))
    return found if rule(turn, found) else None


def composable(turn: Turn) -> list[Initiative]:
    """The initiatives in which this person may compose, by name."""
    return [i for i in turn.reader.playbooks.initiatives.values() if scope(turn.person, i, turn.reader.playbooks)]


def waiting(turn: Turn) -> list[Found]:
    """What this person has under way or has to decide about, the newest first."""
    found = []
    for initiative in composable(turn):
        limit = scope(turn.person, initiative, turn.reader.playbooks)
        for one in broadcasts.of_initiative(turn.tx, initiative.id):
            here = Found(one, initiative, limit)
            to_decide = one.state == ASKED and decides(turn, here)
            if one.state in UNDER_WAY and (own(turn, here) or to_decide):
                found.append(here)
    return found


def looker(turn: Turn) -> Looker:
    """Who looks at a dry run."""
    return Looker(viewer_of(turn.person), turn.words.locale, turn.words.zone)


def said(turn: Turn, key: str, **fields: object) -> Reply:
    """One sentence."""
    return Reply(cards=(Card(body=turn.words(key, **fields), locale=turn.words.language),), personal=True)


def shown(*cards: Card) -> Reply:
    """These cards, to the person directly."""
    return Reply(cards=cards, personal=True)
