"""Which channel is for whom."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, String, Table

from bot.store.columns import Words
from bot.store.tables.kinds import Key, Mark, metadata

channel = Table(
    "channel",
    metadata,
    Column("mark", Mark, primary_key=True),  # of the place
    Column("initiative", Words, primary_key=True),  # empty for a unit: it is for all that affects the unit
    Column("audience", Words, primary_key=True),  # the name of an audience, or the id of a unit
    Column("platform", String(32), nullable=False),
    Column("workspace", Words, nullable=False),
    Column("place", Words, nullable=False),  # sealed
    Column("bound_by", Key, nullable=False),
    Column("bound_on", Date, nullable=False),
    Column("refused", Words, nullable=False),  # why the platform does not take posts there any more, or empty
    Index("ix_channel_audience", "initiative", "audience"),
)
