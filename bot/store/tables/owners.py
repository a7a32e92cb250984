"""What the owners of affected units said of their role, and of what is decided or planned."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Integer, PrimaryKeyConstraint, String, Table

from bot.store.columns import Words
from bot.store.tables.kinds import metadata

owner_word = Table(
    "owner_word",
    metadata,
    Column("initiative", Words, nullable=False),
    Column("unit", Words, nullable=False),
    Column("subject", Words, nullable=False),  # role, decision:<id>, milestone:<id>
    Column("on", Date, nullable=False),  # the date it was asked for; of the role the day it was asked
    Column("owner", ForeignKey("person.key", ondelete="CASCADE"), nullable=False, index=True),
    Column("state", String(16), nullable=False),  # asked, confirmed, clear, objects
    Column("asked_on", Date, nullable=False),
    Column("word_until", Date, nullable=False),
    Column("said_on", Date),
    Column("case", Integer),  # the number of the case that an objection became
    PrimaryKeyConstraint("initiative", "unit", "subject", "on", "owner", name="pk_owner_word"),
)
