"""What a request is weighed by, and what is offered instead of it."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """One row for each case that is a request."""
    op.create_table(
        "request",
        sa.Column("case", sa.String(length=32), nullable=False),
        sa.Column("value", sa.String(length=16), nullable=False),
        sa.Column("effort", sa.String(length=16), nullable=False),
        sa.Column("fit", sa.String(length=64), nullable=False),
        sa.Column("offered", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name="fk_request_case", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case", name="pk_request"),
    )
