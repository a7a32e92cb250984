"""Passages as vectors."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """The vectors of what stands in playbooks; they can be made anew at any time."""
    op.create_table(
        "passage_vector",
        sa.Column("encoder", sa.Text(), nullable=False),
        sa.Column("text", sa.String(32), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("encoder", "text", name="pk_passage_vector"),
    )
