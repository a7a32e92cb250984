"""The clock of the process: the one place that asks what time it is. All else is told."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The moment it is."""
    return datetime.now(UTC)
