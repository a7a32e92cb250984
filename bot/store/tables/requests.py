"""What a request is weighed by, and what is offered instead of it."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table

from bot.store.columns import Words
from bot.store.tables.kinds import metadata

request = Table(
    "request",
    metadata,
    Column("case", ForeignKey("case.id", ondelete="CASCADE"), primary_key=True),
    Column("value", String(16), nullable=False),
    Column("effort", String(16), nullable=False),
    Column("fit", String(64), nullable=False),
    Column("offered", Words),  # sealed: a changed request that waits for its author's word
)
