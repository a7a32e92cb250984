"""Results of short surveys: read by whoever may, and what is done about them said and followed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.capabilities.pulse_results.acting import done, moved, named, nothing, overview
from bot.capabilities.pulse_results.showing import comments, drafted, listed, names, newest, one, over_time, spread
from bot.capabilities.pulse_results.there import no, not_yours
from bot.turn import Capability, Reply, Turn

_ROUND = re.compile(r"^([0-9]{1,9})(?: (comments|drafts|names|spread|trend))?$", re.ASCII)
_ACTION = re.compile(r"^([a-z]+) ([0-9a-f]{32})$")

__all__ = ["CAPABILITIES", "LEADING", "LISTED"]


@dataclass(frozen=True, slots=True)
class Results:
    """`results`, `results 12`, `results readiness`: what came out of surveys that are closed."""

    name: str = "results"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Alone, or with the number of a round or the id of a survey; anything else is a question."""
        wanted = rest.strip().lower()
        return not wanted or bool(_ROUND.match(wanted)) or wanted in turn.reader.playbooks.organisation.pulses

    def hear(self, turn: Turn, rest: str) -> Reply:
        """The list, or what the person may see of one round."""
        if not turn.person.member or not turn.person.email:
            return no(turn, "guest.only-public")
        wanted = rest.strip().lower()
        found = _ROUND.match(wanted)
        if found is None:
            return newest(turn, wanted) if wanted else listed(turn)
        shows: Mapping[str | None, Callable[[Turn, int], Reply]] = {
            "comments": comments,
            "drafts": drafted,
            "names": names,
            "spread": spread,
            "trend": over_time,
        }
        return shows.get(found[2], one)(turn, int(found[1]))


@dataclass(frozen=True, slots=True)
class Action:
    """What the buttons under results say: `action 12`, `action name ID`, `action done ID`, `action moved ID`,
    `action nothing ID`."""

    name: str = "action"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Only what a button says: typed, the word is a part of a question."""
        return bool(_ROUND.match(rest.strip()) or _ACTION.match(rest.strip()))

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Says what will be done, or what has become of it; who may not learns nothing."""
        if not turn.person.member or not turn.person.email:
            return no(turn, "guest.only-public")
        wanted = rest.strip()
        if found := _ROUND.match(wanted):
            return overview(turn, int(found[1]))
        pressed = _ACTION.match(wanted)
        if pressed is None or pressed[1] not in _PRESSED:
            return not_yours(turn)
        return _PRESSED[pressed[1]](turn, pressed[2])


_PRESSED: Mapping[str, Callable[[Turn, str], Reply]] = {
    "name": named,
    "done": done,
    "moved": moved,
    "nothing": nothing,
}

CAPABILITIES: tuple[Capability, ...] = (Results(), Action())
LISTED: tuple[str, ...] = ()
"""What `help` lists for everybody."""
LEADING: tuple[str, ...] = ("results",)
"""What `help` lists for those who hold a role."""
