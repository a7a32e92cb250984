"""What is said in confidence: who is behind a case, and what waits for its slot. Neither table has a number that counts
up, a time of day or a column that says who.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Table

from bot.store.columns import Instant, Words
from bot.store.tables.kinds import Key, metadata

mailbox = Table(
    "mailbox",
    metadata,
    Column("key", Key, primary_key=True),  # random, and another one after each slot
    Column("case", ForeignKey("case.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("content", Words, nullable=False),  # sealed and padded: whose it is
    sqlite_with_rowid=False,
)

mailbox_waiting = Table(
    "mailbox_waiting",
    metadata,
    Column("key", Key, primary_key=True),  # random, and another one after each tick
    Column("due_at", Instant, nullable=False, index=True),  # a slot
    Column("content", Words, nullable=False),  # sealed and padded: who, what and to whom
    Column("sending_since", Instant),  # a mail that is on its way
    sqlite_with_rowid=False,
)

mailbox_closed = Table(
    "mailbox_closed",
    metadata,
    Column("case", ForeignKey("case.id", ondelete="CASCADE"), primary_key=True),
)
