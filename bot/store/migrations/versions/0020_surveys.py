"""Surveys: rounds, participation and ballots; obligations that are met."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

DRAWN, PLANNED = sa.text("state = 'drawn'"), sa.text("ask_at IS NOT NULL")
UNDER_WAY = sa.text("state IN ('open', 'closing')")


def upgrade() -> None:
    """Rounds and who was asked; sealed ballots, answers and comments under random keys; named answers; obligations."""
    op.create_table(
        "survey_round",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("initiative", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("occurrence", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("started_by", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_survey_round"),
        sa.UniqueConstraint("occurrence", name="uq_survey_round_occurrence"),
        sa.ForeignKeyConstraint(["started_by"], ["person.key"], name="fk_survey_round_started_by", ondelete="SET NULL"),
    )
    op.create_index("ix_survey_round_initiative", "survey_round", ["initiative"])
    op.create_index("ix_survey_round_started_by", "survey_round", ["started_by"])
    op.create_index(
        "ix_survey_round_under_way", "survey_round", ["id"], postgresql_where=UNDER_WAY, sqlite_where=UNDER_WAY
    )
    op.create_table(
        "survey_asked",
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.Column("ask_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("round", "person", name="pk_survey_asked"),
        *_belongs("survey_asked"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_asked_person", "survey_asked", ["person"])
    op.create_index(
        "ix_survey_asked_drawn", "survey_asked", ["round", "person"], postgresql_where=DRAWN, sqlite_where=DRAWN
    )
    op.create_index("ix_survey_asked_due", "survey_asked", ["ask_at"], postgresql_where=PLANNED, sqlite_where=PLANNED)
    _in_a_round("survey_ballot", sa.Column("content", sa.Text(), nullable=False))
    _in_a_round(
        "survey_answer",
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
    )
    _in_a_round(
        "survey_comment",
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
    )
    op.create_table(
        "survey_named",
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("round", "person", name="pk_survey_named"),
        *_belongs("survey_named"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_named_person", "survey_named", ["person"])
    op.create_table(
        "obligation",
        sa.Column("initiative", sa.Text(), nullable=False),
        sa.Column("obligation", sa.Text(), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("said_by", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("initiative", "obligation", name="pk_obligation"),
        sa.ForeignKeyConstraint(["said_by"], ["person.key"], name="fk_obligation_said_by", ondelete="SET NULL"),
    )
    op.create_index("ix_obligation_said_by", "obligation", ["said_by"])
    # Free texts are searched for names of people, in the transaction that counts the answer.
    op.create_index("ix_person_name", "person", ["name"])


def _belongs(table: str) -> tuple[sa.ForeignKeyConstraint, ...]:
    return (
        sa.ForeignKeyConstraint(["round"], ["survey_round.id"], name=f"fk_{table}_round", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person"], ["person.key"], name=f"fk_{table}_person", ondelete="CASCADE"),
    )


def _in_a_round(table: str, *columns: sa.Column[str]) -> None:
    op.create_table(
        table,
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("key", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["round"], ["survey_round.id"], name=f"fk_{table}_round", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_index(f"ix_{table}_round", table, ["round"])
