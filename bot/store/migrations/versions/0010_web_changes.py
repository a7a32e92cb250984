"""What changed on the local page, so that open windows can be told."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Counts changes on as messages are counted; what is there has changed last when it was posted."""
    op.add_column("web_message", sa.Column("changed", NUMBER, server_default="0", nullable=False))
    op.add_column("web_message", sa.Column("removed", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE web_message SET changed = number")
    op.create_index("ix_web_message_changed", "web_message", ["place", "changed"], unique=False)
