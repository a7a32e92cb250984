"""The inbox: what was accepted and is decided later, conversation by conversation, in order; what fails is tried again.

It knows neither how something is decided nor how an answer is sent.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from bot.capabilities.greet import small
from bot.conversation import conversation
from bot.deciding import Deciding
from bot.faults import described
from bot.library import Library
from bot.messages import Post, Said
from bot.outside import Known, Outside
from bot.store import conversations, deliveries, hearing
from bot.store.engine import Session, Store
from bot.words import Words

log = logging.getLogger(__name__)

PICKED_UP_AT_ONCE = 50


class Inbox:
    """Accepts, and handles what waits. Safe to use from several threads; `wake` is called after each commit that left
    something to send.
    """

    def __init__(
        self, store: Store, library: Library, deciding: Deciding, outside: Outside, wake: Callable[[], None]
    ) -> None:
        self._store = store
        self._library = library
        self._deciding = deciding
        self._outside = outside
        self._wake = wake

    def accept(self, said: Said, now: datetime) -> bool:
        """Records an event so that it is not lost any more; False if it was heard before. One insert, no decision."""
        with self._store.begin() as tx:
            return hearing.accept(tx, said, conversation(said), now)

    def handle(
        self, key: str, now: datetime, before: datetime | None = None, picked: frozenset[int] = frozenset()
    ) -> bool:
        """Handles the next event that waits in the conversation; False where there is none. `before` and `picked` are
        those of a picking up.
        """
        waiting: hearing.Heard | None = None

        def handled(known: Known) -> bool:
            nonlocal waiting
            with self._store.begin() as tx:
                state = conversations.hold(tx, key, now)
                waiting = hearing.next_waiting(tx, key, before or now, picked)
                if waiting is None:
                    return False
                if not (known.met and known.met.bot):
                    self._deciding.decide(tx, waiting.said, state, self._library.current, now, known)
                return hearing.handled(tx, waiting.id, now)

        try:
            if not self._outside.done(handled):
                return False
        except Exception as fault:  # noqa: BLE001 - whatever it is, the event must be tried again
            log.error("an event could not be handled; it is tried again: %s", described(fault))
            if waiting is None:
                return False
            self._failed(waiting, now)
            return True
        self._wake()
        return True

    def pick_up(self, now: datetime, at_start: bool = False) -> int:
        """Handles what an earlier process accepted and did not finish; returns how many were found."""
        before = now + hearing.HANDLED_WITHIN if at_start else now
        with self._store.begin() as tx:
            left = hearing.waiting(tx, before, PICKED_UP_AT_ONCE)
            for lost in left:
                if lost.given_up:
                    self._apologise(tx, lost.said, now)
        picked = frozenset(one.id for one in left)
        for one in left:
            # In their order, with what came after them meanwhile.
            while not one.given_up and self.handle(one.conversation, now, before, picked):
                pass
        self._wake()
        return len(left)

    def _failed(self, event: hearing.Heard, now: datetime) -> None:
        with self._store.begin() as tx:
            if hearing.failed(tx, event.id, now):
                self._apologise(tx, event.said, now)
        self._wake()

    def _apologise(self, tx: Session, said: Said, now: datetime) -> None:
        """Tells whoever waits for an answer that there will be none."""
        log.error("an event was given up after several tries")
        sorry = small(Words(said.person.locale or "en"), "failed.sorry")
        key = f"{said.place.platform}:{said.event}:sorry"
        deliveries.enqueue(tx, [Post(key=key, card=sorry, place=said.place, reply=True)], now)
