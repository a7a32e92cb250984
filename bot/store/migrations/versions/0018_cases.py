"""The life of a case: what is at stake, its clocks, its decision, who joined it."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

_WORDS = ("at_stake", "would_work", "affects", "cause", "handler")
_MOMENTS = ("respond_until", "paused_since")
_DAYS = ("decided_on", "promised_for")
_FLAGS = ("confidential", "avoid_owner")
_COUNTS = ("escalated", "reopened")


def upgrade() -> None:
    """Columns of the case, and the table of those who joined it under their name."""
    for name in _WORDS:
        op.add_column("case", sa.Column(name, sa.Text(), nullable=True))
    for name in _MOMENTS:
        op.add_column("case", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    for name in _DAYS:
        op.add_column("case", sa.Column(name, sa.Date(), nullable=True))
    for name in _FLAGS:
        op.add_column("case", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    for name in _COUNTS:
        op.add_column("case", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("case", sa.Column("locale", sa.String(length=16), nullable=False, server_default="en"))
    op.add_column("case", sa.Column("decision", sa.String(length=16), nullable=True))
    op.add_column("case", sa.Column("decided_by", sa.String(length=32), nullable=True))
    op.add_column("case", sa.Column("merged_into", sa.String(length=32), nullable=True))
    op.create_index("ix_case_merged_into", "case", ["merged_into"])
    op.create_table(
        "case_supporter",
        sa.Column("case", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("came_with", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name="fk_case_supporter_case", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person"], ["person.key"], name="fk_case_supporter_person", ondelete="CASCADE"),
        sa.UniqueConstraint("case", "person", name="uq_case_supporter_case"),
    )
    op.create_index("ix_case_supporter_person", "case_supporter", ["person"])
    op.create_table(
        "case_workshop",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("case", sa.String(length=32), nullable=False),
        sa.Column("begins", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("cancelled", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_case_workshop"),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name="fk_case_workshop_case", ondelete="CASCADE"),
    )
    op.create_index("ix_case_workshop_case", "case_workshop", ["case"])
    op.create_table(
        "case_news",
        sa.Column("case", sa.String(length=32), nullable=False),
        sa.Column("initiative", sa.Text(), nullable=False),
        sa.Column("units", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("drafted_by", sa.String(length=32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("case", name="pk_case_news"),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name="fk_case_news_case", ondelete="CASCADE"),
    )
