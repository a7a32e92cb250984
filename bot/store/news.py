"""Telling other processes that there is something to send, and being told. PostgreSQL carries it; where that fails,
and on SQLite, which serves one process, whoever waits looks by itself every second.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from sqlalchemy import text

from bot.store.engine import Session, Store

CHANNEL = "throughline_delivery"
CONNECT_AGAIN_SECONDS = 5.0

log = logging.getLogger(__name__)


def tell(tx: Session) -> None:
    """Wakes all who listen once this transaction is committed. It says nothing but that."""
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(text(f"SELECT pg_notify('{CHANNEL}', '')"))


async def listen(store: Store, told: Callable[[], None]) -> None:
    """Calls `told` after each commit of any process that has something to tell, until it is cancelled. Connects again
    when the connection breaks, and calls `told` then too, since something may have been missed. Returns at once where
    the database tells nothing.
    """
    if store.embedded:
        return
    import psycopg

    while True:
        try:
            async with await psycopg.AsyncConnection.connect(store.address, autocommit=True) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                told()
                async for _ in connection.notifies():
                    told()
        except psycopg.Error as away:
            log.warning("nobody tells of new messages at present, so they are looked for: %s", type(away).__name__)
        await asyncio.sleep(CONNECT_AGAIN_SECONDS)
