"""The messages of the local page."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Table, false

from bot.store.columns import Instant, Sequence, Words
from bot.store.tables.kinds import Mark, metadata

web_message = Table(
    "web_message",
    metadata,
    Column("number", Sequence, primary_key=True, autoincrement=False),
    Column("key", Mark, nullable=False, unique=True),
    Column("place", Mark, nullable=False),
    Column("thread", Sequence, nullable=False, index=True),
    Column("content", Words, nullable=False),  # sealed: place, sender, text and card
    Column("done", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Column("changed", Sequence, nullable=False, server_default="0"),  # its number, or a later one of the same counter
    Column("removed", Boolean, nullable=False, server_default=false()),  # taken back; nothing of it is kept but where
    Index("ix_web_message_place", "place", "thread", "number"),
    Index("ix_web_message_changed", "place", "changed"),
)
