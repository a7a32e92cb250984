"""Pictures in cards that a platform reads from an address: kept for a while, sealed, under an address that is signed.

Whoever has the address sees the picture until it expires; nobody can make one for another picture or another day.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import delete, select

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.seal import SealBroken
from bot.store.sql import changed, put
from bot.store.times import day

SHOWN = timedelta(days=30)
"""So long a picture can be seen under the address it was given last."""
_ID = 32


def keep(tx: Session, content: bytes, now: datetime) -> str:
    """Keeps a picture (PNG) and returns the token it can be read under for thirty days."""
    id = hashlib.sha256(content).hexdigest()[:_ID]
    until = day(now) + SHOWN
    values = {"content": tx.seal.seal(b64encode(content).decode()), "until": until}
    put(tx, t.picture, {"id": id}, values)
    return f"{id}{until:%Y%m%d}{_signature(tx, id, until)}"


def read(tx: Session, token: str, now: datetime) -> bytes | None:
    """The picture under this token; None for one that nobody gave, or that has expired."""
    id, written, signature = token[:_ID], token[_ID : _ID + 8], token[_ID + 8 :]
    try:
        until = datetime.strptime(written, "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None
    if not hmac.compare_digest(_signature(tx, id, until).encode(), signature.encode("utf-8", "replace")):
        return None
    sealed = tx.scalar(select(t.picture.c.content).where(t.picture.c.id == id)) if day(now) <= until else None
    try:
        return b64decode(tx.seal.open(sealed)) if sealed else None
    except SealBroken:
        return None


def forget(tx: Session, today: date) -> int:
    """Deletes pictures that can be seen no longer."""
    return changed(tx, delete(t.picture).where(t.picture.c.until < today))


def _signature(tx: Session, id: str, until: date) -> str:
    return tx.seal.mark("picture", id, until.isoformat())
