"""The outbox: what is to be sent, what came of it, and who sends it."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, SmallInteger, String, Table, false, text, true

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
    Column("rank", SmallInteger, nullable=False, server_default=text("1")),  # 0 replies, 1 single, 2 to many
    Column("unsure_since", Instant),  # it may have arrived, in an attempt that began then
    Column("withdrawn", Boolean, nullable=False, server_default=false()),  # not to be tried again
    index_where(
        "ix_delivery_queued", "state = 'queued'", "platform", "workspace", "timed", "rank", "not_before", "seq"
    ),
    index_where("ix_delivery_waiting", "state = 'queued'", "conversation", "seq"),
    index_where("ix_delivery_under_way", "state = 'sending'", "conversation"),
    index_where("ix_delivery_sending", "state = 'sending'", "platform", "workspace", "sending_since"),
    index_where("ix_delivery_content", "content IS NOT NULL", "content"),
    index_where("ix_delivery_batch", "batch <> ''", "batch", "seq"),
    index_where("ix_delivery_target", "target IS NOT NULL", "target"),
    Index("ix_delivery_created_at", "created_at"),
)

content = Table(
    "content",
    metadata,
    Column("id", Key, primary_key=True),  # a mark of the batch and the card
    Column("card", Words, nullable=False),  # sealed
    Column("used_on", Date, nullable=False),
)

lane = Table(
    "lane",
    metadata,
    Column("platform", String(32), primary_key=True),
    Column("workspace", Words, primary_key=True),
    Column("holder", Key),
    Column("held_until", Instant),  # by the database's clock, like all of a lane
    Column("paused_until", Instant),  # the platform asked for patience
)

worker = Table(
    "worker",
    metadata,
    Column("id", Key, primary_key=True),
    Column("alive_until", Instant, nullable=False),
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
