"""Themes of what is raised: what cases mean, the themes they make, and which were told of."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """The themes, the sealed vectors of cases, and the themes that were told of as growing."""
    op.create_table(
        "theme",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("initiative", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_theme"),
    )
    op.create_index("ix_theme_initiative", "theme", ["initiative"])
    op.create_table(
        "case_meaning",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case", sa.String(length=32), nullable=False),
        sa.Column("maker", sa.String(length=64), nullable=False),
        sa.Column("vector", sa.Text(), nullable=False),
        sa.Column("theme", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_case_meaning"),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name="fk_case_meaning_case", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["theme"], ["theme.id"], name="fk_case_meaning_theme", ondelete="SET NULL"),
        sa.UniqueConstraint("case", "maker", name="uq_case_meaning_case"),
    )
    op.create_index("ix_case_meaning_theme", "case_meaning", ["theme"])
    counted = ["initiative", "state", "kind", "merged_into", "created_at", "unit", "id", "asker", "driver", "number"]
    op.create_index("ix_case_standing", "case", counted)
    op.create_table(
        "theme_told",
        sa.Column("theme", sa.String(length=32), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["theme"], ["theme.id"], name="fk_theme_told_theme", ondelete="CASCADE"),
        sa.UniqueConstraint("theme", "unit", name="uq_theme_told_theme"),
    )
