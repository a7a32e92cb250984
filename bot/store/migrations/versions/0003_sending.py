"""Lanes, content that many messages share, what can be changed after it was sent, and the order of what is heard."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

QUEUED = sa.text("state = 'queued'")
SENDING = sa.text("state = 'sending'")


def upgrade() -> None:
    """Makes the tables and indexes, and gives deliveries, events and accounts their new columns."""
    _tables()
    for column in (
        sa.Column("content", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False, server_default=""),
        sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("timed", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("batch", sa.Text(), nullable=False, server_default=""),
        sa.Column("action", sa.String(length=8), nullable=False, server_default="post"),
        sa.Column("target", sa.String(length=32), nullable=True),
        sa.Column("rank", sa.SmallInteger(), nullable=False, server_default=sa.text("1")),
        sa.Column("unsure_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False, server_default=sa.false()),
    ):
        op.add_column("delivery", column)
    op.execute(sa.text("UPDATE delivery SET rank = 0 WHERE reply"))
    op.execute(
        sa.text(
            "INSERT INTO lane (platform, workspace)"
            " SELECT DISTINCT platform, workspace FROM delivery WHERE state IN ('queued', 'sending')"
        )
    )
    _indexes()
    op.add_column("heard", sa.Column("picked_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("identity", sa.Column("refused", sa.Text(), nullable=False, server_default=""))
    op.add_column("identity", sa.Column("refused_on", sa.Date(), nullable=True))


def _tables() -> None:
    op.create_table(
        "content",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_content"),
    )
    op.create_table(
        "lane",
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("holder", sa.String(length=32), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("platform", "workspace", name="pk_lane"),
    )
    op.create_table(
        "worker",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("alive_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_worker"),
    )


def _indexes() -> None:
    for name in ("ix_delivery_queued", "ix_delivery_sending", "ix_delivery_conversation"):
        op.drop_index(name, "delivery")
    for name, where, columns in (
        ("ix_delivery_queued", QUEUED, ["platform", "workspace", "timed", "rank", "not_before", "seq"]),
        ("ix_delivery_waiting", QUEUED, ["conversation", "seq"]),
        ("ix_delivery_under_way", SENDING, ["conversation"]),
        ("ix_delivery_sending", SENDING, ["platform", "workspace", "sending_since"]),
        ("ix_delivery_content", sa.text("content IS NOT NULL"), ["content"]),
        ("ix_delivery_batch", sa.text("batch <> ''"), ["batch", "seq"]),
        ("ix_delivery_target", sa.text("target IS NOT NULL"), ["target"]),
    ):
        op.create_index(name, "delivery", columns, postgresql_where=where, sqlite_where=where)
