"""What is learned from use."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Answers that were added in chat, who was given which version of what, and which changes may be told."""
    op.create_table(
        "learned",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("initiative", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=32), nullable=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("gap", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_learned"),
        sa.ForeignKeyConstraint(["author"], ["person.key"], name="fk_learned_author", ondelete="SET NULL"),
    )
    op.create_index("ix_learned_initiative", "learned", ["initiative"])
    op.create_index("ix_learned_author", "learned", ["author"])
    op.create_table(
        "told",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("initiative", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_told"),
    )
    op.create_index("ix_told_week", "told", ["week"])
    op.create_index("ix_told_subject_version", "told", ["subject", "version"])
    op.create_table(
        "release",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("initiative", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_release"),
        sa.UniqueConstraint("mark", name="uq_release_mark"),
    )
    op.create_index("ix_release_initiative", "release", ["initiative"])
