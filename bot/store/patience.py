"""How long the delivery of messages waits for what, and how often it tries. Plain figures, for whoever needs them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Patience:
    """`call` is the longest that one call to a platform may take, and `settle` how long after it the platform may still
    act on it. What was taken out of the outbox begins its last call within `in_hand`, or is put back. A lane is leased
    for `lease`, renewed every `renew`. A platform that asks for patience is asked again for `give_up`. Each of `doubts`
    may have put the message before somebody's eyes once more.
    """

    call: timedelta = timedelta(seconds=8)
    settle: timedelta = timedelta(seconds=30)
    in_hand: timedelta = timedelta(seconds=15)
    lease: timedelta = timedelta(seconds=15)
    renew: timedelta = timedelta(seconds=5)
    give_up: timedelta = timedelta(hours=24)
    doubts: int = 5

    @property
    def over(self) -> timedelta:
        """So long after a delivery was taken out of the outbox, no call of it can be in flight any more."""
        return self.in_hand + self.call + self.settle


PATIENCE = Patience()
