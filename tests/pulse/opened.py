"""A round of a survey that is open, in the database and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.store import Store, surveys
from bot.store.surveys import New, Round, Snapshot

NOW = datetime(2027, 3, 15, 9, 30, tzinfo=UTC)
CLOSES = NOW + timedelta(days=7)


def open_round(
    store: Store, asks: Snapshot, asked: Sequence[tuple[str, str]], named: bool = False, minimum: int = 5
) -> Round:
    """A round for these people (key, unit)."""
    new = New(
        initiative="phones",
        template=asks.template.id,
        hash="h",
        snapshot=asks,
        occurrence=f"test:{asks.template.id}:{len(asked)}:{named}:{minimum}",
        audience="all-affected",
        share=1.0,
        cycle=1,
        minimum=minimum,
        named=named,
        zone="UTC",
        opened_at=NOW,
        closes_at=CLOSES,
    )
    with store.begin() as tx:
        round = surveys.open_round(tx, new, asked)
    assert round is not None
    return round
