"""Who is who: persons, their accounts and what they set."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, String, Table

from bot.store.columns import AsJson, Words
from bot.store.tables.kinds import Key, metadata

person = Table(
    "person",
    metadata,
    Column("key", Key, primary_key=True),
    Column("email", Words, unique=True),
    Column("name", Words, nullable=False, index=True),  # texts are searched for names while others wait
    Column("unit", Words, nullable=False),
    Column("manager", Words, nullable=False),
    Column("locale", Words, nullable=False),
    Column("timezone", Words, nullable=False),
    Column("location", Words, nullable=False),
    Column("roles", AsJson, nullable=False),
    Column("start_date", Date),
    Column("working_days", AsJson, nullable=False),
    Column("working_hours", AsJson, nullable=False),
    Column("origin", String(16), nullable=False),  # directory, or contact: known from a platform alone
    Column("left_on", Date),
)

identity = Table(
    "identity",
    metadata,
    Column("platform", String(32), primary_key=True),
    Column("workspace", Words, primary_key=True),
    Column("account", Words, primary_key=True),
    Column("person", ForeignKey("person.key", ondelete="CASCADE"), nullable=False, index=True),
    Column("member", Boolean, nullable=False),
    Column("direct", Words, nullable=False),  # the encoded place where this account is written to, or empty
    Column("first_seen", Date, nullable=False),
    Column("refused", Words, nullable=False, server_default=""),  # why the platform will not deliver there, or empty
    Column("refused_on", Date),
)

setting = Table(
    "setting",
    metadata,
    Column("person", ForeignKey("person.key", ondelete="CASCADE"), primary_key=True),
    Column("name", Words, primary_key=True),
    Column("value", Words, nullable=False),
)
