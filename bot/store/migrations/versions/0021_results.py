"""Surveys: what is shown, by group, and what is done about it."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Results, how often each answer was given in each group, and actions."""
    op.create_table(
        "survey_result",
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=True),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("round", name="pk_survey_result"),
        _belongs("survey_result"),
    )
    op.create_table(
        "survey_tally",
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("atom", sa.Text(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("round", "question", "atom", name="pk_survey_tally"),
        _belongs("survey_tally"),
    )
    op.create_table(
        "survey_action",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("named_by", sa.String(length=32), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_survey_action"),
        _belongs("survey_action"),
        sa.ForeignKeyConstraint(["named_by"], ["person.key"], name="fk_survey_action_named_by", ondelete="SET NULL"),
    )
    op.create_index("ix_survey_action_round", "survey_action", ["round"])
    op.create_index("ix_survey_action_named_by", "survey_action", ["named_by"])


def _belongs(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["round"], ["survey_round.id"], name=f"fk_{table}_round", ondelete="CASCADE")
