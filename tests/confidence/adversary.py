"""The adversary: ways to tell who of those who used the bot raised something in confidence, from the database alone.

Each strategy gives every user of a world a score; which end of it points to authors is not its matter, since whatever
is not chance counts. None knows the secret; all know by which key, mark, address and account each person is kept.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from tests.confidence.copying import Copy, Row, names_in, transactions
from tests.confidence.worlds import Seen

FAR = 1e9
Scores = dict[str, float]
Found = tuple[str, int, Row]


class Study:
    """One world as the adversary sees it, with what every strategy looks at."""

    def __init__(self, seen: Seen) -> None:
        self.seen = seen
        self.users = seen.users
        self._whose = {name: who for who, names in seen.names.items() for name in names if name}

    def each(self, score: Callable[[str], float]) -> Scores:
        """The score of every user."""
        return {who: float(score(who)) for who in self.users}

    def _theirs(self, copy: Copy) -> dict[str, list[Found]]:
        found: dict[str, list[Found]] = {who: [] for who in self.users}
        for table, place, row in copy.each():
            for who in {self._whose[name] for name in names_in(row) if name in self._whose}:
                found[who].append((table, place, row))
        return found

    @cached_property
    def before(self) -> dict[str, list[Found]]:
        """The rows that name each user, in the earlier copy."""
        return self._theirs(self.seen.before)

    @cached_property
    def after(self) -> dict[str, list[Found]]:
        """The same in the later one."""
        return self._theirs(self.seen.after)

    @cached_property
    def secret(self) -> list[Found]:
        """The rows that came with what was said in confidence: the mailbox, what waits, the cases and what hangs on
        them."""
        old = {_content(row) for _, _, row in self.seen.before.each()}
        new = [one for one in self.seen.after.each() if _content(one[2]) not in old]
        cases = {row["id"]: row["number"] for table, _, row in new if table == "case" and row["asker"] is None}
        keys = tuple(f"case:{number}:" for number in cases.values())
        return [
            (table, place, row)
            for table, place, row in new
            if table in ("mailbox", "mailbox_waiting", "survey_ballot")
            or row.get("case") in cases
            or (table == "case" and row["id"] in cases)
            or (table == "delivery" and keys and str(row["key"]).startswith(keys))
        ]

    @cached_property
    def lonely(self) -> list[Found]:
        """Rows whose transaction wrote nothing that names anybody."""
        named = {number for rows in self.after.values() for _, _, row in rows for number in transactions(row)}
        found = ((table, place, row) for table, place, row in self.seen.after.each() if table == "heard")
        return [one for one in found if not transactions(one[2]) & named]

    @cached_property
    def alone(self) -> dict[str, list[float]]:
        """The transactions that wrote or held rows of each user and of no other one: those in which everybody's rows
        are written anew are none of them.
        """
        numbers = {who: {n for _, _, row in rows for n in transactions(row)} for who, rows in self.after.items()}
        users = Counter(n for some in numbers.values() for n in some)
        return {who: sorted(float(n) for n in some if users[n] == 1) for who, some in numbers.items()}

    @cached_property
    def apart(self) -> list[float]:
        """The transactions of what was said in confidence that wrote nothing of any user."""
        named = {n for rows in self.after.values() for _, _, row in rows for n in transactions(row)}
        return sorted({float(n) for _, _, row in self.secret for n in transactions(row)} - named)


def _content(row: Row) -> tuple[tuple[str, Any], ...]:
    return tuple((name, str(value)) for name, value in sorted(row.items()) if not name.startswith("#"))


def _nearest(mine: Iterable[float], theirs: Iterable[float]) -> float:
    others = list(theirs)
    return min((abs(one - other) for one in mine for other in others), default=FAR)


def _behind(mine: Iterable[float], theirs: Iterable[float]) -> float:
    """How close something of theirs follows something of mine."""
    own = sorted(mine)
    places = ((other, bisect_right(own, other)) for other in theirs)
    return min((other - own[place - 1] for other, place in places if place), default=FAR)


def changed_rows(study: Study) -> Scores:
    """How many rows of theirs are new or different."""

    def score(who: str) -> float:
        old = Counter(_content(row) for _, _, row in study.before[who])
        return sum((Counter(_content(row) for _, _, row in study.after[who]) - old).values())

    return study.each(score)


def rewritten_rows(study: Study) -> Scores:
    """How many rows of theirs were written, the same or not: system columns alone tell."""

    def score(who: str) -> float:
        old = {(table, tuple(sorted(transactions(row)))) for table, _, row in study.before[who]}
        return sum((table, tuple(sorted(transactions(row)))) not in old for table, _, row in study.after[who])

    return study.each(score)


def missing_rows(study: Study) -> Scores:
    """How many rows are gone whose transaction, as the earlier copy shows it, wrote something of theirs too."""
    there = {_identity(table, row) for table, _, row in study.seen.after.each()}
    gone = [(t, p, row) for t, p, row in study.seen.before.each() if _identity(t, row) not in there]

    def score(who: str) -> float:
        mine = {number for _, _, row in study.before[who] for number in transactions(row)}
        named = {id(row) for _, _, row in study.before[who]}
        return sum(id(row) in named or bool(mine & transactions(row)) for _, _, row in gone)

    return study.each(score)


def _identity(table: str, row: Row) -> tuple[str, str]:
    key = next((row[name] for name in ("seq", "id", "key", "mark", "event") if name in row), _content(row))
    return table, str(key)


def row_counts(study: Study) -> Scores:
    """How many rows name them now."""
    return study.each(lambda who: len(study.after[who]))


def longest_text(study: Study) -> Scores:
    """How long the sealed texts in their rows are, all together."""
    return study.each(lambda who: sum(len(str(v)) for _, _, row in study.after[who] for v in row.values()))


def shrunk_text(study: Study) -> Scores:
    """How much longer or shorter what is kept of them has become."""

    def size(rows: list[Found]) -> int:
        return sum(len(str(v)) for _, _, row in rows for name, v in row.items() if not name.startswith("#"))

    return study.each(lambda who: size(study.after[who]) - size(study.before[who]))


def next_transaction(study: Study) -> Scores:
    """How close a transaction of what was said in confidence follows one that wrote or held a row of theirs."""
    secret = [float(n) for _, _, row in study.secret for n in transactions(row)]
    return study.each(lambda who: _behind(_numbers(study, who), secret))


def near_transaction(study: Study) -> Scores:
    """The same to both sides, of all their rows."""
    secret = [float(n) for _, _, row in study.secret for n in transactions(row)]
    return study.each(lambda who: _nearest(_numbers(study, who), secret))


def lonely_transaction(study: Study) -> Scores:
    """How close an event that wrote nothing of anybody follows their last transaction."""
    lonely = [float(n) for _, _, row in study.lonely for n in transactions(row)]
    return study.each(lambda who: _behind(_numbers(study, who), lonely))


def next_alone(study: Study) -> Scores:
    """How close a transaction of what was said in confidence follows one of theirs, without those in which rows are
    written anew.
    """
    return study.each(lambda who: _behind(study.alone[who], study.apart))


def near_alone(study: Study) -> Scores:
    """The same to both sides."""
    return study.each(lambda who: _nearest(study.alone[who], study.apart))


def last_alone(study: Study) -> Scores:
    """When they were last active, without those."""
    return study.each(lambda who: max(study.alone[who], default=0))


def missing_alone(study: Study) -> Scores:
    """How long a gap lies behind it."""
    every = sorted({n for _, _, row in study.seen.after.each() for n in transactions(row)})

    def score(who: str) -> float:
        last = max(study.alone[who], default=0)
        return next((n - last for n in every if n > last), 0)

    return study.each(score)


def missing_numbers(study: Study) -> Scores:
    """How many transactions behind their last one left nothing that can be seen: how long a gap it is."""
    every = sorted({n for _, _, row in study.seen.after.each() for n in transactions(row)})

    def score(who: str) -> float:
        last = max(_numbers(study, who), default=0)
        return next((n - last for n in every if n > last), 0)

    return study.each(score)


def held_rows(study: Study) -> Scores:
    """How many rows of theirs were held by a transaction that did not write them."""
    return study.each(lambda who: sum(len(transactions(row)) > 1 for _, _, row in study.after[who]))


def last_transaction(study: Study) -> Scores:
    """When they were last active, by the number of their last transaction."""
    return study.each(lambda who: max(_numbers(study, who), default=0))


def _numbers(study: Study, who: str) -> list[float]:
    return [float(number) for _, _, row in study.after[who] for number in transactions(row)]


def near_rows(study: Study) -> Scores:
    """How close their rows lie to those of what was said in confidence, by what counts up in both."""

    def numbers(rows: Iterable[Found]) -> list[tuple[str, float]]:
        names = ("#rowid", "seq", "id", "number")
        return [(t, float(row[n])) for t, _, row in rows for n in names if isinstance(row.get(n), int)]

    secret = numbers(study.secret)

    def score(who: str) -> float:
        mine = numbers(study.after[who])
        return min((abs(a - b) for t, a in mine for u, b in secret if t == u), default=FAR)

    return study.each(score)


def near_times(study: Study) -> Scores:
    """How close in time something of theirs is to something said in confidence."""
    secret = [at.timestamp() for _, _, row in study.secret for at in _moments(row)]
    return study.each(
        lambda who: _nearest((at.timestamp() for _, _, row in study.after[who] for at in _moments(row)), secret)
    )


def _moments(row: Row) -> list[datetime]:
    found = []
    for value in row.values():
        if isinstance(value, datetime):
            found.append(value.replace(tzinfo=None))
        elif isinstance(value, str) and len(value) in (19, 26) and value[4:5] == "-" and value[13:14] == ":":
            found.append(datetime.fromisoformat(value))
    return found


def in_the_log(study: Study) -> Scores:
    """How often the log names them."""
    lines = [line for _, line in study.seen.after.log]
    return study.each(lambda who: sum(name in line for line in lines for name in study.seen.names[who] if name))


def in_the_file(study: Study) -> Scores:
    """How close in the file something of theirs lies to what was said in confidence."""
    return _in_bytes(study, study.seen.after.file)


def in_the_wal(study: Study) -> Scores:
    """The same in the log of the database, where everything stands in the order in which it was written."""
    return _in_bytes(study, study.seen.after.wal)


def next_in_the_wal(study: Study) -> Scores:
    """How close behind something of theirs in that log that was written which was said in confidence."""
    wal = study.seen.after.wal
    texts = {str(row["content"])[:60] for table, _, row in study.secret if table == "mailbox_waiting"}
    first = [float(wal.find(text.encode())) for text in texts]
    return study.each(lambda who: _behind(_offsets(study, wal, who), [at for at in first if at >= 0]))


def _in_bytes(study: Study, where: bytes) -> Scores:
    texts = [str(row["content"])[-40:] for _, _, row in study.secret if "content" in row]
    texts += [str(row["text"])[-40:] for table, _, row in study.secret if table == "case"]
    secret = [float(at) for text in texts for at in _all(where, text.encode())]
    return study.each(lambda who: _nearest(_offsets(study, where, who), secret))


def _offsets(study: Study, where: bytes, who: str) -> list[float]:
    names = [name for name in study.seen.names[who] if len(name) > 8]
    return [float(at) for name in names for at in _all(where, name.encode())]


def _all(where: bytes, what: bytes) -> Iterable[int]:
    at = where.find(what)
    while at >= 0:
        yield at
        at = where.find(what, at + 1)


EVERYWHERE: dict[str, Callable[[Study], Scores]] = {
    one.__name__: one
    for one in (
        changed_rows, missing_rows, row_counts, longest_text, shrunk_text, near_rows, near_times, in_the_log,
    )
}  # fmt: skip
BY_DATABASE: Mapping[str, Mapping[str, Callable[[Study], Scores]]] = {
    "sqlite": EVERYWHERE | {one.__name__: one for one in (in_the_file, in_the_wal, next_in_the_wal)},
    "postgresql": EVERYWHERE
    | {
        one.__name__: one
        for one in (
            rewritten_rows, next_transaction, near_transaction, lonely_transaction, missing_numbers, last_transaction,
            held_rows, next_alone, near_alone, last_alone, missing_alone,
        )
    },
}  # fmt: skip
