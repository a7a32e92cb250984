"""Results of surveys: how often each answer was given in each group that may be shown, and what is done about it.

Of answers nothing else is ever read for anybody: whatever is shown is added up from these rows.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, PrimaryKeyConstraint, String, Table

from bot.store.columns import AsJson, Words
from bot.store.tables.kinds import Key, metadata

survey_result = Table(
    "survey_result",
    metadata,
    Column("round", ForeignKey("survey_round.id", ondelete="CASCADE"), primary_key=True),
    Column("closed_on", Date, nullable=False),
    Column("before", Integer),  # the round it is compared with
    Column("asked", AsJson, nullable=False),  # how many were asked, by unit
    Column("told", Boolean, nullable=False),  # whether those asked were told what is done about it
)

survey_tally = Table(
    "survey_tally",
    metadata,
    Column("round", ForeignKey("survey_round.id", ondelete="CASCADE"), nullable=False),
    Column("question", Words, nullable=False),  # '' for all who answered anything
    Column("atom", Words, nullable=False),  # the smallest group of which anything is shown: its units
    Column("answers", Integer, nullable=False),
    Column("counts", AsJson, nullable=False),  # by scale value or option number
    PrimaryKeyConstraint("round", "question", "atom", name="pk_survey_tally"),
)

survey_action = Table(
    "survey_action",
    metadata,
    Column("id", Key, primary_key=True),
    Column("round", ForeignKey("survey_round.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("question", Words, nullable=False),  # '' for the survey as a whole
    Column("scope", Words, nullable=False),
    Column("proposal", Words, nullable=False),  # of the playbook's rule, '' for none
    Column("state", String(16), nullable=False),  # open, named, done, nothing
    Column("said", Words, nullable=False),  # sealed: what will be done, or why nothing is
    Column("until", Date),
    Column("named_by", ForeignKey("person.key", ondelete="SET NULL"), index=True),
    Column("asked_on", Date),  # when somebody was last asked how it stands
)
