"""A process that is killed: people hand in surveys, some of them twice, and when all have, the round is closed.

It runs as a program, as `victim.py` does: each line on standard input begins a life or ends it.
"""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.core import Core
from bot.library import Library
from bot.messages import Person, Place, Said
from bot.pulse import closing
from bot.store import Seal, Store, StoreUnavailable, surveys

START = datetime(2027, 3, 15, tzinfo=UTC)
CLOSES = START + timedelta(days=7)
PLAYBOOKS = Path(__file__).parent.parent / "transcripts" / "playbooks" / "small"
VOTERS = 6
TAPS = 2


def voter(number: int) -> Person:
    """Somebody who is asked in every round."""
    return Person("local", "acme", f"p{number}", email=f"p{number}@example.com", locale="en")


class Life:
    """One life of the process."""

    def __init__(self, url: str, folder: Path) -> None:
        self._store = Store.open(url, secret=Seal(["a secret for tests only"]))
        self._folder = folder
        self._passed = timedelta()
        library = Library(self._store, PLAYBOOKS)
        library.refresh(START)
        self._books = library.current.playbooks
        self._core = Core(self._store, library, self._now, frozenset({"local"}))

    def _now(self) -> datetime:
        return START + self._passed

    def live(self) -> None:
        """Until everybody has answered everything and every round is closed."""
        with self._store.read() as tx:
            rounds = [one.id for one in surveys.under_way(tx)]
        with ThreadPoolExecutor(VOTERS) as pool:
            for round in sorted(rounds):
                # Nobody answers many surveys within a minute, and whoever says so much is not heard.
                self._passed += timedelta(minutes=2)
                told = self._told(round)
                missing = [n for n in range(VOTERS) if n not in told]
                taps = [pool.submit(self._hand_in, round, n) for n in missing * TAPS]
                while not all(tap.result() for tap in taps):
                    taps = [pool.submit(self._hand_in, round, n) for n in missing]
                self._close(round)

    def _told(self, round: int) -> set[int]:
        file = self._folder / f"told-{round}"
        return {int(line.split()[0]) for line in file.read_text().splitlines()} if file.exists() else set()

    def _hand_in(self, round: int, number: int) -> bool:
        """Somebody presses Send, and is told what came of it. False where they have to press again."""
        tap = f"{number}-{round}-{time.monotonic_ns()}"
        entered = {"fine": str(number % 5 + 1), "mark": f"marked {number}"}
        place = Place("local", "acme", f"direct:p{number}")
        said = Said(tap, voter(number), place, f"take-survey {round} 0.1", "form", entered, opens=True)
        try:
            handled = self._core.hear(said)
        except StoreUnavailable as away:
            print(away, file=sys.stderr)  # noqa: T201 - somebody presses again
            return False
        # One write, so that a kill leaves a whole line or none.
        with (self._folder / f"told-{round}").open("ab", buffering=0) as file:
            file.write(f"{number} {handled.cards[0].body.split()[0]}\n".encode())
        return True

    def _close(self, round: int) -> None:
        closing.close(self._store, self._books, round, CLOSES)
        closing.swept(self._store)


def main(url: str, folder: Path) -> None:
    for _ in iter(sys.stdin.readline, ""):
        child = os.fork()
        if child == 0:
            Life(url, folder).live()
            os._exit(0)
        print(child, flush=True)  # noqa: T201 - the protocol with the test
        sys.stdin.readline()
        _, status = os.waitpid(child, 0)
        print(status, flush=True)  # noqa: T201 - the same


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
