"""The messages of the local page."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Makes their table."""
    op.create_table(
        "web_message",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("thread", NUMBER, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_web_message"),
        sa.UniqueConstraint("key", name="uq_web_message_key"),
    )
    op.create_index("ix_web_message_place", "web_message", ["place", "thread", "number"], unique=False)
    op.create_index("ix_web_message_thread", "web_message", ["thread"], unique=False)
