"""A short survey among many people: answers a second through the core, and opening the box of the whole round.

Answering stands beside the same two rows written plainly, one answer in a transaction. Every run is a process of its
own, on each kind of database.
"""

from __future__ import annotations

import json
import logging
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Event, Thread
from uuid import uuid4

from sqlalchemy import func, select

from benchmarks.bench_delivery import Memory, databases, table
from benchmarks.tenant import now
from bot.core import Core
from bot.library import Library
from bot.messages import Person, Place, Said
from bot.pulse import closing
from bot.pulse.ballots import Ballot, length
from bot.pulse.reporting import closed
from bot.pulse.rounds import snapshot_of
from bot.store import Seal, Store, StoreUnavailable, ballots, occurrences, participation, surveys
from bot.store import tables as t
from bot.store.surveys import New, Round
from tests.world import SAMPLE

PEOPLE = 60_000
AT_ONCE = 8
INITIATIVE, TEMPLATE = "crm-renewal", "readiness"
TEXT = "Two afternoons without visits before the quarter ends, and somebody to ask. "
# In the order of the template: nobody is asked why not, since everybody is in favour of it.
SHOWN = "0.1.3.4.5.6"


def person(number: int) -> Person:
    """Somebody who is asked."""
    return Person("teams", "tenant", f"p{number}", email=f"p{number}@example.com", locale="en")


def entered(number: int) -> dict[str, str]:
    """What they enter: every third writes something."""
    said = TEXT * 3 if number % 3 == 0 else ""
    points = {name: str(number % 3 + 3) for name in ("know-why", "want", "know-how", "can-do")}
    return {**points, "help": f"o{number % 4}", "what-else": said}


class Asked:
    """A round in which everybody is asked, and the core that hears what they say."""

    def __init__(self, store: Store, count: int) -> None:
        self.store, self.count = store, count
        self.library = Library(store, SAMPLE)
        self.library.refresh(now())
        self.books = self.library.current.playbooks
        self.core = Core(store, self.library, now, frozenset({"teams"}))
        self.units = sorted(self.books.organisation.units)
        self._people()
        self.round = self._open()

    def key(self, number: int) -> str:
        """The key of somebody."""
        return f"{number:032x}"

    def _people(self) -> None:
        nobody = {"manager": "", "locale": "en", "timezone": "Europe/Lisbon", "location": "", "origin": "directory"}
        lists: dict[str, list[str]] = {"roles": [], "working_days": [], "working_hours": []}
        with self.store.begin() as tx:
            for first in range(0, self.count, 10_000):
                part = range(first, min(first + 10_000, self.count))
                rows = [{"key": self.key(n), "email": f"p{n}@example.com", "name": f"Person {n}"} for n in part]
                units = [{"unit": self.units[n % len(self.units)]} for n in part]
                tx.execute(t.person.insert(), [r | u | nobody | lists for r, u in zip(rows, units, strict=True)])
                tx.execute(t.identity.insert(), [self._account(n) for n in part])

    def _account(self, number: int) -> dict[str, object]:
        account = {"platform": "teams", "workspace": "tenant", "account": f"p{number}", "member": True}
        return {**account, "person": self.key(number), "direct": "", "first_seen": now().date()}

    def _open(self) -> Round:
        asks = snapshot_of(self.books, self.books.initiatives[INITIATIVE], TEMPLATE)
        assert asks is not None
        new = New(
            initiative=INITIATIVE,
            template=TEMPLATE,
            hash="h",
            snapshot=asks,
            occurrence="bench",
            audience="all-affected",
            share=1.0,
            cycle=1,
            minimum=5,
            named=False,
            zone="UTC",
            opened_at=now(),
            closes_at=now() + timedelta(days=7),
        )
        everybody = [(self.key(n), self.units[n % len(self.units)]) for n in range(self.count)]
        with self.store.begin() as tx:
            opened = surveys.open_round(tx, new, everybody)
        assert opened is not None
        return opened

    def hand_in(self, number: int) -> float:
        """Somebody presses Send; gives the seconds until they are told what came of it."""
        says, place = f"take-survey {self.round.id} {SHOWN}", Place("teams", "tenant", f"direct{number}")
        said = Said(uuid4().hex, person(number), place, says, "form", entered(number), opens=True)
        began = time.perf_counter()
        handled = self.core.hear(said)
        assert "Received" in handled.cards[0].body
        return time.perf_counter() - began

    def write_plainly(self, number: int) -> float:
        """The two rows of an answer, written without anything else."""
        snapshot = self.books.organisation.pulses[TEMPLATE]
        began = time.perf_counter()
        with self.store.begin() as tx:
            participation.answered(tx, self.round.id, self.key(number))
            content = Ballot("", {"know-why": 3}, {}).to_json()
            ballots.put_in(tx, self.round.id, uuid4().hex, content, length(snapshot))
        return time.perf_counter() - began

    def close(self) -> None:
        """What the clock does when the time of the round is over, without results."""
        assert closing.close(self.store, self.books, self.round.id, self.round.closes_at)
        closing.swept(self.store)

    def report(self) -> None:
        """Results with suppression, and the cards that tell of them."""
        with self.store.begin() as tx:
            after = surveys.round(tx, self.round.id)
            assert after is not None
            closed(tx, self.books, after, after.closes_at)

    def nothing_was_lost(self) -> None:
        """Every answer and every text is there."""
        with self.store.read() as tx:
            kept = tx.scalar(select(func.count()).select_from(t.survey_answer))
            said = tx.scalar(select(func.count()).select_from(t.survey_comment))
        assert (kept, said) == (self.count, -(-self.count // 3)), (kept, said)


@contextmanager
def meanwhile(store: Store) -> Iterator[list[float]]:
    """Somebody writes something small again and again; how long each took, in seconds."""
    waited: list[float] = []
    over = Event()

    def write() -> None:
        while not over.wait(0.05):
            began = time.perf_counter()
            # Who waits too long is refused, and tries again.
            with suppress(StoreUnavailable), store.begin() as tx:
                occurrences.first_time(tx, uuid4().hex, now())
            waited.append(time.perf_counter() - began)

    writing = Thread(target=write)
    writing.start()
    try:
        yield waited
    finally:
        over.set()
        writing.join()


def answering(act: Callable[[int], float], count: int) -> dict[str, float]:
    """So many answers, a few at once."""
    began, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waited = list(pool.map(act, range(count)))
    seconds = time.perf_counter() - began
    each = statistics.quantiles(waited, n=20)[-1] * 1000
    return {"answers": count, "a second": count / seconds, "95% within ms": each, "CPU s": time.process_time() - cpu}


def ending(asked: Asked) -> dict[str, float]:
    """Closing the round, and its results."""
    began = time.perf_counter()
    with Memory() as memory, meanwhile(asked.store) as waited:
        asked.close()
        seconds = time.perf_counter() - began
    asked.nothing_was_lost()
    began = time.perf_counter()
    asked.report()
    figures = {
        "answers": asked.count,
        "closing s": seconds,
        "MB": memory.megabytes,
        "others wait s": max(waited, default=0.0),
    }
    return {**figures, "results s": time.perf_counter() - began}


def measure(what: str, url: str, count: int) -> dict[str, dict[str, float]]:
    """One run in this process."""
    logging.disable(logging.WARNING)
    store = Store.open(url, secret=Seal(["a secret for benchmarks only"]))
    store.migrate()
    asked = Asked(store, count)
    if what == "plain":
        return {"answering": answering(asked.write_plainly, count)}
    return {"answering": answering(asked.hand_in, count), "ending": ending(asked)}


def run(what: str, url: str, count: int) -> dict[str, dict[str, float]]:
    """A run in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.bench_surveys", what, url, str(count)]
    done: dict[str, dict[str, float]] = json.loads(subprocess.check_output(command, text=True))
    return done


def main(count: int = PEOPLE) -> None:
    """Prints two tables: answering, and closing with its results."""
    rows: dict[str, dict[str, float]] = {}
    ends: dict[str, dict[str, float]] = {}
    with databases() as kinds:
        for kind, urls in kinds.items():
            rows[f"two rows, {kind}"] = run("plain", next(urls), count)["answering"]
            done = run("core", next(urls), count)
            rows[f"Throughline, {kind}"], ends[kind] = done["answering"], done["ending"]
    print(f"{count:,} answers, {AT_ONCE} people at once")
    table(rows)
    print("\nclosing the round, then its results")
    table(ends)


if __name__ == "__main__":
    if len(sys.argv) > 3:
        print(json.dumps(measure(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
    else:
        main(*map(int, sys.argv[1:]))
