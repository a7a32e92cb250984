"""The pages behind a personal link, and what is raised for a colleague."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Links and sessions by fingerprint; a case says whether it was raised for a colleague without an account."""
    op.create_table(
        "board_link",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_board_link"),
        sa.ForeignKeyConstraint(["person"], ["person.key"], name="fk_board_link_person", ondelete="CASCADE"),
    )
    op.create_index("ix_board_link_person", "board_link", ["person"])
    op.create_table(
        "board_session",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("roles", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_board_session"),
        sa.ForeignKeyConstraint(["person"], ["person.key"], name="fk_board_session_person", ondelete="CASCADE"),
    )
    op.create_index("ix_board_session_person", "board_session", ["person"])
    op.add_column("case", sa.Column("for_colleague", sa.Boolean(), nullable=False, server_default=sa.false()))
