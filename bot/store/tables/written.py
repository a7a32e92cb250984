"""Playbooks in force, what they lack, and what helps."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Table

from bot.store.columns import AsJson, Instant, Words
from bot.store.tables.kinds import Key, Mark, metadata

playbook_version = Table(
    "playbook_version",
    metadata,
    Column("scope", Words, primary_key=True),
    Column("version", Words, primary_key=True),
    Column("files", AsJson, nullable=False),
    Column("stored_at", Instant, nullable=False),
)

playbook_in_force = Table(
    "playbook_in_force",
    metadata,
    Column("scope", Words, primary_key=True),
    Column("version", Words, nullable=False),
    Column("since", Instant, nullable=False),
)


gap = Table(
    "gap",
    metadata,
    Column("id", Key, primary_key=True),
    Column("initiative", Words, nullable=False, index=True),
    Column("locale", Words, nullable=False),
    Column("words", Mark, nullable=False, unique=True),
    Column("text", Words, nullable=False),  # sealed
    Column("passage", Words, nullable=False),
    Column("week", Date, nullable=False),
)

gap_asker = Table(
    "gap_asker",
    metadata,
    Column("gap", ForeignKey("gap.id", ondelete="CASCADE"), primary_key=True),
    Column("mark", Mark, primary_key=True),
)

feedback = Table(
    "feedback",
    metadata,
    Column("mark", Mark, primary_key=True),
    Column("passage", Words, nullable=False, index=True),
    Column("hash", Words, nullable=False),
    Column("helpful", Boolean, nullable=False),
)
