"""How many worries were settled by what is written."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """A number for each initiative and driver."""
    op.create_table(
        "eased",
        sa.Column("initiative", sa.Text(), nullable=False),
        sa.Column("driver", sa.String(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.UniqueConstraint("initiative", "driver", name="uq_eased_initiative"),
    )
