"""Lanes, content that many messages share, and what can be changed after it was sent."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Makes the tables, and gives deliveries and accounts their new columns."""
    op.create_table(
        "content",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_content"),
        sa.UniqueConstraint("mark", name="uq_content_mark"),
    )
    op.create_table(
        "lane",
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("holder", sa.String(length=32), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pause_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "workspace", name="pk_lane"),
    )
    for column in (
        sa.Column("content", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False, server_default=""),
        sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("timed", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("batch", sa.Text(), nullable=False, server_default=""),
        sa.Column("action", sa.String(length=8), nullable=False, server_default="post"),
        sa.Column("target", sa.String(length=32), nullable=True),
    ):
        op.add_column("delivery", column)
    op.add_column("identity", sa.Column("refused", sa.Text(), nullable=False, server_default=""))
    op.add_column("identity", sa.Column("refused_on", sa.Date(), nullable=True))
