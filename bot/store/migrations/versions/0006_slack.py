"""Installations of the Slack app."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Makes the tables of what is installed and of what was begun."""
    op.create_table(
        "install",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("renewing_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace", name="pk_install"),
    )
    op.create_table(
        "install_begun",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_install_begun"),
    )
