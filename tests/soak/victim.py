"""A process that is killed: it hears events, handles them and sends what comes of it, like the real one.

It runs as a program. Each line on standard input begins a life: a forked child, whose process id is written
to standard output. The next line ends it: the child is waited for, and its exit status written.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.core import Core
from bot.delivery import lane
from bot.delivery.sender import Sender
from bot.library import Library
from bot.messages import Absent, Card, Later, Limits, Outcome, Person, Place, Refused, Said, Sent
from bot.store import Seal, Store, StoreUnavailable, audit, deliveries, hearing
from bot.store.patience import Patience

START = datetime(2027, 3, 15, tzinfo=UTC)
# Between two lives enough time passes that nothing of the earlier one can be in flight.
BETWEEN_LIVES = timedelta(hours=3)
CONVERSATIONS = 3
SENT_AGAIN = 5
# A lane is free again by the database's clock, which no test can set: soon enough for the next life.
PATIENCE = Patience(call=timedelta(seconds=0.05), lease=timedelta(seconds=0.2), renew=timedelta(seconds=0.05))
lane.LOOK_EVERY_SECONDS = 0.05
# It is killed far more often than a real process, and an event that happens to be in hand is not to pay for it.
hearing.TRY_AGAIN_AFTER = (timedelta(seconds=5),) * 1000
PLAYBOOKS = Path(__file__).parent.parent / "transcripts" / "playbooks" / "small"


class Files:
    """A platform that keeps what it sends, what was acknowledged and what it was given in files, which
    outlive a kill.
    """

    name = "local"
    limits = Limits()

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.events = (folder / "events").read_text().split()

    def acknowledged(self) -> list[str]:
        file = self._folder / "acknowledged"
        return file.read_text().split() if file.exists() else []

    def acknowledge(self, event: str) -> None:
        self._add("acknowledged", event)

    async def send(self, place: Place, card: Card, key: str) -> Outcome:
        self._add("sent", f"{key} {place.conversation}")
        return Sent("m")

    async def edit(self, place: Place, message: str, card: Card) -> Outcome:
        return Refused("nothing is edited here")

    async def delete(self, place: Place, message: str) -> Outcome:
        return Refused("nothing is taken back here")

    async def find(self, place: Place, key: str, since: datetime, until: datetime) -> Sent | Absent | Later | Refused:
        return Refused("nothing can be looked up here")

    async def open_direct(self, account: str, workspace: str) -> Place | Refused | Later:
        return Refused("everybody here has written first")

    def _add(self, name: str, line: str) -> None:
        # One write, so that a kill leaves a whole line or none.
        with (self._folder / name).open("ab", buffering=0) as file:
            file.write(f"{line}\n".encode())


class Life:
    """One life of the process."""

    def __init__(self, url: str, folder: Path, number: int) -> None:
        self._store = Store.open(url, secret=Seal(["a secret for tests only"]))
        self._files = Files(folder)
        self._began = time.monotonic()
        self._start = START + number * BETWEEN_LIVES
        self._threads = ThreadPoolExecutor(4)
        self._sender = Sender(self._store, {"local": self._files}, self._now, self._threads, PATIENCE)
        library = Library(self._store, PLAYBOOKS)
        library.refresh(self._now())
        self._core = Core(self._store, library, self._now, wake=self._sender.wake)

    def _now(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._began)

    def live(self) -> None:
        """Until everything is heard, handled and sent."""
        asyncio.run(self._send())

    def _work(self) -> None:
        # What is left over goes first, or a new event could overtake it.
        self._pick_up(at_start=True)
        self._hear()

    def _hear(self) -> None:
        """The platform repeats what was not acknowledged, and a few that were."""
        acknowledged = self._files.acknowledged()
        missing = [event for event in self._files.events if event not in set(acknowledged)]
        for event in acknowledged[-SENT_AGAIN:] + missing:
            said = _said(event)
            self._core.accept(said)
            if event in missing:
                self._files.acknowledge(event)
            self._threads.submit(self._handle, said)

    def _handle(self, said: Said) -> None:
        try:
            self._core.handle(said)
        except StoreUnavailable as away:
            print(away, file=sys.stderr)  # noqa: T201 - what was not handled is picked up later

    def _pick_up(self, at_start: bool) -> None:
        while self._core.pick_up(self._now(), at_start):
            pass
        with self._store.begin() as tx:
            audit.chain(tx)

    async def _send(self) -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(self._sender.run(stop))
        await asyncio.to_thread(self._work)
        await asyncio.to_thread(self._until_all_is_done)
        stop.set()
        await running

    def _until_all_is_done(self) -> None:
        while not self._all_done():
            self._pick_up(at_start=False)
            time.sleep(0.05)

    def _all_done(self) -> bool:
        with self._store.read() as tx:
            return "waiting" not in hearing.counts(tx) and deliveries.counts(tx).keys() <= {"sent", "failed"}


def _said(event: str) -> Said:
    """A question of one of a few people that is passed on to its owner; of the owner, a greeting."""
    if event == "E0":
        return _spoken(event, "pm", "hello")
    return _spoken(event, f"p{int(event.removeprefix('E')) % CONVERSATIONS}", f"ask-owner phones named: {event}")


def _spoken(event: str, who: str, text: str) -> Said:
    person = Person("local", "acme", who, email=f"{who}@example.com", locale="en")
    return Said(event, person, Place("local", "acme", who), text)


def main(url: str, folder: Path) -> None:
    for number, _ in enumerate(iter(sys.stdin.readline, "")):
        child = os.fork()
        if child == 0:
            Life(url, folder, number).live()
            os._exit(0)
        print(child, flush=True)  # noqa: T201 - the protocol with the test
        sys.stdin.readline()
        _, status = os.waitpid(child, 0)
        print(status, flush=True)  # noqa: T201 - the same


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
