"""Announcements on their way to an audience, what finds the messages that wait for their moment, and how far the
clock has come.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, text

from bot.store.columns import Instant, Words
from bot.store.tables.kinds import Key, index_where, metadata
from bot.store.tables.sending import delivery

announcement = Table(
    "announcement",
    metadata,
    Column("key", Words, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("initiative", Words, nullable=False),
    Column("audience", Words, nullable=False),  # sealed: it may name people
    Column("wordings", Words, nullable=False),  # sealed: the cards by language and unit
    Column("urgent", Boolean, nullable=False),
    Column("own_time", Boolean, nullable=False),  # the clock reading of due_at counts, in each recipient's zone
    Column("due_at", Instant, nullable=False),
    Column("state", String(16), nullable=False),  # waiting, expanding, done, cancelled
    Column("reached", Key, nullable=False),  # the checkpoint: the last person who was dealt with
    Column("people", Integer, nullable=False),
    Column("channels", Integer, nullable=False),
    Column("made_at", Instant, nullable=False),
    index_where("ix_announcement_due", "state IN ('waiting', 'expanding')", "due_at"),
)

tick_mark = Table("tick_mark", metadata, Column("name", Words, primary_key=True), Column("at", Instant, nullable=False))

_UNTIMED, _OF_A_KIND = text("NOT timed AND state = 'queued'"), text("kind <> ''")
# They stand here and not with their table because only the right moment needs them.
Index("ix_delivery_untimed", delivery.c.not_before, delivery.c.seq, postgresql_where=_UNTIMED, sqlite_where=_UNTIMED)
Index("ix_delivery_person", delivery.c.person, postgresql_where=_OF_A_KIND, sqlite_where=_OF_A_KIND)
