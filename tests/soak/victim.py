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

from bot.delivery.sender import Sender
from bot.messages import Card, Outcome, Person, Place, Post, Refused, Said, Sent
from bot.store import Seal, Session, Store, StoreUnavailable, audit, cases, conversations, deliveries, hearing, people

START = datetime(2027, 3, 15, tzinfo=UTC)
# Between two lives enough time passes that nothing of the earlier one can be in flight.
BETWEEN_LIVES = timedelta(hours=3)
CONVERSATIONS = 3
SENT_AGAIN = 5
# It is killed far more often than a real process, and an event that happens to be in hand is not to pay for it.
hearing.TRY_AGAIN_AFTER = (timedelta(seconds=5),) * 100
OWNER = Place("local", "acme", "owner")


class Files:
    """A platform that keeps what it sends, what was acknowledged and what it was given in files, which
    outlive a kill.
    """

    name = "local"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.events = (folder / "events").read_text().split()

    def acknowledged(self) -> list[str]:
        file = self._folder / "acknowledged"
        return file.read_text().split() if file.exists() else []

    def acknowledge(self, event: str) -> None:
        self._add("acknowledged", event)

    async def send(self, place: Place, card: Card, key: str) -> Outcome:
        self._add("sent", f"{key} {place.conversation} {card.body}")
        return Sent("m")

    async def open_direct(self, account: str, workspace: str) -> Place | Refused:
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
        self._sender = Sender(self._store, {"local": self._files}, self._now, self._threads)

    def _now(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._began)

    def live(self) -> None:
        """Until everything is heard, handled and sent."""
        asyncio.run(self._send())

    def _work(self) -> None:
        # What is left over goes first, or a new event could overtake it.
        self._pick_up(hearing.HANDLED_WITHIN)
        self._hear()

    def _hear(self) -> None:
        """The platform repeats what was not acknowledged, and a few that were."""
        acknowledged = self._files.acknowledged()
        missing = [event for event in self._files.events if event not in set(acknowledged)]
        for event in acknowledged[-SENT_AGAIN:] + missing:
            said = _said(event)
            with self._store.begin() as tx:
                hearing.accept(tx, said, _conversation(said), self._now())
            if event in missing:
                self._files.acknowledge(event)
            self._threads.submit(self._handle, _conversation(said))

    def _handle(self, conversation: str) -> None:
        try:
            with self._store.begin() as tx:
                state = conversations.hold(tx, conversation, self._now())
                heard = hearing.next_waiting(tx, conversation, self._now())
                if heard is None:
                    return
                self._decide(tx, heard.said, state)
                hearing.handled(tx, heard.id, self._now())
        except StoreUnavailable as away:
            print(away, file=sys.stderr)  # noqa: T201 - what was not handled is picked up later
            return
        self._sender.wake()

    def _pick_up(self, ahead: timedelta) -> None:
        while left := self._left_over(self._now() + ahead):
            for heard in left:
                with self._store.begin() as tx:
                    state = conversations.hold(tx, heard.conversation, self._now())
                    if hearing.handled(tx, heard.id, self._now()):
                        self._decide(tx, heard.said, state)
                self._sender.wake()

    def _left_over(self, before: datetime) -> list[hearing.Heard]:
        with self._store.begin() as tx:
            return hearing.waiting(tx, before, 50)

    def _decide(self, tx: Session, said: Said, state: dict[str, list[str]]) -> None:
        now = self._now()
        person = people.identify(tx, said.person, now)
        case = cases.open_case(
            tx,
            kind="question",
            initiative="crm",
            unit="",
            text=said.event,
            asker=person.key,
            reply_to=said.place,
            owner="pm@example.com",
            due_at=now,
            now=now,
        )
        reply = Post(f"{said.event}:0", Card(said.event), place=said.place, reply=True)
        told = Post(f"case:{case.number}", Card(said.event), place=OWNER)
        deliveries.enqueue(tx, [reply, told], now)
        state["order"] = [*state.get("order", []), said.event]
        conversations.keep(tx, _conversation(said), state, now)
        audit.note(tx, person.key, "asked", case.id, now)
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
            self._pick_up(timedelta(0))
            time.sleep(0.01)

    def _all_done(self) -> bool:
        with self._store.read() as tx:
            return "waiting" not in hearing.counts(tx) and deliveries.counts(tx).keys() <= {"sent", "failed"}


def _said(event: str) -> Said:
    number = int(event.removeprefix("E")) % CONVERSATIONS
    place = Place("local", "acme", f"person{number}")
    return Said(event, Person("local", "acme", f"U{number}", email=f"p{number}@example.com"), place, f"why {event}?")


def _conversation(said: Said) -> str:
    return f"conversation with {said.place.conversation}"


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
