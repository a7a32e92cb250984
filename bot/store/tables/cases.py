"""Cases with their history, and the counters."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, false

from bot.store.columns import Instant, Sequence, Words
from bot.store.tables.kinds import Key, metadata

case = Table(
    "case",
    metadata,
    Column("id", Key, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("initiative", Words, nullable=False),
    Column("unit", Words, nullable=False),
    Column("text", Words, nullable=False),  # sealed
    Column("asker", Key, index=True),  # a person, or null: without a name
    Column("reply_to", Words, nullable=False),  # sealed and padded
    Column("driver", String(32), nullable=False),
    Column("severity", Integer, nullable=False),
    Column("owner", Words, nullable=False, index=True),
    Column("state", String(16), nullable=False),
    Column("created_at", Instant, nullable=False),  # without a name: only the day
    Column("due_at", Instant, nullable=False),
    Column("answer", Words),  # sealed
    Column("for_colleague", Boolean, nullable=False, server_default=false()),
)

case_event = Table(
    "case_event",
    metadata,
    Column("id", Sequence, primary_key=True, autoincrement=True),
    Column("case", ForeignKey("case.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("actor", Key, nullable=False),
    Column("what", String(16), nullable=False),
    Column("text", Words, nullable=False),  # sealed
)

counter = Table(
    "counter", metadata, Column("name", String(32), primary_key=True), Column("value", Integer, nullable=False)
)
