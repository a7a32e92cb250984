"""How fast one may call: sliding windows, exact. It knows no platform and reads no clock; `now` is in seconds, and
never goes back.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from math import ceil

from bot.messages import Window

# Broadcasts are spread, so that a long window is never used up at its beginning while somebody waits for an answer:
# within this time no more than its share, or a little more, to make up for what is late. By that a window is used up
# so long before its end, at most.
SHARE_SECONDS = 0.2
A_LITTLE_FASTER = 0.1
USED_UP_SECONDS = 0.3


class Pace:
    """Notes when calls began, and says when the next one may. Within any window there are never more than it allows,
    by the clock of whoever calls; `spare` seconds are added to each window, because calls do not all take equally long
    to arrive.
    """

    def __init__(self, windows: Iterable[Window], spare: float = 0.0) -> None:
        self.spare = spare
        self._windows = tuple(windows)
        self._spread = tuple(map(_spread, self._windows))
        self._kept = max((window.calls for window in (*self._windows, *self._spread)), default=0)
        self._began: list[float] = []

    def free_at(self, now: float, evenly: bool = False) -> float:
        """When the next call may begin: `now` or later. `evenly` spreads calls over the windows."""
        moments = [self._free(window, self.spare) for window in self._windows]
        if evenly:
            moments += [self._free(window, 0.0) for window in self._spread]
        return max([now, *moments])

    def _free(self, window: Window, spare: float) -> float:
        began = self._began
        return began[-window.calls] + window.seconds + spare if len(began) >= window.calls else float("-inf")

    def begin(self, now: float) -> None:
        """A call begins now."""
        if not self._kept:
            return
        self._began.append(now)
        if len(self._began) > 2 * self._kept:
            del self._began[: -self._kept]

    def room(self, until: float, at_most: int) -> int:
        """How many calls may begin until then, if it were then; at most so many."""
        rooms = [w.calls - self._since(until - w.seconds - self.spare) for w in self._windows]
        return max(0, min([at_most, *rooms]))

    def _since(self, moment: float) -> int:
        return len(self._began) - bisect_right(self._began, moment)

    def is_idle(self, now: float) -> bool:
        """Whether nothing of it matters any more."""
        longest = max((window.seconds for window in self._windows), default=0.0)
        return not self._began or self._began[-1] + longest + self.spare <= now


def _spread(window: Window) -> Window:
    calls = max(1, ceil(window.calls * SHARE_SECONDS / window.seconds))
    faster = min(A_LITTLE_FASTER, USED_UP_SECONDS / window.seconds)
    return Window(calls, calls * window.seconds / window.calls * (1 - faster))
