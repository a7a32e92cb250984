"""Audiences on their way, how far the clock has come, and what waits for its right moment."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

UNDER_WAY = sa.text("state IN ('waiting', 'expanding')")
UNTIMED = sa.text("NOT timed AND state = 'queued'")
OF_A_KIND = sa.text("kind <> ''")


def upgrade() -> None:
    """Makes the tables, and the indexes that find what waits and what somebody was told."""
    op.create_table(
        "announcement",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("initiative", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("wordings", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("own_time", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reached", sa.String(length=32), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("channels", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_announcement"),
    )
    op.create_index(
        "ix_announcement_due", "announcement", ["due_at"], postgresql_where=UNDER_WAY, sqlite_where=UNDER_WAY
    )
    op.create_table(
        "tick_mark",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_tick_mark"),
    )
    op.create_index(
        "ix_delivery_untimed", "delivery", ["not_before", "seq"], postgresql_where=UNTIMED, sqlite_where=UNTIMED
    )
    op.create_index("ix_delivery_person", "delivery", ["person"], postgresql_where=OF_A_KIND, sqlite_where=OF_A_KIND)
