"""Keys, and the audit chain."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table

from bot.store.columns import Instant, Sequence, Words
from bot.store.tables.kinds import index_where, metadata

api_key = Table(
    "api_key",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("name", Words, nullable=False),
    Column("made_at", Instant, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Sequence, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("actor", Words, nullable=False),
    Column("action", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("seq", Integer, unique=True),
    Column("previous", String(64)),
    Column("hash", String(64)),
    index_where("ix_audit_unchained", "seq IS NULL", "id"),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("only", Integer, primary_key=True, autoincrement=False),
    Column("head", Words),  # sealed: how many lines the chain has, and the hash of the last
)
