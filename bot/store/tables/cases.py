"""Cases with their history, and the counters."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, UniqueConstraint, false

from bot.store.columns import Instant, Sequence, Words
from bot.store.tables.kinds import Key, metadata

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
    Column("for_colleague", Boolean, nullable=False, server_default=false()),
    Column("confidential", Boolean, nullable=False, server_default=false()),  # the author is in the mailbox
    Column("locale", String(16), nullable=False, server_default="en"),
    Column("at_stake", Words),  # sealed, as are the next three
    Column("would_work", Words),
    Column("affects", Words),
    Column("cause", Words),
    Column("avoid_owner", Boolean, nullable=False, server_default=false()),
    Column("handler", Words),  # an address: who takes care of it for the owner
    Column("respond_until", Instant),  # the clock of the first response; null: it does not run yet, or not any more
    Column("paused_since", Instant),  # waiting for the author: both clocks stand still
    Column("escalated", Integer, nullable=False, server_default="0"),  # 0 owner, 1 project manager, 2 sponsor
    Column("decision", String(16)),  # yes, yes-but, not-now, no
    Column("decided_on", Date),
    Column("decided_by", Key),
    Column("promised_for", Date),
    Column("reopened", Integer, nullable=False, server_default="0"),
    Column("merged_into", Key, index=True),
    # Wide enough to count cases, and who raised them, without passing over what was written.
    Index(
        "ix_case_standing",
        *("initiative", "state", "kind", "merged_into", "created_at", "unit", "id", "asker", "driver", "number"),
    ),
)

case_supporter = Table(
    "case_supporter",
    metadata,
    Column("case", ForeignKey("case.id", ondelete="CASCADE"), nullable=False),
    Column("person", ForeignKey("person.key", ondelete="CASCADE"), nullable=False, index=True),
    Column("came_with", Key),  # the case that was merged into this one and brought them along
    UniqueConstraint("case", "person", name="uq_case_supporter_case"),
)

# A meeting that is offered about a case; its calendar file is read under the token.
case_workshop = Table(
    "case_workshop",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("case", ForeignKey("case.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("begins", Instant, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("said", Words, nullable=False),  # sealed: where, what about
    Column("sequence", Integer, nullable=False, server_default="0"),
    Column("cancelled", Boolean, nullable=False, server_default=false()),
    Column("changed_at", Instant, nullable=False),
)

# What is told to everybody of a decision: no words of whoever raised it.
case_news = Table(
    "case_news",
    metadata,
    Column("case", ForeignKey("case.id", ondelete="CASCADE"), primary_key=True),
    Column("initiative", Words, nullable=False),
    Column("units", Words, nullable=False),  # whom it is told, ids with commas between; none: everybody affected
    Column("said", Words, nullable=False),  # sealed: you said, we did
    Column("state", String(16), nullable=False),  # asked, published, back, taken-back
    Column("drafted_by", Key),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("published_at", Instant),
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
