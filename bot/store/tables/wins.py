"""Wins: what has become better, as people said it, with who is thanked and how far it may be told."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Table

from bot.store.columns import Instant, Words
from bot.store.tables.kinds import Key, metadata

win = Table(
    "win",
    metadata,
    Column("id", Key, primary_key=True),
    Column("initiative", Words, nullable=False),
    Column("unit", Words, nullable=False),
    Column("state", String(16), nullable=False),
    Column("said", Words, nullable=False),  # sealed: what happened, for whom, evidence, link, how somebody is thanked
    Column("driver", String(32), nullable=False),
    Column("author", ForeignKey("person.key", ondelete="SET NULL"), index=True),
    Column("suggested_by", ForeignKey("person.key", ondelete="SET NULL"), index=True),
    Column("thanked", ForeignKey("person.key", ondelete="SET NULL"), index=True),
    Column("thanks", String(16), nullable=False),
    Column("waits_until", Instant),  # for the word of whoever is thanked
    Column("said_at", Instant, nullable=False),
    Column("told_at", Instant),
    Column("approved_at", Instant),
    Column("quoted_in", Words, nullable=False),
    Index("ix_win_initiative_state", "initiative", "state"),
)
