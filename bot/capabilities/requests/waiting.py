"""`requests`: what was asked for and waits, in the order in which it is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.messages import Card
from bot.requests.queue import ordered, usual_days
from bot.requests.words import listed
from bot.store import requests
from bot.turn import Reply, Turn
from bot.which import ask_which, initiative_for, named

LOOKED_BACK = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Waiting:
    """`requests`, `requests <initiative>`: the list. Nobody is named in it."""

    name: str = "requests"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Alone, or with the name of an initiative."""
        return not rest or bool(named(rest, turn.reader).initiative)

    def hear(self, turn: Turn, rest: str) -> Reply:
        """To the person directly: what colleagues ask for is not for guests, nor for a whole channel."""
        words = turn.words
        if not turn.person.member:
            return Reply(cards=(Card(body=words("guest.only-public"), locale=words.language),))
        initiative = initiative_for(turn.reader, named(rest, turn.reader).initiative)
        if initiative is None:
            return Reply(cards=(ask_which(turn.reader, "requests {id}"),), personal=True)
        found = ordered(requests.waiting(turn.tx, initiative.id))
        usual = usual_days(requests.decided(turn.tx, initiative.id, turn.reader.today - LOOKED_BACK))
        project = initiative.text(words.locale).name.partition(":")[0].strip()
        return Reply(cards=(listed(words, project, initiative.id, found, usual),), personal=True)
