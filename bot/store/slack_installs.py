"""Where the app was installed, workspace by workspace: what came with it, above all its token, is sealed.

It knows neither what an install holds nor the platform; who asks decides what is written and when it is renewed.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from bot.store import tables as t
from bot.store.engine import Session, Store
from bot.store.sql import changed, insert_new, put

# How long somebody may take from beginning an installation to its end: as long as the platform's own library allows.
BEGUN_KEPT = timedelta(minutes=10)
# A process that renews a token has this long; then another one may try.
RENEWING = timedelta(minutes=1)


def keep(tx: Session, workspace: str, content: str) -> None:
    """Keeps what belongs to the install in this workspace, in the place of what was there; a renewal is over by it."""
    put(tx, t.install, {"workspace": workspace}, {"content": tx.seal.seal(content), "renewing_until": None})


def find(tx: Session, workspace: str) -> str | None:
    """What `keep` kept for this workspace. Raises `SealBroken` if no key at hand opens it."""
    sealed = tx.scalar(select(t.install.c.content).where(t.install.c.workspace == workspace))
    return None if sealed is None else tx.seal.open(sealed)


def workspaces(tx: Session) -> list[str]:
    """All workspaces in which it is installed, in a fixed order."""
    return list(tx.scalars(select(t.install.c.workspace).order_by(t.install.c.workspace)))


def forget(tx: Session, workspace: str) -> bool:
    """Deletes the install, whose token is worth nothing any more. False if there was none."""
    return changed(tx, delete(t.install).where(t.install.c.workspace == workspace)) == 1


def begin_renewal(tx: Session, workspace: str, now: datetime) -> str | None:
    """What is kept for this workspace, if its token is now this process's to renew; None while another one does it.

    Only one process gets it, until it calls `keep` or a minute has passed: a token can be exchanged only once.
    """
    free = or_(t.install.c.renewing_until.is_(None), t.install.c.renewing_until <= now)
    mine = update(t.install).where(t.install.c.workspace == workspace, free)
    if not changed(tx, mine.values(renewing_until=now + RENEWING)):
        return None
    return find(tx, workspace)


def begin(tx: Session, now: datetime) -> str:
    """Begins an installation: a random word that comes back at its end. Only its mark is kept."""
    tx.execute(delete(t.install_begun).where(t.install_begun.c.open_until < now))
    word = secrets.token_urlsafe(32)
    insert_new(tx, t.install_begun, {"mark": _mark(tx, word), "open_until": now + BEGUN_KEPT})
    return word


def end(tx: Session, word: str, now: datetime) -> bool:
    """Whether this is the word of an installation that was begun less than ten minutes ago. It serves once."""
    begun = t.install_begun.c.mark == _mark(tx, word)
    return changed(tx, delete(t.install_begun).where(begun, t.install_begun.c.open_until >= now)) == 1


def _mark(tx: Session, word: str) -> str:
    return tx.seal.mark("install", word)


class Book:
    """All of the above, each call a transaction of its own; `clock` gives aware moments."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def keep(self, workspace: str, content: str) -> None:
        """See `keep`."""
        with self._store.begin() as tx:
            keep(tx, workspace, content)

    def find(self, workspace: str) -> str | None:
        """See `find`."""
        with self._store.read() as tx:
            return find(tx, workspace)

    def forget(self, workspace: str) -> bool:
        """See `forget`."""
        with self._store.begin() as tx:
            return forget(tx, workspace)

    def begin_renewal(self, workspace: str) -> str | None:
        """See `begin_renewal`."""
        with self._store.begin() as tx:
            return begin_renewal(tx, workspace, self._clock())

    def begin(self) -> str:
        """See `begin`."""
        with self._store.begin() as tx:
            return begin(tx, self._clock())

    def end(self, word: str) -> bool:
        """See `end`."""
        with self._store.begin() as tx:
            return end(tx, word, self._clock())
