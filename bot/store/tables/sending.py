"""The outbox: what is to be sent, and what came of it."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, false, true

from bot.store.columns import Instant, Sequence, Words
from bot.store.tables.kinds import Key, Mark, index_where, metadata

delivery = Table(
    "delivery",
    metadata,
    Column("seq", Sequence, primary_key=True, autoincrement=True),
    Column("id", Key, nullable=False, unique=True),
    Column("key", Words, nullable=False, unique=True),  # of a reply: a mark
    Column("platform", String(32), nullable=False),
    Column("workspace", Words, nullable=False),
    Column("place", Words),  # sealed
    Column("person", Key),  # not a foreign key: a person can be erased while their posts are counted
    Column("conversation", Mark),
    Column("card", Words),  # sealed
    Column("reply", Boolean, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("doubts", Integer, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("sending_since", Instant),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("platform_id", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("content", Key),  # instead of `card`, where many have the same
    Column("kind", String(32), nullable=False, server_default=""),
    Column("urgent", Boolean, nullable=False, server_default=false()),
    Column("timed", Boolean, nullable=False, server_default=true()),  # whether its right moment is decided
    Column("batch", Words, nullable=False, server_default=""),
    Column("action", String(8), nullable=False, server_default="post"),  # post, edit, delete
    Column("target", Key),  # the delivery that an edit or delete is about
    index_where("ix_delivery_queued", "state = 'queued'", "reply", "seq"),
    index_where("ix_delivery_sending", "state = 'sending'", "sending_since"),
    index_where("ix_delivery_conversation", "conversation IS NOT NULL", "conversation"),
    Index("ix_delivery_created_at", "created_at"),
)

content = Table(
    "content",
    metadata,
    Column("id", Key, primary_key=True),
    Column("batch", Words, nullable=False),
    Column("mark", Mark, nullable=False, unique=True),
    Column("card", Words, nullable=False),  # sealed
)

lane = Table(
    "lane",
    metadata,
    Column("platform", String(32), primary_key=True),
    Column("workspace", Words, primary_key=True),
    Column("holder", Key),
    Column("held_until", Instant),  # by the database's clock, like all of a lane
    Column("paused_until", Instant),  # the platform asked for patience
    Column("pause_reason", Words, nullable=False),
)

delivery_attempt = Table(
    "delivery_attempt",
    metadata,
    Column("id", Sequence, primary_key=True, autoincrement=True),
    Column("delivery", ForeignKey("delivery.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("reason", Words, nullable=False),
)
