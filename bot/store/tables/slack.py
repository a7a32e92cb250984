"""Where an app that is installed workspace by workspace was installed, and installations that were begun."""

from __future__ import annotations

from sqlalchemy import Column, Table

from bot.store.columns import Instant, Words
from bot.store.tables.kinds import Mark, metadata

install = Table(
    "install",
    metadata,
    Column("workspace", Words, primary_key=True),
    Column("content", Words, nullable=False),  # sealed: the token, and whose it is
    Column("renewing_until", Instant),  # a process is just exchanging the token for a new one
)

install_begun = Table(
    "install_begun",
    metadata,
    Column("mark", Mark, primary_key=True),
    Column("open_until", Instant, nullable=False),
)
