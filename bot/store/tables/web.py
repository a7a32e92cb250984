"""The messages of the local page."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Table

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
    Index("ix_web_message_place", "place", "thread", "number"),
)
