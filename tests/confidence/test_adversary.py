"""Nobody finds out from copies of the database who raised something in confidence; and whoever could, would be seen to.

A few worlds show that nothing gives an author away plainly; small advantages are looked for by `make soak`.
"""

from __future__ import annotations

from functools import partial

import pytest

from bot.library import Snapshot
from tests.confidence.adversary import BY_DATABASE
from tests.confidence.conftest import Databases
from tests.confidence.sabotage import SABOTAGES, Sabotage
from tests.confidence.study import attacked, found_out, outside
from tests.confidence.worlds import a_day

# So many worlds that a strategy which is nearly always right leaves the interval: see the sabotages.
WORLDS, FEW = 6, 5
SURE = 0.999


def test_no_strategy_does_better_than_chance(database: str, databases: Databases, snapshot: Snapshot) -> None:
    """Transactions, row numbers, times, lengths, counts, missing rows, bytes of the file and the log: none helps."""
    strategies = BY_DATABASE[database]

    assert found_out(partial(attacked, databases, snapshot, strategies, a_day, WORLDS), seed=1, confidence=SURE) == {}


@pytest.mark.parametrize(
    ("database", "sabotage"),
    [(kind, one) for one in SABOTAGES for kind in one.quick],
    ids=lambda one: one if isinstance(one, str) else one.name,
)
def test_without_a_protection_authors_are_found(
    database: str, sabotage: Sabotage, databases: Databases, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one protection switched off, the strategy against it finds authors in as few worlds."""
    strategies = {name: BY_DATABASE[database][name] for name in sabotage.seen_in[database]}
    sabotage.done(monkeypatch)

    results = attacked(databases, snapshot, strategies, partial(a_day, evening=sabotage.evening), FEW, seed=1)

    assert set(outside(results, 0.99)) == set(strategies), results
