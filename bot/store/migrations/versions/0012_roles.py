"""Roles that were offered and accepted in chat."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

WAITS = sa.text("state = 'waiting'")


def upgrade() -> None:
    """What was accepted in chat and holds over the playbooks, and what is offered to whom."""
    op.create_table(
        "amendment",
        sa.Column("initiative", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("slot", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("written", sa.String(length=64), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("initiative", "role", "subject", "slot", name="pk_amendment"),
        sa.ForeignKeyConstraint(["person"], ["person.key"], name="fk_amendment_person", ondelete="CASCADE"),
    )
    op.create_index("ix_amendment_person", "amendment", ["person"])
    op.create_table(
        "offer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("initiative", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("holder", sa.String(length=32), nullable=True),
        sa.Column("offered_by", sa.String(length=32), nullable=True),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_offer"),
        sa.ForeignKeyConstraint(["holder"], ["person.key"], name="fk_offer_holder", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["offered_by"], ["person.key"], name="fk_offer_offered_by", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["person"], ["person.key"], name="fk_offer_person", ondelete="CASCADE"),
    )
    for column in ("holder", "offered_by", "person"):
        op.create_index(f"ix_offer_{column}", "offer", [column])
    op.create_index(
        "ix_offer_waiting",
        "offer",
        ["initiative", "role", "subject", "person"],
        unique=True,
        postgresql_where=WAITS,
        sqlite_where=WAITS,
    )
