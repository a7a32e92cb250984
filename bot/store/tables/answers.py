"""What finding answers remembers: the vectors of texts that stand in playbooks."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, Table

from bot.store.columns import Words
from bot.store.tables.kinds import Key, metadata

passage_vector = Table(
    "passage_vector",
    metadata,
    Column("encoder", Words, primary_key=True),
    Column("text", Key, primary_key=True),  # a fingerprint of the text
    Column("vector", LargeBinary, nullable=False),
)
