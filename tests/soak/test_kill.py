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

from bot.store import Store, audit, cases, deliveries, hearing
from bot.store import tables as t

VICTIM = Path(__file__).parent / "victim.py"
SEED = 20270315
EVENTS_PER_ROUND = 4
SHORTEST_LIFE, LONGEST_LIFE = 0.05, 0.8  # seconds; starting takes about 0.15, handling one event 0.03
LAST_LIFE_SECONDS = 400


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
def victim(url: str, folder: Path, program: Path = VICTIM) -> Iterator[Victim]:
    command = [sys.executable, str(program), url, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Victim(process)
        finally:
            process.kill()


def nothing_is_half_written(store: Store) -> None:
    """Everything that one event led to is there, or nothing of it: the case, its history, the reply, the owner's
    message, the audit line, and the welcome of who spoke for the first time.
    """
    with store.read() as tx:
        asked = len(tx.execute(select(t.case.c.id)).all())
        welcomed = len(tx.execute(select(t.setting.c.person).where(t.setting.c.name == "welcomed")).all())
        greeted = min(welcomed, 1)
        assert hearing.counts(tx).get("handled", 0) == asked + greeted
        assert len(tx.execute(select(t.case_event.c.id)).all()) == asked
        assert len(tx.execute(select(t.delivery.c.id)).all()) == 2 * asked + welcomed
        assert [line.action for line in audit.lines(tx)].count("case.opened") == asked
        assert audit.verify(tx) is None


def everything_is_done_once(store: Store, folder: Path, events: list[str]) -> None:
    """Every event was handled exactly once and in order, and every message sent, twice only where that is
    counted.
    """
    assert (folder / "acknowledged").read_text().split() == events
    with store.begin() as tx:
        assert hearing.counts(tx) == {"handled": len(events)}
        asked = sorted(cases.cases_of(tx, "pm@example.com"), key=lambda case: case.number)
        assert Counter(case.text for case in asked) == Counter(events[1:])
        assert [case.number for case in asked] == list(range(1, len(events)))
        for place in {case.reply_to.conversation for case in asked}:
            mine = [case.text for case in asked if case.reply_to.conversation == place]
            assert mine == sorted(mine, key=events.index)
        assert deliveries.counts(tx).keys() == {"sent"}
        doubts = {row.id: row.doubts for row in tx.execute(select(t.delivery.c.id, t.delivery.c.doubts))}

    sent = [line.split() for line in (folder / "sent").read_text().splitlines()]
    times = Counter(key for key, _ in sent)
    assert times.keys() == doubts.keys()
    assert {key: times[key] - 1 for key in times if times[key] - 1 > doubts[key]} == {}


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
