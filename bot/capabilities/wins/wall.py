"""`wins`: what has become better lately, as far as the reader may know; and the same on a person's own page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.messages import Card, Choice
from bot.milestones.standing import decides
from bot.milestones.words import short
from bot.people.audience import viewer_of
from bot.turn import Reply, Turn
from bot.which import named
from bot.wins import newest
from bot.wins.words import Subject, row

SHOWN, AT_HOME = 5, 2
LABEL = 40


@dataclass(frozen=True, slots=True)
class Wins:
    """`wins`, `wins phones`: the newest ones, to the person alone, since what is read depends on who reads."""

    name: str = "wins"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Alone, or with the name of an initiative and nothing else."""
        meant = named(rest, turn.reader)
        return not rest or bool(meant.initiative and not meant.left)

    def hear(self, turn: Turn, rest: str) -> Reply:
        """The newest wins, or that there are none yet."""
        words = turn.words
        if not turn.person.member:
            return Reply(cards=(Card(body=words("guest.only-public"), locale=words.language),), personal=True)
        meant = named(rest, turn.reader).initiative
        found = newest(turn.tx, viewer_of(turn.person), turn.reader.playbooks, SHOWN, meant)
        return Reply(cards=(_list(turn, found),), personal=True)


def home(turn: Turn) -> tuple[Card, ...]:
    """The newest wins, for a person's own page; nothing where there are none."""
    if not turn.person.member:
        return ()
    found = newest(turn.tx, viewer_of(turn.person), turn.reader.playbooks, AT_HOME)
    return (_list(turn, found),) if found else ()


def _list(turn: Turn, found: Sequence[Subject]) -> Card:
    words = turn.words
    rows = "\n\n".join(row(one, words) for one in found)
    mine = [one for one in found if turn.person.key == one.win.author or decides(turn.person.email, one.initiative)]
    opens = [Choice(_label(turn, one), f"win show {one.win.id}") for one in mine]
    return Card(
        title=words("wins.title"),
        body=rows or words("wins.nothing"),
        choices=(Choice(words("wins.tell-button"), "win"), *opens),
        locale=words.language,
    )


def _label(turn: Turn, one: Subject) -> str:
    text = short(one.win.said.what)
    begun = text if len(text) <= LABEL else text[:LABEL].rsplit(" ", 1)[0] + " …"
    return turn.words("wins.open-button", text=begun)
