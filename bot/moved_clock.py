"""A clock that can be moved ahead, so that somebody can watch on one afternoon what happens in a month.

It knows no platform; local mode alone uses it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.store import Store, local_clock

NOTHING = timedelta()


class MovedClock:
    """The real time and what was added to it. Safe to read from any thread; after a restart it goes on as it was."""

    def __init__(self, store: Store, real: Callable[[], datetime]) -> None:
        self._store = store
        self._real = real
        self._ahead = NOTHING
        self.refresh()

    def __call__(self) -> datetime:
        """The moment that it is now, as this clock has it."""
        return self._real() + self._ahead

    @property
    def ahead(self) -> timedelta:
        """How far it was moved; nothing if it shows the real time."""
        return self._ahead

    def move_to(self, moment: datetime) -> None:
        """From now on it is this moment. One that is past already changes nothing: time does not go back."""
        self._keep(max(self._ahead, timedelta(seconds=round((moment - self._real()).total_seconds()))))

    def back(self) -> None:
        """Shows the real time again. What was done at a later time stays done."""
        self._keep(NOTHING)

    def refresh(self) -> None:
        """Takes over how far another process moved it."""
        with self._store.read() as tx:
            self._ahead = local_clock.ahead(tx)

    def _keep(self, ahead: timedelta) -> None:
        with self._store.begin() as tx:
            local_clock.set_ahead(tx, ahead)
        self._ahead = ahead
