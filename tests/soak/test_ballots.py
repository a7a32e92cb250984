"""Killed between ballot, participation and closing, and started again: nobody votes twice, and no vote is lost."""

from __future__ import annotations

import random
import signal
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.playbook.shared_files import PulseTemplate
from bot.store import Store, accounts, participation, surveys
from bot.store import tables as t
from bot.store.participation import ANSWERED
from bot.store.surveys import CLOSED, New, Round, Snapshot
from tests.soak.test_kill import victim
from tests.soak.voters import CLOSES, START, VOTERS, voter

PROGRAM = Path(__file__).parent / "voters.py"
SEED = 20270322
SHORTEST_LIFE, LONGEST_LIFE = 0.05, 0.6  # seconds; starting takes about 0.15, answering 0.02, closing 0.03
SURVEYS_PER_LIFE = 5
TEMPLATE = PulseTemplate.model_validate(
    {
        "id": "plain",
        "name": "How is it?",
        "questions": [
            {"id": "fine", "text": "I am fine.", "type": "scale", "min": 1, "max": 5},
            {"id": "mark", "text": "What else?", "type": "text", "optional": True},
        ],
    }
)


def open_rounds(store: Store, count: int) -> list[Round]:
    """So many rounds, in each of which everybody is asked."""
    opened = []
    with store.begin() as tx:
        asked = [(accounts.identify(tx, voter(n), START).key, "") for n in range(VOTERS)]
        for number in range(count):
            new = New(
                initiative="phones",
                template="plain",
                hash="h",
                snapshot=Snapshot(TEMPLATE),
                occurrence=f"kill:{number}",
                audience="all-affected",
                share=1.0,
                cycle=1,
                minimum=5,
                named=False,
                zone="UTC",
                opened_at=START,
                closes_at=CLOSES,
            )
            round = surveys.open_round(tx, new, asked)
            assert round is not None
            opened.append(round)
    return opened


def nothing_is_half_written(store: Store) -> None:
    """As many ballots as people who answered, until the box is opened; then as many answers, and a burnt box."""
    with store.read() as tx:
        counted = {
            name: Counter(
                {row.round: row.n for row in tx.execute(select(c.round, func.count().label("n")).group_by(c.round))}
            )
            for name, c in {"box": t.survey_ballot.c, "kept": t.survey_answer.c, "said": t.survey_comment.c}.items()
        }
        for round in surveys.rounds(tx):
            answered = sum(one.state == ANSWERED for one in participation.asked(tx, round.id))
            here = {name: counts[round.id] for name, counts in counted.items()}
            over = round.state == CLOSED
            kept = answered if over else 0
            assert (here["kept"], here["said"]) == (kept, kept)
            assert here["box"] in ({0, answered} if over else {answered})


def everybody_counts_once(store: Store, folder: Path, rounds: list[Round]) -> None:
    for round in rounds:
        told = Counter(tuple(line.split()) for line in (folder / f"told-{round.id}").read_text().splitlines())
        assert all(count == 1 for (_, word), count in told.items() if word == "Received,")
        assert {number for number, _ in told} == {str(n) for n in range(VOTERS)}
        mine = select(t.survey_comment.c.text).where(t.survey_comment.c.round == round.id)
        with store.read() as tx:
            after = surveys.round(tx, round.id)
            said = Counter(store.seal.open(sealed) for sealed in tx.scalars(mine))
            kept = select(t.survey_answer.c.answers).where(t.survey_answer.c.round == round.id)
            points = Counter(row["fine"] for row in tx.scalars(kept))
        assert after is not None
        assert after.state == CLOSED
        assert said == Counter(f"marked {n}" for n in range(VOTERS))
        assert points == Counter(n % 5 + 1 for n in range(VOTERS))


def kill_and_restart(store: Store, url: str, folder: Path, lives: int) -> None:
    chance = random.Random(SEED)
    print(f"seed {SEED}")  # noqa: T201 - for running the same kills again
    rounds = open_rounds(store, lives * SURVEYS_PER_LIFE)
    killed = 0
    with victim(url, folder, PROGRAM) as process:
        for _ in range(lives):
            killed += process.live_for(chance.uniform(SHORTEST_LIFE, LONGEST_LIFE)) == signal.SIGKILL
            nothing_is_half_written(store)
        assert process.live_to_the_end() == 0
    nothing_is_half_written(store)
    everybody_counts_once(store, folder, rounds)
    assert killed > lives / 2, "most lives ended by themselves: nothing was tested"


def test_ten_kills_lose_no_vote_and_count_none_twice(store: Store, database_url: str, tmp_path: Path) -> None:
    kill_and_restart(store, database_url, tmp_path, lives=10)


@pytest.mark.soak
def test_two_hundred_kills_lose_no_vote_and_count_none_twice(store: Store, database_url: str, tmp_path: Path) -> None:
    kill_and_restart(store, database_url, tmp_path, lives=200)
