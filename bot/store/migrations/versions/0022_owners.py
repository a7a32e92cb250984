"""What the owners of affected units said of their role, and of what is decided or planned."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """One row for each question to an owner."""
    op.create_table(
        "owner_word",
        sa.Column("initiative", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("word_until", sa.Date(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=True),
        sa.Column("case", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["owner"], ["person.key"], name="fk_owner_word_owner", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("initiative", "unit", "subject", "on", "owner", name="pk_owner_word"),
    )
    op.create_index("ix_owner_word_owner", "owner_word", ["owner"])
