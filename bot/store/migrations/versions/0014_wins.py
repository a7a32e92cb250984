"""Wins: what has become better."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """What has become better, as people said it."""
    op.create_table(
        "win",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("initiative", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("driver", sa.String(length=32), nullable=False),
        sa.Column("author", sa.String(length=32), nullable=True),
        sa.Column("suggested_by", sa.String(length=32), nullable=True),
        sa.Column("thanked", sa.String(length=32), nullable=True),
        sa.Column("thanks", sa.String(length=16), nullable=False),
        sa.Column("waits_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quoted_in", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_win"),
        sa.ForeignKeyConstraint(["author"], ["person.key"], name="fk_win_author", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["suggested_by"], ["person.key"], name="fk_win_suggested_by", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["thanked"], ["person.key"], name="fk_win_thanked", ondelete="SET NULL"),
    )
    op.create_index("ix_win_author", "win", ["author"])
    op.create_index("ix_win_suggested_by", "win", ["suggested_by"])
    op.create_index("ix_win_thanked", "win", ["thanked"])
    op.create_index("ix_win_initiative_state", "win", ["initiative", "state"])
