"""Gathered: the whole of one of the messages that came together in one digest."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages import Card
from bot.store import gathering
from bot.turn import Reply, Turn


@dataclass(frozen=True, slots=True)
class Gathered:
    """`gathered <delivery>`: what a digest's button says. Only the recipient sees it."""

    name: str = "gathered"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Only pressed."""
        return bool(rest) and turn.said.how == "pressed"

    def hear(self, turn: Turn, rest: str) -> Reply:
        """The message as it would have come alone, unless it was taken back or is too old."""
        id = rest.strip()
        card = gathering.gathered(turn.tx, turn.person.key, id) if id.isalnum() else None
        gone = Card(body=turn.words("gathered.gone"), locale=turn.words.language)
        return Reply(cards=(card or gone,), personal=True)
