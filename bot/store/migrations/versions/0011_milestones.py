"""Milestones on schedule."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """What was said of milestones in chat, new dates that wait for a word, and which posts were shown."""
    op.create_table(
        "milestone",
        sa.Column("initiative", sa.Text(), nullable=False),
        sa.Column("milestone", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("said_by", sa.String(length=32), nullable=True),
        sa.Column("said_on", sa.Date(), nullable=True),
        sa.Column("moved_to", sa.Date(), nullable=True),
        sa.Column("written", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("initiative", "milestone", name="pk_milestone"),
        sa.ForeignKeyConstraint(["said_by"], ["person.key"], name="fk_milestone_said_by", ondelete="SET NULL"),
    )
    op.create_index("ix_milestone_said_by", "milestone", ["said_by"])
    op.create_table(
        "milestone_slip",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("initiative", sa.Text(), nullable=False),
        sa.Column("milestone", sa.Text(), nullable=False),
        sa.Column("before", sa.Date(), nullable=False),
        sa.Column("moved_to", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("said_by", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_milestone_slip"),
        sa.ForeignKeyConstraint(["said_by"], ["person.key"], name="fk_milestone_slip_said_by", ondelete="SET NULL"),
    )
    op.create_index("ix_milestone_slip_said_by", "milestone_slip", ["said_by"])
    op.create_index("ix_milestone_slip_initiative_milestone", "milestone_slip", ["initiative", "milestone"])
    op.create_table(
        "milestone_post",
        sa.Column("initiative", sa.Text(), nullable=False),
        sa.Column("milestone", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("initiative", "milestone", "date", "stage", name="pk_milestone_post"),
    )
