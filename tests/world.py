"""A small world to talk in: core, database, playbooks and the in-memory platform, at a time of one's choosing.

It drives the product from outside only: payloads in through the adapter, messages out of it.
"""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import update

from adapters.local import Local, parse, render
from bot.core import Core, Handled
from bot.delivery.sender import Sender
from bot.library import Library
from bot.serving import import_sample_people
from bot.store import Store, tables

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "playbooks"


@dataclass
class World:
    """One deployment, one clock, one in-memory platform. `forms` as for `Core`."""

    store: Store
    folder: Path
    time: datetime
    pool: Executor
    forms: frozenset[str] = frozenset()
    platform: Local = field(default_factory=Local)
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: int = 0
    drawn: int = 0

    def __post_init__(self) -> None:
        self.start()
        import_sample_people(self.store, self.library, self.folder, self.time)
        self.accounts = {**_sample_accounts(self.folder), **self.accounts}
        self.platform.accounts |= self.accounts.keys()

    def start(self) -> None:
        """A process begins: nothing is left of an earlier one but the database."""
        self.library = Library(self.store, self.folder)
        self.library.refresh(self.time)
        self.sender = Sender(self.store, {"local": self.platform}, lambda: self.time, self.pool)
        self.core = Core(self.store, self.library, lambda: self.time, self.forms, self.sender.wake, self._draw)

    def _draw(self, below: int) -> int:
        self.drawn += 1
        return self.drawn % below

    def payload(self, who: str, where: str = "", **said: Any) -> dict[str, Any]:
        """What the platform would send for something that `who` does; a new event each time."""
        self.events += 1
        sender = {"account": who, **self.accounts.get(who, {})}
        kind = "channel" if where else "direct"
        conversation = {"id": where or f"direct:{who}", "kind": kind}
        if where.endswith("-shared"):
            conversation["outsiders"] = True  # type: ignore[assignment]  # a payload is plain JSON
        return {"id": f"e{self.events}", "from": sender, "conversation": conversation, **said}

    def hear(self, payload: dict[str, Any]) -> Handled | None:
        """What a process does with a payload: typed text is accepted and then handled, a press decided at once."""
        said = parse(payload)
        if said is None:
            return None
        handled = None
        if said.how == "typed":
            if self.core.accept(said):
                self.core.handle(said)
        else:
            handled = self.core.hear(said)
            if handled.aside:
                # Shown to this person alone and posted nowhere.
                self.platform.posted += [(said.place, render(card)) for card in handled.cards]
        self.drain()
        return handled

    def drain(self) -> None:
        """Sends everything that is due."""
        asyncio.run(self.sender.drain())

    def set_locale(self, email: str, locale: str) -> None:
        """What the directory says of somebody's language from now on."""
        with self.store.begin() as tx:
            tx.execute(update(tables.person).where(tables.person.c.email == email).values(locale=locale))

    def says(self, who: str, text: str, where: str = "") -> list[dict[str, Any]]:
        """What is posted when `who` writes this, as the platform shows it."""
        return self._new(lambda: self.hear(self.payload(who, where, text=text)))

    def presses(self, who: str, label: str, where: str = "") -> list[dict[str, Any]]:
        """What is posted when `who` presses the newest button with this label in that place."""
        says = self.button(who, label, where)
        return self._new(lambda: self.hear(self.payload(who, where, press=says)))

    def fills(self, who: str, form: str, answers: dict[str, Any], where: str = "") -> list[dict[str, Any]]:
        """What is posted when `who` hands in this form."""
        return self._new(lambda: self.hear(self.payload(who, where, form=form, answers=answers)))

    def button(self, who: str, label: str, where: str = "") -> str:
        """What the newest button with this label says, as `who` sees it."""
        place = where or f"direct:{who}"
        for posted_in, message in reversed(self.platform.posted):
            if posted_in.conversation == place:
                for button in message["buttons"]:
                    if button["label"] == label:
                        return str(button["says"])
        raise AssertionError(f"{who} sees no button {label!r} in {place}")

    def _new(self, act: Any) -> list[dict[str, Any]]:
        before = len(self.platform.posted)
        act()
        return [{"to": place.conversation, **shown} for place, shown in self.platform.posted[before:]]


def _sample_accounts(folder: Path) -> dict[str, dict[str, Any]]:
    file = folder / "people.csv"
    if not file.is_file():
        return {}
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    return {
        row["email"].split("@")[0].split(".")[0]: {"name": row["name"], "email": row["email"]} for row in rows[::-1]
    }


class AtOnce(Executor):
    """Does what is handed in at once, in the same thread: one worker has nothing to wait for."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **more: Any) -> Future[Any]:
        """What came of it."""
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **more))
        except Exception as fault:  # noqa: BLE001 - whoever asks for the result is told
            done.set_exception(fault)
        return done


@contextmanager
def world(store: Store, folder: Path, time: datetime, **more: Any) -> Iterator[World]:
    """A world that is put away at the end."""
    with AtOnce() as pool:
        yield World(store, folder, time, pool, **more)
