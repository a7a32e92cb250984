"""Keys of other systems that call us. Only their fingerprints are kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import exists, select

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.sql import insert_new


def new_key(tx: Session, name: str, now: datetime) -> str:
    """Makes a key and returns it; it cannot be shown again. `name` tells whose it is."""
    key = "throughline_" + secrets.token_urlsafe(32)
    insert_new(tx, t.api_key, {"hash": _fingerprint(key), "name": name, "made_at": now})
    return key


def key_known(tx: Session, key: str) -> bool:
    """Whether this is a key that `new_key` made."""
    return bool(tx.scalar(select(exists().where(t.api_key.c.hash == _fingerprint(key)))))


def _fingerprint(key: str) -> str:
    # The key is long and random, so that a plain hash cannot be reversed by guessing.
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
