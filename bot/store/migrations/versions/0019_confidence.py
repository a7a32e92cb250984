"""What is said in confidence: the mailbox."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Who is behind a case, what waits for its slot, and the mailboxes that are closed."""
    op.create_table(
        "mailbox",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("case", sa.String(length=32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_mailbox"),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name="fk_mailbox_case", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_mailbox_case", "mailbox", ["case"])
    op.create_table(
        "mailbox_waiting",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sending_since", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_mailbox_waiting"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_mailbox_waiting_due_at", "mailbox_waiting", ["due_at"])
    op.create_table(
        "mailbox_closed",
        sa.Column("case", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("case", name="pk_mailbox_closed"),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name="fk_mailbox_closed_case", ondelete="CASCADE"),
    )
