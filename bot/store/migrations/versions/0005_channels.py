"""Channels bound to audiences and units."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Makes their table."""
    op.create_table(
        "channel",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("initiative", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("bound_by", sa.String(length=32), nullable=False),
        sa.Column("bound_on", sa.Date(), nullable=False),
        sa.Column("refused", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("mark", "initiative", "audience", name="pk_channel"),
    )
    op.create_index("ix_channel_audience", "channel", ["initiative", "audience"], unique=False)
