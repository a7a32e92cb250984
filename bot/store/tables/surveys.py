"""Short surveys: rounds, who was asked, sealed ballots, and the answers after closing, which lead to nobody.

No row holds a time of answering. What a ballot, an answer or a comment says and what `survey_asked` says of a person
share nothing but the round. They have no row numbers: SQLite keeps them in the order of their keys, which says nothing
about who came first.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, PrimaryKeyConstraint, String, Table

from bot.store.columns import AsJson, Instant, Words
from bot.store.tables.kinds import Key, Mark, index_where, metadata

survey_round = Table(
    "survey_round",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("initiative", Words, nullable=False, index=True),
    Column("template", Words, nullable=False),
    Column("hash", Mark, nullable=False),  # of the snapshot: rounds with the same one asked the same
    Column("snapshot", Words, nullable=False),  # sealed: the template in all its languages, and the rules
    Column("occurrence", Words, nullable=False, unique=True),  # what it was opened for, so that it is opened once
    Column("audience", Words, nullable=False),
    Column("share", Float, nullable=False),
    Column("cycle", Integer, nullable=False),  # which time through the audience, where only a share is asked
    Column("minimum", Integer, nullable=False),
    Column("named", Boolean, nullable=False),
    Column("zone", Words, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closes_at", Instant, nullable=False),
    Column("state", String(16), nullable=False),  # open, closing, closed, destroyed (below the minimum)
    Column("asked", Integer, nullable=False),  # how many were asked, whoever has been erased since
    Column("started_by", ForeignKey("person.key", ondelete="SET NULL"), index=True),  # null: by its schedule
    index_where("ix_survey_round_under_way", "state IN ('open', 'closing')", "id"),
)

survey_asked = Table(
    "survey_asked",
    metadata,
    Column("round", ForeignKey("survey_round.id", ondelete="CASCADE"), nullable=False),
    Column("person", ForeignKey("person.key", ondelete="CASCADE"), nullable=False, index=True),
    Column("unit", Words, nullable=False),  # where they were when they were asked, which is what counts
    Column("state", String(16), nullable=False),  # drawn, asked, not-now, never, answered
    Column("reminded", Integer, nullable=False),
    Column("ask_at", Instant),  # when they are asked once more; it is planned beforehand and says nothing of an answer
    PrimaryKeyConstraint("round", "person", name="pk_survey_asked"),
    index_where("ix_survey_asked_drawn", "state = 'drawn'", "round", "person"),
    index_where("ix_survey_asked_due", "ask_at IS NOT NULL", "ask_at"),
    sqlite_with_rowid=False,
)

survey_ballot = Table(
    "survey_ballot",
    metadata,
    Column("key", Key, primary_key=True),  # random
    Column("round", ForeignKey("survey_round.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("content", Words, nullable=False),  # sealed and padded
    sqlite_with_rowid=False,
)

survey_answer = Table(
    "survey_answer",
    metadata,
    Column("key", Key, primary_key=True),  # random
    Column("round", ForeignKey("survey_round.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("unit", Words, nullable=False),  # rolled up to a group that is large enough; '' for everybody
    Column("role", Words, nullable=False),
    Column("answers", AsJson, nullable=False),  # by question: option numbers and scale values, never a text
    sqlite_with_rowid=False,
)

survey_comment = Table(
    "survey_comment",
    metadata,
    Column("key", Key, primary_key=True),  # random
    Column("round", ForeignKey("survey_round.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("question", Words, nullable=False),
    Column("unit", Words, nullable=False),
    Column("text", Words, nullable=False),  # sealed
    sqlite_with_rowid=False,
)

survey_named = Table(
    "survey_named",
    metadata,
    Column("round", ForeignKey("survey_round.id", ondelete="CASCADE"), nullable=False),
    Column("person", ForeignKey("person.key", ondelete="CASCADE"), nullable=False, index=True),
    Column("answers", Words, nullable=False),  # sealed
    PrimaryKeyConstraint("round", "person", name="pk_survey_named"),
    sqlite_with_rowid=False,
)
