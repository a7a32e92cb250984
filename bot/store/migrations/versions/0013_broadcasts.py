"""Broadcasts."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

UNDER_WAY = sa.text("state = 'planned' OR (state = 'out' AND NOT finished)")


def upgrade() -> None:
    """What was composed for an audience, where it stands, and that somebody pressed something on it."""
    op.create_table(
        "broadcast",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("initiative", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shown", sa.String(length=32), nullable=False),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_broadcast"),
        sa.ForeignKeyConstraint(["author"], ["person.key"], name="fk_broadcast_author", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["decided_by"], ["person.key"], name="fk_broadcast_decided_by", ondelete="SET NULL"),
    )
    op.create_index("ix_broadcast_initiative", "broadcast", ["initiative"])
    op.create_index("ix_broadcast_author", "broadcast", ["author"])
    op.create_index("ix_broadcast_decided_by", "broadcast", ["decided_by"])
    op.create_index(
        "ix_broadcast_under_way", "broadcast", ["number"], postgresql_where=UNDER_WAY, sqlite_where=UNDER_WAY
    )
    op.create_table(
        "broadcast_mark",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("broadcast", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_broadcast_mark"),
        sa.ForeignKeyConstraint(
            ["broadcast"], ["broadcast.number"], name="fk_broadcast_mark_broadcast", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_broadcast_mark_broadcast", "broadcast_mark", ["broadcast"])
