"""Whether people may be told that a fact changed: who had asked about it, or of a decision everybody concerned."""

from __future__ import annotations

from dataclasses import dataclass

from bot.capabilities.questions import changing
from bot.learning.facts import values, version
from bot.messages import Card
from bot.store import audit, releases
from bot.turn import Reply, Turn

STATES = {"send": releases.SENT, "drop": releases.DROPPED}


@dataclass(frozen=True, slots=True)
class Release:
    """`release send <id>`, `release drop <id>`: the answer of the project manager about facts that somebody asked
    about, once. `release tell <id>`, `release keep <id>`: the same about a decision that people had been told of."""

    name: str = "release"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Only pressed."""
        return False

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Notes the answer; who is to be told is told at the next tick."""
        what, _, id = rest.partition(" ")
        if what in ("tell", "keep"):
            return changing.tell(turn, id.strip()) if what == "tell" else changing.keep(turn, id.strip())
        asked = releases.release(turn.tx, id.strip())
        initiative = turn.reader.initiative(asked.initiative) if asked else None
        state = STATES.get(what)
        if asked is None or initiative is None or state is None:
            return _said(turn, "release.gone")
        if not (turn.person.member and turn.person.email == initiative.written.project_manager):
            return _said(turn, "release.not-yours")
        now = values(initiative.written)
        if all(version(now.get(key, "")) != held for key, held in asked.facts.items()):
            return _said(turn, "release.gone")
        if not releases.answer(turn.tx, asked.id, state, turn.reader.today):
            return _said(turn, "release.already")
        audit.note(turn.tx, turn.person.key, f"release.{state}", f"release {asked.id}", turn.now)
        return _said(turn, "release.sent" if state == releases.SENT else "release.dropped")


def _said(turn: Turn, key: str) -> Reply:
    return Reply(cards=(Card(body=turn.words(key), locale=turn.words.language),), personal=True)
