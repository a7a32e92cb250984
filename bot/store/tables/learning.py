"""What is learned from use: answers that were added to what is written, who was given what, and what may be told."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, String, Table

from bot.store.columns import AsJson, Words
from bot.store.tables.kinds import Key, Mark, metadata

learned = Table(
    "learned",
    metadata,
    Column("id", Key, primary_key=True),
    Column("initiative", Words, nullable=False, index=True),
    Column("locale", Words, nullable=False),
    Column("audience", Words, nullable=False),
    Column("heading", Words, nullable=False),
    Column("body", Words, nullable=False),
    Column("author", ForeignKey("person.key", ondelete="SET NULL"), index=True),
    Column("owner", Words, nullable=False),  # whose question it was; empty where nobody's
    Column("gap", Key, nullable=False),  # the gap it fills; empty for a question that was passed on
    Column("state", String(16), nullable=False),
    Column("since", Date, nullable=False),
)

told = Table(
    "told",
    metadata,
    Column("mark", Mark, primary_key=True),
    Column("initiative", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("version", Words, nullable=False),
    Column("person", Words, nullable=False),  # sealed
    Column("week", Date, nullable=False, index=True),
    Index("ix_told_subject_version", "subject", "version"),
)

release = Table(
    "release",
    metadata,
    Column("id", Key, primary_key=True),
    Column("mark", Mark, nullable=False, unique=True),
    Column("initiative", Words, nullable=False, index=True),
    Column("facts", AsJson, nullable=False),
    Column("state", String(16), nullable=False),
    Column("since", Date, nullable=False),
)
