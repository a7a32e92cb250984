"""Milestones: what was said of them in chat, new dates that wait for a word, and which of their posts were shown."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, PrimaryKeyConstraint, String, Table

from bot.store.columns import Words
from bot.store.tables.kinds import Key, metadata

milestone = Table(
    "milestone",
    metadata,
    Column("initiative", Words, nullable=False),
    Column("milestone", Words, nullable=False),
    Column("state", String(16), nullable=False),
    Column("note", Words, nullable=False),  # sealed: evidence or reason
    Column("said_by", ForeignKey("person.key", ondelete="SET NULL"), index=True),
    Column("said_on", Date),
    Column("moved_to", Date),
    Column("written", Date),  # what the file said when it was moved
    PrimaryKeyConstraint("initiative", "milestone", name="pk_milestone"),
)

milestone_slip = Table(
    "milestone_slip",
    metadata,
    Column("id", Key, primary_key=True),
    Column("initiative", Words, nullable=False),
    Column("milestone", Words, nullable=False),
    Column("before", Date, nullable=False),
    Column("moved_to", Date, nullable=False),
    Column("reason", Words, nullable=False),  # sealed
    Column("said_by", ForeignKey("person.key", ondelete="SET NULL"), index=True),
    Column("state", String(16), nullable=False),
    Column("since", Date, nullable=False),
    Index("ix_milestone_slip_initiative_milestone", "initiative", "milestone"),
)

milestone_post = Table(
    "milestone_post",
    metadata,
    Column("initiative", Words, nullable=False),
    Column("milestone", Words, nullable=False),
    Column("date", Date, nullable=False),
    Column("stage", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("version", String(16), nullable=False),  # a fingerprint of what it says
    Column("edited", Words),  # sealed: the project manager's own texts by language, with those they stand for
    Column("decided_on", Date),  # when somebody last said whether it goes out
    PrimaryKeyConstraint("initiative", "milestone", "date", "stage", name="pk_milestone_post"),
)
