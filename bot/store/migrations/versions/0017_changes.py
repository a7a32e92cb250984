"""Changes of what was decided; the words a project manager gave a post, and since when it stands as it does."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """What holds as far as people know, each change of it, and two columns for the posts of milestones."""
    op.create_table(
        "stated",
        sa.Column("initiative", sa.Text(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("initiative", "fact", name="pk_stated"),
    )
    op.create_table(
        "change",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("initiative", sa.Text(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("wide", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_change"),
    )
    op.create_index("ix_change_initiative", "change", ["initiative"])
    op.add_column("milestone_post", sa.Column("edited", sa.Text(), nullable=True))
    op.add_column("milestone_post", sa.Column("decided_on", sa.Date(), nullable=True))
