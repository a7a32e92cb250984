"""How many worries were settled by what is written: a number, and nothing of whose they were."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, UniqueConstraint

from bot.store.columns import Words
from bot.store.tables.kinds import metadata

eased = Table(
    "eased",
    metadata,
    Column("initiative", Words, nullable=False),
    Column("driver", String(32), nullable=False),
    Column("count", Integer, nullable=False),
    UniqueConstraint("initiative", "driver", name="uq_eased_initiative"),
)
