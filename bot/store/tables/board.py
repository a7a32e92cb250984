"""Who may look at the pages: links that were given, and sessions they opened."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Table

from bot.store.columns import Instant
from bot.store.tables.kinds import Mark, metadata

board_link = Table(
    "board_link",
    metadata,
    Column("hash", Mark, primary_key=True),
    Column("person", ForeignKey("person.key", ondelete="CASCADE"), nullable=False, index=True),
    Column("until", Instant, nullable=False),
)

board_session = Table(
    "board_session",
    metadata,
    Column("hash", Mark, primary_key=True),
    Column("person", ForeignKey("person.key", ondelete="CASCADE"), nullable=False, index=True),
    Column("roles", Mark, nullable=False),  # a mark of the roles held when it began
    Column("until", Instant, nullable=False),
)
