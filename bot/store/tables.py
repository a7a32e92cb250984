"""The tables. A column described as sealed can only be read with THROUGHLINE_SECRET, and a mark is a keyed
fingerprint (see `seal.py`): neither says anything to whoever has the database alone.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, MetaData, String, Table, text

from bot.store.columns import AsJson, Instant, Sequence, Words

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)
Key = String(32)
Mark = String(64)


def _index_where(name: str, condition: str, *columns: str) -> Index:
    where = text(condition)
    return Index(name, *columns, postgresql_where=where, sqlite_where=where)


# Who is who

person = Table(
    "person",
    metadata,
    Column("key", Key, primary_key=True),
    Column("email", Words, unique=True),
    Column("name", Words, nullable=False),
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
)

setting = Table(
    "setting",
    metadata,
    Column("person", ForeignKey("person.key", ondelete="CASCADE"), primary_key=True),
    Column("name", Words, primary_key=True),
    Column("value", Words, nullable=False),
)

# Hearing

heard = Table(
    "heard",
    metadata,
    Column("seq", Sequence, primary_key=True, autoincrement=True),
    Column("event", Mark, nullable=False, unique=True),
    Column("received_at", Instant, nullable=False),  # once handled: only the end of that day
    Column("state", String(16), nullable=False),  # waiting, handled, failed
    Column("attempts", Integer, nullable=False),
    Column("try_at", Instant),
    Column("conversation", Mark),
    Column("payload", Words),  # sealed; like the conversation gone once handled
    _index_where("ix_heard_waiting", "state = 'waiting'", "conversation", "seq"),
    _index_where("ix_heard_due", "state = 'waiting'", "try_at"),
)

conversation = Table(
    "conversation",
    metadata,
    Column("mark", Mark, primary_key=True),
    Column("state", Words),  # sealed
    Column("used_on", Date, nullable=False, index=True),
)

occurrence = Table(
    "occurrence", metadata, Column("key", Words, primary_key=True), Column("at", Instant, nullable=False)
)

# Sending

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
    _index_where("ix_delivery_queued", "state = 'queued'", "reply", "seq"),
    _index_where("ix_delivery_sending", "state = 'sending'", "sending_since"),
    _index_where("ix_delivery_conversation", "conversation IS NOT NULL", "conversation"),
    Index("ix_delivery_created_at", "created_at"),
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

# Cases

case = Table(
    "case",
    metadata,
    Column("id", Key, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("initiative", Words, nullable=False),
    Column("unit", Words, nullable=False),
    Column("text", Words, nullable=False),  # sealed
    Column("asker", Key, index=True),  # a person, or null: without a name
    Column("reply_to", Words, nullable=False),  # sealed and padded
    Column("driver", String(32), nullable=False),
    Column("severity", Integer, nullable=False),
    Column("owner", Words, nullable=False, index=True),
    Column("state", String(16), nullable=False),
    Column("created_at", Instant, nullable=False),  # without a name: only the day
    Column("due_at", Instant, nullable=False),
    Column("answer", Words),  # sealed
)

case_event = Table(
    "case_event",
    metadata,
    Column("id", Sequence, primary_key=True, autoincrement=True),
    Column("case", ForeignKey("case.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("actor", Key, nullable=False),
    Column("what", String(16), nullable=False),
    Column("text", Words, nullable=False),  # sealed
)

counter = Table(
    "counter", metadata, Column("name", String(32), primary_key=True), Column("value", Integer, nullable=False)
)

# What playbooks lack, and what helps

gap = Table(
    "gap",
    metadata,
    Column("id", Key, primary_key=True),
    Column("initiative", Words, nullable=False, index=True),
    Column("locale", Words, nullable=False),
    Column("words", Mark, nullable=False, unique=True),
    Column("text", Words, nullable=False),  # sealed
    Column("passage", Words, nullable=False),
    Column("week", Date, nullable=False),
)

gap_asker = Table(
    "gap_asker",
    metadata,
    Column("gap", ForeignKey("gap.id", ondelete="CASCADE"), primary_key=True),
    Column("mark", Mark, primary_key=True),
)

feedback = Table(
    "feedback",
    metadata,
    Column("mark", Mark, primary_key=True),
    Column("passage", Words, nullable=False, index=True),
    Column("hash", Words, nullable=False),
    Column("helpful", Boolean, nullable=False),
)

# The local page

web_message = Table(
    "web_message",
    metadata,
    Column("number", Sequence, primary_key=True, autoincrement=False),
    Column("key", Mark, nullable=False, unique=True),
    Column("place", Mark, nullable=False),
    Column("thread", Sequence, nullable=False, index=True),
    Column("content", Words, nullable=False),  # sealed: place, sender, text and card
    Column("done", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_web_message_place", "place", "thread", "number"),
)

# Playbooks

playbook_version = Table(
    "playbook_version",
    metadata,
    Column("scope", Words, primary_key=True),
    Column("version", Words, primary_key=True),
    Column("files", AsJson, nullable=False),
    Column("stored_at", Instant, nullable=False),
)

playbook_in_force = Table(
    "playbook_in_force",
    metadata,
    Column("scope", Words, primary_key=True),
    Column("version", Words, nullable=False),
    Column("since", Instant, nullable=False),
)

# Keys and the audit chain

api_key = Table(
    "api_key",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("name", Words, nullable=False),
    Column("made_at", Instant, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Sequence, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("actor", Words, nullable=False),
    Column("action", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("seq", Integer, unique=True),
    Column("previous", String(64)),
    Column("hash", String(64)),
    _index_where("ix_audit_unchained", "seq IS NULL", "id"),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("only", Integer, primary_key=True, autoincrement=False),
    Column("head", Words),  # sealed: how many lines the chain has, and the hash of the last
)
