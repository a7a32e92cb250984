"""What was heard, the conversations, and what was done at its time."""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, String, Table

from bot.store.columns import Instant, Sequence, Words
from bot.store.tables.kinds import Mark, index_where, metadata

heard = Table(
    "heard",
    metadata,
    Column("seq", Sequence, primary_key=True, autoincrement=True),
    Column("event", Mark, nullable=False, unique=True),
    Column("received_at", Instant, nullable=False),  # once handled: only the end of that day
    Column("state", String(16), nullable=False),  # waiting, handled, failed
    Column("attempts", Integer, nullable=False),
    Column("try_at", Instant),
    Column("picked_until", Instant),  # somebody has picked it up and is about to handle it
    Column("conversation", Mark),
    Column("payload", Words),  # sealed; like the conversation gone once handled
    index_where("ix_heard_waiting", "state = 'waiting'", "conversation", "seq"),
    index_where("ix_heard_due", "state = 'waiting'", "try_at"),
)

conversation = Table(
    "conversation",
    metadata,
    Column("mark", Mark, primary_key=True),
    Column("state", Words),  # sealed
    Column("used_on", Date, nullable=False, index=True),
)

occurrence = Table(
    "occurrence", metadata, Column("key", Words, primary_key=True), Column("at", Instant, nullable=False)
)
