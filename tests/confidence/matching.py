"""The adversary over ballots: ways to tell whose an answer or a comment is, from copies of several nights.

Everything that has an order or a length on the side of people is held against everything that has one on the side of
rows. The adversary is told when each of them answered, which ballot was whose (while a survey is open, PostgreSQL's
transactions tell that), and for comments which answers; what these say is sealed, or what is looked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import sqrt
from random import Random

import numpy as np

from bot.library import Snapshot
from tests.confidence.conftest import Databases
from tests.confidence.copying import Copy, Row
from tests.confidence.polls import Poll, a_round
from tests.confidence.scoring import Result

Features = Mapping[str, Sequence[float]]
ANSWERS, COMMENTS = "survey_answer", "survey_comment"
FEWEST = 3


def played(databases: Databases, snapshot: Snapshot, rounds: int, seed: int) -> dict[str, Result]:
    """What each strategy comes to in so many rounds."""

    def poll(number: int) -> Poll:
        with databases() as store:
            return a_round(store, snapshot, Random(seed * 1_000_000 + number))

    return matched(map(poll, range(rounds)))


def matched(polls: Iterable[Poll]) -> dict[str, Result]:
    """How well each strategy tells whose a row is: the chance that the right row scores higher than a wrong one."""
    sums: dict[str, list[float]] = {}
    for poll in polls:
        for name, score in _scored(poll):
            won, variance, pairs = _told(score)
            found = sums.setdefault(name, [0.0, 0.0, 0.0])
            found[:] = [found[0] + won, found[1] + variance, found[2] + pairs]
    return {
        name: Result(won / pairs, sqrt(variance) / pairs, int(pairs)) for name, (won, variance, pairs) in sums.items()
    }


def _scored(poll: Poll) -> Iterator[tuple[str, np.ndarray]]:
    """Every strategy: how much each person (by row) is thought to belong to each answer or comment (by column); the
    right ones are on the diagonal."""
    for table, whose in ((ANSWERS, poll.answers), (COMMENTS, poll.comments)):
        if len(whose) < FEWEST:
            continue
        mine, rows = _of_people(poll, list(whose), table), _of_rows(poll, table, list(whose.values()))
        for one, here in mine.items():
            for other, there in rows.items():
                a, b = _ranks(here), _ranks(there)
                # The same way or the other way round in both orders, or close to each other.
                yield f"{table}: {one}, {other}", np.outer(a, b)
                yield f"{table}: {one}, near {other}", -np.abs(a[:, None] - b[None, :])


def _of_people(poll: Poll, people: Sequence[str], table: str) -> Features:
    found: dict[str, Sequence[float]] = {"when": [float(list(poll.answers).index(who)) for who in people]}
    for name, copy in _copies(poll):
        asked = {row["person"]: row for row in copy.rows["survey_asked"]}
        found |= _noted(f"asked {name}", copy, "survey_asked", [asked[who] for who in people])
    ballots = [poll.ballots[who] for who in people]
    for name, copy in (("at night", poll.nights[1]), ("closing", poll.closing)):
        box = {row["key"]: row for row in copy.rows["survey_ballot"]}
        found |= _noted(f"ballot {name}", copy, "survey_ballot", [box[key] for key in ballots])
    if table == COMMENTS:
        answers = {row["key"]: row for row in poll.after.rows[ANSWERS]}
        mine = [answers[poll.answers[who]] for who in people]
        found |= _noted("answers", poll.after, ANSWERS, mine)
    return found


def _of_rows(poll: Poll, table: str, keys: Sequence[str]) -> Features:
    found: dict[str, Sequence[float]] = {}
    for name, copy in (("closing", poll.closing), ("after", poll.after)):
        rows = {row["key"]: row for row in copy.rows[table]}
        found |= _noted(name, copy, table, [rows[key] for key in keys])
    return found


def _copies(poll: Poll) -> tuple[tuple[str, Copy], ...]:
    return (("at night", poll.nights[1]), ("closing", poll.closing), ("after", poll.after))


def _noted(name: str, copy: Copy, table: str, rows: Sequence[Row]) -> dict[str, Sequence[float]]:
    """All that has an order or a length in these rows, as they stand in a copy."""
    places = {id(row): place for place, row in enumerate(copy.rows[table])}
    ways: dict[str, Callable[[Row], float]] = {
        "place": lambda row: places[id(row)],
        "key": lambda row: float(int(str(row.get("key", row.get("person", "0"))), 16)),
        "length": lambda row: sum(len(str(value)) for column, value in row.items() if not column.startswith("#")),
        "written by": lambda row: float(row.get("#xmin", 0)),
        "lies at": lambda row: _place(str(row.get("#ctid", "(0,0)"))),
        "in the file": lambda row: _offset(copy.file, row),
        "in the log": lambda row: _offset(copy.wal, row),
    }
    found = {f"{name} {way}": [float(look(row)) for row in rows] for way, look in ways.items()}
    return {way: values for way, values in found.items() if len(set(values)) > 1}


def _place(ctid: str) -> float:
    page, number = ctid.strip("()").split(",")
    return int(page) * 1_000.0 + int(number)


def _offset(where: bytes, row: Row) -> float:
    """Where in the file this row was written last."""
    return float(where.rfind(str(row.get("key", row.get("person"))).encode()))


def _ranks(values: Sequence[float] | np.ndarray) -> np.ndarray:
    """From the middle, the same for ties."""
    given = np.array(values)
    lower, upper = (given[:, None] > given).sum(axis=1), (given[:, None] >= given).sum(axis=1)
    middle: np.ndarray = (lower + upper - len(given)) / 2.0
    return middle


def _told(score: np.ndarray) -> tuple[float, float, float]:
    """How many comparisons of a right with a wrong one were won, with its variance when every assignment of rows to
    people is equally likely (Hoeffding, A combinatorial central limit theorem, 1951), and how many there were.
    """
    size = len(score)
    ranks = _ranks(score.round(9).ravel()).reshape(size, size) + (size * size + 1) / 2
    pairs = size * size * (size - 1.0)
    won = float(np.trace(ranks)) - size * (size + 1) / 2
    apart = ranks - ranks.mean(axis=0) - ranks.mean(axis=1)[:, None] + ranks.mean()
    return won, float((apart**2).sum() / (size - 1)), pairs
