"""Calendar addresses, when somebody wrote here last, and pictures in cards."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Addresses under which somebody's dates can be read, the dates read there, and the days of the last visits."""
    op.create_table(
        "calendar",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_calendar"),
        sa.UniqueConstraint("person", name="uq_calendar_person"),
        sa.ForeignKeyConstraint(["person"], ["person.key"], name="fk_calendar_person", ondelete="CASCADE"),
    )
    op.create_table(
        "calendar_date",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token", "uid", name="pk_calendar_date"),
        sa.ForeignKeyConstraint(["token"], ["calendar.token"], name="fk_calendar_date_token", ondelete="CASCADE"),
    )
    op.create_table(
        "visit",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("latest", sa.Date(), nullable=False),
        sa.Column("away_from", sa.Date(), nullable=True),
        sa.Column("back_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("person", name="pk_visit"),
        sa.ForeignKeyConstraint(["person"], ["person.key"], name="fk_visit_person", ondelete="CASCADE"),
    )
    op.create_table(
        "picture",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_picture"),
    )
