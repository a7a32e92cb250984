"""Obligations of an initiative that somebody reported as met, with their evidence."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, PrimaryKeyConstraint, Table

from bot.store.columns import Words
from bot.store.tables.kinds import metadata

obligation = Table(
    "obligation",
    metadata,
    Column("initiative", Words, nullable=False),
    Column("obligation", Words, nullable=False),
    Column("met_on", Date, nullable=False),
    Column("evidence", Words, nullable=False),  # sealed
    Column("said_by", ForeignKey("person.key", ondelete="SET NULL"), index=True),
    PrimaryKeyConstraint("initiative", "obligation", name="pk_obligation"),
)
