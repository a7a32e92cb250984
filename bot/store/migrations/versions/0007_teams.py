"""Where Teams can be written to."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Makes the tables of conversations and accounts with their addresses."""
    op.create_table(
        "conversation_reference",
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("outsiders", sa.Boolean(), nullable=True),
        sa.Column("looked_on", sa.Date(), nullable=True),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("conversation", name="pk_conversation_reference"),
    )
    op.create_index("ix_conversation_reference_workspace", "conversation_reference", ["workspace"], unique=False)
    op.create_table(
        "account_reference",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("account", name="pk_account_reference"),
    )
