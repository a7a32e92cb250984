"""Nobody finds out from copies of the database, before, at and after closing, what somebody answered in a survey."""

from __future__ import annotations

from functools import partial
from random import Random

import pytest

from bot.library import Snapshot
from bot.pulse import closing
from bot.store import Seal
from tests.confidence.conftest import Databases
from tests.confidence.matching import ANSWERS, COMMENTS, played
from tests.confidence.polls import a_round
from tests.confidence.study import found_out

ROUNDS, FEW = 3, 2
# There are hundreds of strategies, since everything is held against everything.
SURE = 0.99999


def test_no_strategy_tells_whose_an_answer_or_a_comment_is(databases: Databases, snapshot: Snapshot) -> None:
    assert found_out(partial(played, databases, snapshot, ROUNDS), seed=1, confidence=SURE) == {}


def test_all_ballots_of_a_round_look_the_same_but_for_their_keys(databases: Databases, snapshot: Snapshot) -> None:
    """However much somebody wrote, and whether or not."""
    with databases() as store:
        poll = a_round(store, snapshot, Random(2))

    for copy in (*poll.nights, poll.closing):
        assert len({(row["round"], len(row["content"])) for row in copy.rows["survey_ballot"]}) == 1
    assert poll.after.rows.get("survey_ballot") is None


def test_answers_in_the_order_of_the_box_are_found(
    databases: Databases, database: str, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = iter(range(10**6))
    monkeypatch.setattr(closing, "_key", lambda _: f"{next(keys):032x}")

    found = played(databases, snapshot, FEW, seed=1)

    one = "ballot closing key" if database == "sqlite" else "ballot at night written by"
    assert not found[f"{ANSWERS}: {one}, near after key"].within(SURE)
    assert not found[f"{COMMENTS}: answers key, near after key"].within(SURE)


def test_ballots_that_are_not_padded_are_found(
    databases: Databases, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Seal.seal
    monkeypatch.setattr(Seal, "seal", lambda seal, text, _=(): whole(seal, text))

    found = played(databases, snapshot, FEW, seed=1)

    assert not found[f"{COMMENTS}: ballot at night length, near after length"].within(SURE)
