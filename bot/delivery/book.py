"""The outbox as one lane sees it: what is due is taken out of it, and what came of calls is written down, in one
transaction. Nothing that could not be written is forgotten.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from bot.delivery.hand import conversation_of
from bot.faults import described
from bot.messages import Place
from bot.store import Session, StoreUnavailable, accounts, deliveries, lanes, outgoing
from bot.store.deliveries import Claimed, Lane, Result
from bot.store.patience import Patience

Got = TypeVar("Got")
Write = Callable[[Session], None]
log = logging.getLogger(__name__)


class Transact(Protocol):
    """Does work in a transaction, away from the event loop."""

    def __call__(self, work: Callable[[Session], Got]) -> Awaitable[Got]:
        """What the work gives."""
        ...


@dataclass(frozen=True, slots=True)
class Means:
    """What all lanes of a worker share. `clock` gives aware times, `chance` numbers from 0 to 1."""

    worker: str
    transact: Transact
    clock: Callable[[], datetime]
    chance: Callable[[], float]
    patience: Patience


class Book:
    """What is to be written down for a lane; nothing of it is known elsewhere."""

    def __init__(self, lane: Lane, history: bool, means: Means) -> None:
        self._lane = lane
        self._history = history
        self._means = means
        self._results: list[Result] = []
        self._writes: list[Write] = []

    def __bool__(self) -> bool:
        return bool(self._results or self._writes)

    def note(self, result: Result) -> None:
        """This came of a call."""
        self._results.append(result)

    def put_back(self, ids: list[str]) -> None:
        """These were not begun."""
        if ids:

            def put_back(tx: Session) -> None:
                deliveries.put_back(tx, ids)
                outgoing.put_back(tx, ids)

            self._writes.append(put_back)

    def opened(self, delivery: Claimed, place: Place) -> None:
        """The account of this delivery is written to here."""
        account = accounts.Account(delivery.platform, delivery.workspace, delivery.account)
        self._writes.append(lambda tx: accounts.remember_direct(tx, account, place))

    def pause(self, seconds: timedelta) -> None:
        """The whole lane is asked for patience."""

        def note(tx: Session) -> None:
            lanes.pause(tx, self._lane, self._means.worker, lanes.database_time(tx) + seconds)

        self._writes.append(note)

    async def turn(self, limit: int, in_hand: frozenset[str], paused: Mapping[str, datetime]) -> list[Claimed]:
        """Writes everything down, and takes up to `limit` due deliveries, but none of the conversations that are
        `paused`. `in_hand` is what is being sent already. Raises `StoreUnavailable`, and then still knows everything.
        """
        if not self and not limit:
            return []
        results, self._results = self._results, []
        writes, self._writes = self._writes, []

        def work(tx: Session) -> list[Claimed]:
            for write in [self._recording(results), *writes]:
                write(tx)
            return self._take(tx, limit, in_hand, paused) if limit else []

        try:
            return await self._means.transact(work)
        except StoreUnavailable:
            self._results, self._writes = results + self._results, writes + self._writes
            raise
        except Exception as fault:  # noqa: BLE001 - what cannot be written must not keep back everything else
            log.error("outcomes could not be recorded together: %s", described(fault))
            await self._one_by_one([*(self._recording([one]) for one in results), *writes])
            return []

    async def _one_by_one(self, writes: list[Write]) -> None:
        for write in writes:
            try:
                await self._means.transact(write)
            except StoreUnavailable:
                self._writes.append(write)
            except Exception as fault:  # noqa: BLE001 - as in turn
                log.error("an outcome could not be recorded: %s", described(fault))

    def _recording(self, results: list[Result]) -> Write:
        def record(tx: Session) -> None:
            now = self._means.clock()
            deliveries.record_all(tx, results, now, self._means.patience)
            outgoing.record_all(tx, results, now)

        return record

    def _take(self, tx: Session, limit: int, in_hand: frozenset[str], paused: Mapping[str, datetime]) -> list[Claimed]:
        now, patience = self._means.clock(), self._means.patience
        deliveries.recover(tx, self._lane, now, in_hand, patience)
        outgoing.recover(tx, now, in_hand, patience)
        taken: list[Claimed] = []
        while not taken and (found := deliveries.claim(tx, self._lane, now, limit, self._history, patience)):
            for one in found:
                until = paused.get(conversation_of(one), now)
                if until > now:
                    deliveries.put_back(tx, [one.id], until)
                else:
                    taken.append(one)
        room = limit - len(taken)
        return taken + (outgoing.claim(tx, self._lane, now, room) if room > 0 else [])
