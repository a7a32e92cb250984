"""Killed at any moment and started again: every event is handled exactly once, and nothing is half written."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import pytest
from sqlalchemy import select

from bot.store import Store, audit, cases, conversations, deliveries, hearing
from bot.store import tables as t

VICTIM = Path(__file__).parent / "victim.py"
SEED = 20270315
EVENTS_PER_ROUND = 4
SHORTEST_LIFE, LONGEST_LIFE = 0.02, 0.35  # seconds; handling one event takes about 0.03
LAST_LIFE_SECONDS = 120


class Victim:
    """The process to be killed, on a database and a folder of files."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def live_for(self, seconds: float) -> int:
        """One life of this length; returns the exit status, 0 if everything was done before."""
        child = int(self._ask("live"))
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)  # it is not waited for yet, so that the number is still its own
        return int(self._ask("end"))

    def live_to_the_end(self) -> int:
        """One life that ends by itself."""
        child = int(self._ask("live"))
        patience = Timer(LAST_LIFE_SECONDS, os.kill, (child, signal.SIGKILL))
        patience.start()
        try:
            return int(self._ask("end"))
        finally:
            patience.cancel()

    def _ask(self, line: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()


@contextmanager
def victim(url: str, folder: Path) -> Iterator[Victim]:
    command = [sys.executable, str(VICTIM), url, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Victim(process)
        finally:
            process.kill()


def nothing_is_half_written(store: Store) -> None:
    """Everything that one event led to is there, or nothing of it."""
    with store.read() as tx:
        done = hearing.counts(tx).get("handled", 0)
        assert len(tx.execute(select(t.case.c.id)).all()) == done
        assert len(tx.execute(select(t.case_event.c.id)).all()) == done
        assert len(tx.execute(select(t.delivery.c.id)).all()) == 2 * done
        assert audit.length(tx) == done
        assert audit.verify(tx) is None


def everything_is_done_once(store: Store, folder: Path, events: list[str]) -> None:
    """Every event was handled exactly once and in order, and every message sent, twice only where that is
    counted.
    """
    assert (folder / "acknowledged").read_text().split() == events
    with store.begin() as tx:
        assert hearing.counts(tx) == {"handled": len(events)}
        asked = cases.cases_of(tx, "pm@example.com")
        assert Counter(case.text for case in asked) == Counter(events)
        assert sorted(case.number for case in asked) == list(range(1, len(events) + 1))
        places = sorted({case.reply_to.conversation for case in asked})
        orders = [conversations.hold(tx, f"conversation with {place}", asked[0].created_at) for place in places]
        assert [state["order"] for state in orders] == [events[n :: len(places)] for n in range(len(places))]
        assert deliveries.counts(tx) == {"sent": 2 * len(events)}
        doubts = {row.id: row.doubts for row in tx.execute(select(t.delivery.c.id, t.delivery.c.doubts))}

    sent = [line.split() for line in (folder / "sent").read_text().splitlines()]
    times = Counter(key for key, _, _ in sent)
    assert times.keys() == doubts.keys()
    assert {key: times[key] - 1 for key in times if times[key] - 1 > doubts[key]} == {}
    for n, place in enumerate(places):
        in_order = list(dict.fromkeys(body for _, where, body in sent if where == place))
        assert in_order == events[n :: len(places)]


def kill_and_restart(store: Store, url: str, folder: Path, rounds: int) -> None:
    chance = random.Random(SEED)
    print(f"seed {SEED}")  # noqa: T201 - for running the same kills again
    events = [f"E{n}" for n in range(rounds * EVENTS_PER_ROUND)]
    (folder / "events").write_text("\n".join(events))
    killed = 0
    with victim(url, folder) as process:
        for _ in range(rounds):
            killed += process.live_for(chance.uniform(SHORTEST_LIFE, LONGEST_LIFE)) == signal.SIGKILL
            nothing_is_half_written(store)
        assert process.live_to_the_end() == 0
    everything_is_done_once(store, folder, events)
    assert killed > rounds / 2, "most lives ended by themselves: nothing was tested"


def test_ten_kills_lose_and_double_nothing(store: Store, database_url: str, tmp_path: Path) -> None:
    kill_and_restart(store, database_url, tmp_path, rounds=10)


@pytest.mark.soak
def test_two_hundred_kills_lose_and_double_nothing(store: Store, database_url: str, tmp_path: Path) -> None:
    kill_and_restart(store, database_url, tmp_path, rounds=200)
