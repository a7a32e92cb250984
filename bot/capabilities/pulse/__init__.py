"""Short surveys: who is asked and why, not now, never this kind; starting a round with preview, dry run and test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.capabilities.pulse.asked import again, home, never, not_now, overview, why
from bot.capabilities.pulse.obligations import Obligations
from bot.capabilities.pulse.starting import go, preview, start, stop, trial
from bot.cues import phrases, plain
from bot.messages import Card
from bot.turn import Capability, Reply, Turn

__all__ = ["ACTS", "CAPABILITIES", "LEADING", "LISTED", "home"]

_LONGEST_WORD = 3


@dataclass(frozen=True, slots=True)
class Survey:
    """`survey`: what is open for somebody, and for those who lead what runs and what is planned; `survey start`,
    `survey preview`, `survey test`, `survey stop`; buttons say `survey not-now 3`, `survey never 3`, `survey why 3`."""

    name: str = "survey"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Alone, or with a word for what is to be done."""
        return not rest.strip() or _said(rest)[0] is not None

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Does what the first words say; always answered to the person alone."""
        if not turn.person.member:
            return Reply(cards=(_guest(turn),), personal=True)
        act, left = _said(rest)
        return (act or overview)(turn, left)


def _guest(turn: Turn) -> Card:
    return Card(body=turn.words("guest.only-public"), locale=turn.words.language)


def _said(rest: str) -> tuple[Callable[[Turn, str], Reply] | None, str]:
    """What is to be done, in any product language, and what stands behind that."""
    words = rest.split()
    for count in range(min(_LONGEST_WORD, len(words)), 0, -1):
        first = plain(" ".join(words[:count]))
        for name, act in ACTS.items():
            if first == plain(name) or first in phrases(f"survey.sub-{name}"):
                return act, " ".join(words[count:])
    return None, rest.strip()


ACTS: Mapping[str, Callable[[Turn, str], Reply]] = {
    "not-now": not_now,
    "never": never,
    "again": again,
    "why": why,
    "start": start,
    "dry-run": start,
    "go": go,
    "preview": preview,
    "test": trial,
    "stop": stop,
}

CAPABILITIES: tuple[Capability, ...] = (Survey(), Obligations())
LISTED: tuple[str, ...] = ("survey",)
"""What `help` lists for everybody."""
LEADING: tuple[str, ...] = ("obligation",)
"""What `help` lists for those who hold a role."""
