"""The adversary against confidence, on as many worlds as it takes to see a small advantage."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial

import pytest

from bot.library import Snapshot
from tests.confidence.adversary import BY_DATABASE
from tests.confidence.conftest import Databases, database, databases, snapshot
from tests.confidence.matching import played
from tests.confidence.sabotage import SABOTAGES, Sabotage
from tests.confidence.scoring import Result
from tests.confidence.study import attacked, found_out, outside
from tests.confidence.worlds import a_day

__all__ = ["database", "databases", "snapshot"]

pytestmark = pytest.mark.soak

WORLDS = int(os.environ.get("CONFIDENCE_WORLDS", "1000"))
ROUNDS = int(os.environ.get("CONFIDENCE_ROUNDS", "300"))
SEED = 20261122
FEW = 30
# Of the hundreds of strategies against ballots many lie outside of a 99 % interval by chance.
SURE_OF_BALLOTS = 0.999

Attack = Callable[[int], dict[str, Result]]


def printed(attack: Attack, what: str, capsys: pytest.CaptureFixture[str]) -> Attack:
    """The same, with its figures printed."""

    def attack_and_print(seed: int) -> dict[str, Result]:
        found = attack(seed)
        with capsys.disabled():
            print("".join(f"\n{what}, seed {seed}, {name}: {one}" for name, one in found.items()), end="")  # noqa: T201 - the figures are what this run is for
        return found

    return attack_and_print


def test_no_strategy_leaves_the_interval_of_chance(
    database: str, databases: Databases, snapshot: Snapshot, capsys: pytest.CaptureFixture[str]
) -> None:
    """The area under the curve lies within the 99 % interval around one half: at once, or in as many new worlds."""
    attack = partial(attacked, databases, snapshot, BY_DATABASE[database], a_day, WORLDS)

    assert found_out(printed(attack, f"{database} {WORLDS} worlds", capsys), SEED, 0.99) == {}


def test_no_strategy_tells_whose_an_answer_is(
    database: str, databases: Databases, snapshot: Snapshot, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before, at and after the closing of a survey, of answers and of comments."""
    attack = partial(played, databases, snapshot, ROUNDS)

    assert found_out(printed(attack, f"{database} {ROUNDS} rounds", capsys), SEED, SURE_OF_BALLOTS) == {}


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda one: one.name)
def test_without_a_protection_authors_are_found(
    sabotage: Sabotage,
    database: str,
    databases: Databases,
    snapshot: Snapshot,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With any one protection switched off, the strategy against it finds authors."""
    if database not in sabotage.seen_in:
        pytest.skip("what this would leave cannot be seen in this kind of database")
    strategies = {name: BY_DATABASE[database][name] for name in sabotage.seen_in[database]}
    sabotage.done(monkeypatch)

    attack = partial(attacked, databases, snapshot, strategies, partial(a_day, evening=sabotage.evening), FEW)
    results = printed(attack, f"{database} without {sabotage.name}, {FEW} worlds", capsys)(SEED)

    assert set(strategies) <= set(outside(results, 0.99))
