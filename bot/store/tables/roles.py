"""Roles: what was accepted in chat and holds over the playbooks, and what is offered to whom."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, PrimaryKeyConstraint, String, Table, text

from bot.store.columns import Words
from bot.store.tables.kinds import Key, Mark, metadata

amendment = Table(
    "amendment",
    metadata,
    Column("initiative", Words, nullable=False),  # empty for a unit, which belongs to no initiative
    Column("role", String(32), nullable=False),
    Column("subject", Words, nullable=False),  # the unit or the milestone, or empty
    Column("slot", Key, nullable=False),  # the person where several hold a role side by side, else empty
    Column("person", ForeignKey("person.key", ondelete="CASCADE"), nullable=False, index=True),
    Column("removed", Boolean, nullable=False),
    Column("written", Mark, nullable=False),  # of what the file said then
    Column("since", Date, nullable=False),
    PrimaryKeyConstraint("initiative", "role", "subject", "slot", name="pk_amendment"),
)

_WAITS = text("state = 'waiting'")

offer = Table(
    "offer",
    metadata,
    Column("id", Key, primary_key=True),
    Column("initiative", Words, nullable=False),
    Column("role", String(32), nullable=False),
    Column("subject", Words, nullable=False),
    Column("holder", ForeignKey("person.key", ondelete="SET NULL"), index=True),  # who gives it up, if anybody
    Column("offered_by", ForeignKey("person.key", ondelete="SET NULL"), index=True),
    Column("person", ForeignKey("person.key", ondelete="CASCADE"), nullable=False, index=True),
    Column("note", Words, nullable=False),  # sealed
    Column("state", String(16), nullable=False),
    Column("since", Date, nullable=False),
    Index(
        "ix_offer_waiting",
        "initiative",
        "role",
        "subject",
        "person",
        unique=True,
        postgresql_where=_WAITS,
        sqlite_where=_WAITS,
    ),
)
