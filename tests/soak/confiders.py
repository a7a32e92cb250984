"""A process that is killed: people hand in worries in confidence, slots come, and their authors are written to.

It runs as a program, as `victim.py` does: each line on standard input begins a life or ends it.
"""

from __future__ import annotations

import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from bot import confidence
from bot.cases.slots import next_slot
from bot.core import Core
from bot.library import Library
from bot.messages import Person, Place, Said, Sent
from bot.store import Seal, Store, StoreUnavailable, mailbox, outgoing
from bot.store.deliveries import Result
from bot.store.lanes import Lane
from bot.store.patience import PATIENCE
from bot.words import Words

START = datetime(2027, 3, 15, 10, tzinfo=UTC)
ZONE = "Europe/Lisbon"
PLAYBOOKS = Path(__file__).parent.parent / "transcripts" / "playbooks" / "small"
LANE = Lane("local", "acme")
AUTHORS, TAPS = 6, 2
TOO_MANY = Words("en")("confidence.too-many")
MARK = re.compile(r"worry \d+")


def author(number: int) -> Person:
    """Somebody who raises worries, one after the other."""
    return Person("local", "acme", f"p{number}", email=f"p{number}@example.com", locale="en")


def place(number: int) -> Place:
    """Where they talk to the bot."""
    return Place("local", "acme", f"direct:p{number}")


class Life:
    """One life of the process. Files outlive it: what time it is, whose form was received, which mails were sent."""

    def __init__(self, url: str, folder: Path) -> None:
        self._store = Store.open(url, secret=Seal(["a secret for tests only"]))
        self._folder = folder
        library = Library(self._store, PLAYBOOKS)
        library.refresh(START)
        self._books = library.current.playbooks
        self._clock = START
        for line in self._lines("clock")[-1:]:
            self._clock = datetime.fromisoformat(line)
        self._core = Core(self._store, library, lambda: self._clock, frozenset({"local"}))

    def live(self) -> None:
        """Until every worry has become a case and every author was written to."""
        worries = [int(line) for line in self._lines("worries")]
        with ThreadPoolExecutor(AUTHORS) as pool:
            for first in range(self._begin(worries), len(worries), AUTHORS):
                while missing := self._missing(worries[first : first + AUTHORS]):
                    taps = [pool.submit(self._hand_in, n) for n in missing * TAPS]
                    while not all(tap.result() for tap in taps):
                        taps = [pool.submit(self._hand_in, n) for n in missing]
                    self._pass_slots()
                self._pass_slots()

    def _missing(self, worries: list[int]) -> list[int]:
        received = {int(line) for line in self._lines("received")}
        return [n for n in worries if n not in received]

    def _pass_slots(self) -> None:
        """First what was said is passed on, then the mails about it; what an earlier life left, too."""
        while self._waits():
            self._pass_slot()

    def _begin(self, worries: list[int]) -> int:
        """The first worries of which one was not received: whoever saw an error presses again before the next slot."""
        begins = range(0, len(worries), AUTHORS)
        return next((n for n in begins if self._missing(worries[n : n + AUTHORS])), begins[-1])

    def _waits(self) -> bool:
        with self._store.read() as tx:
            return mailbox.is_waiting(tx)

    def _hand_in(self, number: int) -> bool:
        """Somebody presses Send. False where they have to press again."""
        entered = {"text": f"worry {number}", "alike": "other"}
        who = number % AUTHORS
        says = "concern phones sure 1 - sales all"
        try:
            handled = self._core.hear(Said(f"E{number}", author(who), place(who), says, "form", entered, opens=True))
        except StoreUnavailable as away:
            print(away, file=sys.stderr)  # noqa: T201 - somebody presses again
            return False
        assert handled.aside, handled
        assert not handled.problems, handled.problems
        if handled.cards[0].body == TOO_MANY:
            return True  # they come back after the next slot
        self._add("received", str(number))
        return True

    def _pass_slot(self) -> None:
        self._clock = next_slot(self._clock, 1, ZONE, working_days=True)
        self._add("clock", self._clock.isoformat())
        with self._store.begin() as tx:
            outgoing.recover(tx, self._clock, (), PATIENCE)
        confidence.due(self._store, self._books, self._clock)
        with self._store.begin() as tx:
            claimed = outgoing.claim(tx, LANE, self._clock, 50)
        for one in claimed:
            found = MARK.search(one.card.body)
            assert found
            self._add("sent", found[0])
            with self._store.begin() as tx:
                outgoing.record_all(tx, [Result(one.id, Sent("m"))], self._clock)

    def _lines(self, name: str) -> list[str]:
        file = self._folder / name
        return file.read_text().splitlines() if file.exists() else []

    def _add(self, name: str, line: str) -> None:
        # One write, so that a kill leaves a whole line or none.
        with (self._folder / name).open("ab", buffering=0) as file:
            file.write(f"{line}\n".encode())


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
