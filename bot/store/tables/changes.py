"""Changes of what was decided: what holds as far as people know, and each change of it."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, PrimaryKeyConstraint, String, Table

from bot.store.columns import Instant, Words
from bot.store.tables.kinds import Key, metadata

stated = Table(
    "stated",
    metadata,
    Column("initiative", Words, nullable=False),
    Column("fact", Words, nullable=False),
    Column("value", Words, nullable=False),
    PrimaryKeyConstraint("initiative", "fact", name="pk_stated"),
)

change = Table(
    "change",
    metadata,
    Column("id", Key, primary_key=True),
    Column("initiative", Words, nullable=False, index=True),
    Column("fact", Words, nullable=False),
    Column("before", Words, nullable=False),
    Column("after", Words, nullable=False),
    Column("reason", Words, nullable=False),  # sealed
    Column("wide", Boolean, nullable=False),  # everybody concerned was told, not only who asked
    Column("state", String(16), nullable=False),  # waiting, sent, dropped, gone
    Column("at", Instant, nullable=False),
)
