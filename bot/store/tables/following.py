"""Following a change: calendar addresses with the dates read there, the days of the last visits, pictures in cards."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Integer, PrimaryKeyConstraint, String, Table

from bot.store.columns import Instant, Words
from bot.store.tables.kinds import Key, Mark, metadata

calendar = Table(
    "calendar",
    metadata,
    Column("token", Mark, primary_key=True),  # a fingerprint: nothing leads back to the address
    Column("person", ForeignKey("person.key", ondelete="CASCADE"), nullable=False, unique=True),
    Column("language", Words, nullable=False),
    Column("made_on", Date, nullable=False),
)

calendar_date = Table(
    "calendar_date",
    metadata,
    Column("token", ForeignKey("calendar.token", ondelete="CASCADE"), nullable=False),
    Column("uid", Words, nullable=False),
    Column("shown", Words, nullable=False),  # sealed: what was read there last
    Column("version", String(16), nullable=False),  # a fingerprint of it; empty once it is cancelled
    Column("sequence", Integer, nullable=False),
    Column("changed_at", Instant, nullable=False),
    PrimaryKeyConstraint("token", "uid", name="pk_calendar_date"),
)

visit = Table(
    "visit",
    metadata,
    Column("person", ForeignKey("person.key", ondelete="CASCADE"), primary_key=True),
    Column("first", Date, nullable=False),
    Column("latest", Date, nullable=False),
    Column("away_from", Date),  # the last day before they were away for long
    Column("back_on", Date),
)

picture = Table(
    "picture",
    metadata,
    Column("id", Key, primary_key=True),  # a fingerprint of it
    Column("content", Words, nullable=False),  # sealed
    Column("until", Date, nullable=False),
)
