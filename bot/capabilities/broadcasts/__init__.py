"""Telling many people something: composed, previewed, approved, followed, taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.capabilities.broadcasts.answering import HaveRead, Reacting
from bot.capabilities.broadcasts.composing import begin, check, drop, edit, preview, show, translate, write
from bot.capabilities.broadcasts.deciding import approve, back, send, withdraw
from bot.capabilities.broadcasts.steering import correct, recall, recall_now, status, stop, stop_now
from bot.turn import Capability, Reply, Turn
from bot.which import named

_VERBS: Mapping[str, Callable[[Turn, str], Reply]] = {
    "write": write,
    "edit": edit,
    "translate": translate,
    "drop": drop,
    "preview": preview,
    "check": check,
    "show": show,
    "send": send,
    "approve": approve,
    "back": back,
    "withdraw": withdraw,
    "status": status,
    "stop": stop,
    "stop-now": stop_now,
    "recall": recall,
    "recall-now": recall_now,
    "correct": correct,
}


@dataclass(frozen=True, slots=True)
class Broadcast:
    """`broadcast`: one's own, those that wait for one's word, and a new one. Buttons say the rest."""

    name: str = "broadcast"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Alone, or with the name of an initiative."""
        return not rest or bool(named(rest, turn.reader).initiative)

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Does what this person may; who may not learns nothing of it."""
        verb, _, more = rest.partition(" ")
        if turn.said.how != "typed" and verb in _VERBS:
            return _VERBS[verb](turn, more.strip())
        return begin(turn, rest)


CAPABILITIES: tuple[Capability, ...] = (Broadcast(), HaveRead(), Reacting())
LISTED: tuple[str, ...] = ()
"""What `help` lists for everybody."""
LEADING: tuple[str, ...] = ("broadcast",)
"""What `help` lists for those who hold a role."""
