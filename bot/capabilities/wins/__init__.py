"""What has become better: said, suggested, approved, and shown to those it concerns."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.capabilities.wins.approving import again, approve, back, edit, everybody
from bot.capabilities.wins.keeping import show, withdraw
from bot.capabilities.wins.saying import say
from bot.capabilities.wins.suggested import decline, take
from bot.capabilities.wins.thanking import accept, thanks_no, thanks_words, thanks_yes, without
from bot.capabilities.wins.there import Held, held, not_yours, plain_reply
from bot.capabilities.wins.wall import Wins, home
from bot.people.audience import viewer_of
from bot.turn import Capability, Reply, Turn
from bot.wins.standing import spots

PRESSED = re.compile(r"^([a-z-]+) ([0-9a-f]{32})$")

__all__ = ["CAPABILITIES", "LEADING", "LISTED", "home"]


@dataclass(frozen=True, slots=True)
class Win:
    """`win`, `win phones`, `win phones sales`: says what has become better, or suggests it. Buttons say the rest."""

    name: str = "win"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Alone, or with an initiative for which the person can say one."""
        found = spots(viewer_of(turn.person), turn.reader.playbooks)
        return not rest or rest.partition(" ")[0].lower() in {spot.initiative.id for spot in found}

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Opens the form, or does what a button says; who may not learns nothing of it."""
        if not turn.person.member or not turn.person.email:
            return plain_reply(turn, turn.words("guest.only-public"))
        pressed = PRESSED.match(rest.strip())
        if pressed is None or pressed[1] not in _PRESSED:
            return say(turn, rest.strip())
        found = held(turn, pressed[2])
        return _PRESSED[pressed[1]](turn, found) if found else not_yours(turn)


_PRESSED: Mapping[str, Callable[[Turn, Held], Reply]] = {
    "everybody": everybody,
    "approve": approve,
    "edit": edit,
    "back": back,
    "again": again,
    "take": take,
    "decline": decline,
    "withdraw": withdraw,
    "show": show,
    "without": without,
    "thanks-yes": thanks_yes,
    "thanks-no": thanks_no,
    "thanks-words": thanks_words,
    "thanks-accept": accept,
}

CAPABILITIES: tuple[Capability, ...] = (Win(), Wins())
LISTED: tuple[str, ...] = ("wins", "win")
"""What `help` lists for everybody."""
LEADING: tuple[str, ...] = ()
"""What `help` lists for those who hold a role."""
