"""Addresses of conversations and accounts on a platform that cannot be written to by a name alone, kept sealed.

What stands in a reference is the adapter's matter: plain data, stored and given back. It asks no platform.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from bot.store import tables as t
from bot.store.engine import Session, Store
from bot.store.seal import SealBroken
from bot.store.sql import changed, put
from bot.store.times import day

Reference = Mapping[str, Any]

log = logging.getLogger(__name__)
_C, _A = t.conversation_reference.c, t.account_reference.c
_CONVERSATION = select(_C.reference, _C.outsiders, _C.looked_on, _C.closed).where(_C.conversation == bindparam("mark"))
_ACCOUNT = select(_A.reference).where(_A.account == bindparam("mark"))


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation that was heard from. `outsiders`: whether guests or partners read there, as of `looked_on`, or
    None if nobody has looked. `closed`: nothing can be written there until it is heard from again.
    """

    reference: Reference
    outsiders: bool | None = None
    looked_on: date | None = None
    closed: bool = False


class References:
    """The references of one deployment. Every method is a transaction of its own and may take its time; all of them
    raise `StoreUnavailable` while the database is away. `clock` gives an aware moment.
    """

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def conversation(self, workspace: str, conversation: str) -> Conversation | None:
        """What is known of this conversation."""
        with self._store.read() as tx:
            row = tx.execute(_CONVERSATION, {"mark": _mark(tx, workspace, conversation)}).first()
            reference = _open(tx, row.reference) if row else None
        if row is None or reference is None:
            return None
        return Conversation(reference, row.outsiders, row.looked_on, row.closed)

    def keep_conversation(self, workspace: str, conversation: str, reference: Reference) -> None:
        """Remembers where this conversation is. It is open from now on."""
        with self._store.begin() as tx:
            values = {
                "workspace": tx.seal.mark("workspace", workspace),
                "reference": _sealed(tx, reference),
                "closed": False,
                "seen_on": day(self._clock()),
            }
            put(tx, t.conversation_reference, {"conversation": _mark(tx, workspace, conversation)}, values)

    def note_outsiders(self, workspace: str, conversation: str, outsiders: bool) -> None:
        """Remembers whether guests or partners read in this conversation, as of today."""
        self._change(workspace, conversation, outsiders=outsiders, looked_on=day(self._clock()))

    def close_conversation(self, workspace: str, conversation: str) -> None:
        """Nothing can be written there until it is heard from again."""
        self._change(workspace, conversation, closed=True)

    def newest(self, workspace: str) -> Reference | None:
        """The conversation of this workspace that was heard from last, None if there was none."""
        c = t.conversation_reference.c
        with self._store.read() as tx:
            query = select(c.reference).where(c.workspace == tx.seal.mark("workspace", workspace))
            found = tx.scalar(query.order_by(c.closed, c.seen_on.desc(), c.conversation).limit(1))
            return _open(tx, found) if found else None

    def account(self, workspace: str, account: str) -> Reference | None:
        """What is known of how to reach this account."""
        with self._store.read() as tx:
            found = tx.scalar(_ACCOUNT, {"mark": _mark(tx, workspace, account)})
            return _open(tx, found) if found else None

    def keep_account(self, workspace: str, account: str, reference: Reference) -> None:
        """Remembers how to reach this account."""
        with self._store.begin() as tx:
            values = {"reference": _sealed(tx, reference), "seen_on": day(self._clock())}
            put(tx, t.account_reference, {"account": _mark(tx, workspace, account)}, values)

    def _change(self, workspace: str, conversation: str, **values: Any) -> None:
        with self._store.begin() as tx:
            mark = _mark(tx, workspace, conversation)
            row = update(t.conversation_reference).where(t.conversation_reference.c.conversation == mark)
            tx.execute(row.values(**values))


def forget_account(tx: Session, workspace: str, account: str) -> int:
    """Deletes how to reach this account, and its direct conversation; the number of deleted rows. For erasing."""
    mark = _mark(tx, workspace, account)
    found = tx.scalar(select(t.account_reference.c.reference).where(t.account_reference.c.account == mark))
    direct = str((_open(tx, found) or {}).get("conversation", "")) if found else ""
    gone = changed(tx, delete(t.account_reference).where(t.account_reference.c.account == mark))
    if direct:
        c = t.conversation_reference.c
        gone += changed(tx, delete(t.conversation_reference).where(c.conversation == _mark(tx, workspace, direct)))
    return gone


def _mark(tx: Session, workspace: str, name: str) -> str:
    return tx.seal.mark("reference", workspace, name)


def _sealed(tx: Session, reference: Reference) -> str:
    return tx.seal.seal(json.dumps(dict(reference), sort_keys=True))


def _open(tx: Session, sealed: str) -> dict[str, Any] | None:
    """The reference; None where it was sealed with a lost key: it is learned anew from what is heard next."""
    try:
        return dict(json.loads(tx.seal.open(sealed)))
    except (SealBroken, ValueError, TypeError):
        log.error("a reference cannot be read; it is taken for unknown")
        return None
