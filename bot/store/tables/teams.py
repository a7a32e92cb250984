"""Where a platform can be written to whose conversations each have an address of their own, which may change."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Table

from bot.store.columns import Words
from bot.store.tables.kinds import Mark, metadata

conversation_reference = Table(
    "conversation_reference",
    metadata,
    Column("conversation", Mark, primary_key=True),
    Column("workspace", Mark, nullable=False, index=True),
    Column("reference", Words, nullable=False),  # sealed
    Column("outsiders", Boolean),  # whether guests or partners read there; NULL while nobody has looked
    Column("looked_on", Date),
    Column("closed", Boolean, nullable=False),  # the app was removed, or the platform takes nothing there
    Column("seen_on", Date, nullable=False),
)

account_reference = Table(
    "account_reference",
    metadata,
    Column("account", Mark, primary_key=True),
    Column("reference", Words, nullable=False),  # sealed
    Column("seen_on", Date, nullable=False),
)
