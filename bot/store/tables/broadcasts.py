"""Broadcasts: what was composed, where it stands, and that somebody pressed something on it, without saying who."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table

from bot.store.columns import Instant, Words
from bot.store.tables.kinds import Mark, index_where, metadata

broadcast = Table(
    "broadcast",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("initiative", Words, nullable=False, index=True),
    Column("author", ForeignKey("person.key", ondelete="SET NULL"), index=True),
    Column("state", String(16), nullable=False),
    Column("version", Integer, nullable=False),  # counts what was saved, so that nobody decides about another text
    Column("written", Words, nullable=False),  # sealed: texts, audience, wishes
    Column("note", Words, nullable=False),  # sealed: why it was sent back
    Column("at", Instant),  # when it is to go out; nothing: as soon as it may
    Column("decided_by", ForeignKey("person.key", ondelete="SET NULL"), index=True),
    Column("out_at", Instant),
    Column("looked_at", Instant),  # when was looked last how far it is
    Column("shown", String(32), nullable=False),  # what the card of its author says of that
    Column("finished", Boolean, nullable=False),
    Column("made_at", Instant, nullable=False),
    index_where("ix_broadcast_under_way", "state = 'planned' OR (state = 'out' AND NOT finished)", "number"),
)

broadcast_mark = Table(
    "broadcast_mark",
    metadata,
    Column("mark", Mark, primary_key=True),
    Column("broadcast", ForeignKey("broadcast.number", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
)
