"""What cases mean, to find alike ones; the themes they make, and which of these were told of as growing."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, String, Table, UniqueConstraint

from bot.store.columns import Words
from bot.store.tables.kinds import Key, metadata

theme = Table(
    "theme",
    metadata,
    Column("id", Key, primary_key=True),
    Column("initiative", Words, nullable=False, index=True),
    Column("words", Words, nullable=False),  # sealed: words of the playbook that people used, by language
)

case_meaning = Table(
    "case_meaning",
    metadata,
    Column("id", Key, primary_key=True),  # random: another one as soon as the case is worded otherwise
    Column("case", ForeignKey("case.id", ondelete="CASCADE"), nullable=False),
    Column("maker", String(64), nullable=False),
    Column("vector", Words, nullable=False),  # sealed: what somebody wrote can be guessed from it
    Column("theme", ForeignKey("theme.id", ondelete="SET NULL")),
    UniqueConstraint("case", "maker", name="uq_case_meaning_case"),
    Index("ix_case_meaning_theme", "theme"),
)

theme_told = Table(
    "theme_told",
    metadata,
    Column("theme", ForeignKey("theme.id", ondelete="CASCADE"), nullable=False),
    Column("unit", Words, nullable=False),  # whose change agents were told; '' for the project manager
    Column("told_on", Date, nullable=False),
    UniqueConstraint("theme", "unit", name="uq_theme_told_theme"),
)
