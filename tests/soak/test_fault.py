"""Everything fails at once, again and again: platforms refuse, answer late or break off, and processes are killed at
any moment. In the end everybody has their message or a reason why not, and whoever has it twice is counted.
"""

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

import pytest
from sqlalchemy import select

from bot.messages import Place
from bot.people.directory import import_people
from bot.people.people_file import read_people
from bot.store import Store, accounts, announcements, audit, deliveries, hearing
from bot.store import tables as t
from tests.soak import nursery
from tests.soak.platforms import Platform, Platforms

NURSERY = Path(nursery.__file__)
SEED = 20270510
ONE_PROCESS = ("all",)
MANY_PROCESSES = ("worker", "worker", "worker", "clock", "clock", "web", "web")
SHORTEST_LIFE, LONGEST_LIFE = 0.05, 0.7  # seconds between two kills, from the moment when somebody sends
LONGEST_LULL = 3
OFTEN = 0.7
STOPS_WITHIN = 10
DONE = {"sent", "failed"}


class Nursery:
    """The processes that are killed, on a database and the platforms."""

    def __init__(self, program: subprocess.Popen[str], platforms: Platforms, store: Store) -> None:
        self._program = program
        self._platforms = platforms
        self._store = store
        self.alive: dict[int, str] = {}
        self.unknown: Counter[str] = Counter()

    def start(self, role: str) -> None:
        """One more process."""
        self.alive[int(self._ask(f"start {role}"))] = role

    def kill(self, process: int) -> None:
        """Kills it, counts the calls whose outcome nobody knows now, and starts another one in its place."""
        os.kill(process, signal.SIGKILL)  # it is not waited for yet, so that the number is still its own
        self._ask(f"end {process}")
        self._platforms.killed.add(process)
        with self._store.read() as tx:
            sending = set(tx.scalars(select(t.delivery.c.id).where(t.delivery.c.state == "sending")))
        for platform in self._platforms.known.values():
            last = {call.key: call.process for call in list(platform.calls)}
            self.unknown[platform.name] += sum(last.get(key) == process for key in sending)
        self.start(self.alive.pop(process))

    def stop(self) -> list[int]:
        """Asks all to stop, and returns the exit statuses."""
        for process in self.alive:
            os.kill(process, signal.SIGTERM)
        return [int(self._ask(f"end {process}")) for process in self.alive]

    def _ask(self, line: str) -> str:
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.write(f"{line}\n")
        self._program.stdin.flush()
        return self._program.stdout.readline()


@contextmanager
def nursery_of(store: Store, url: str, platforms: Platforms) -> Iterator[Nursery]:
    command = [sys.executable, str(NURSERY), url, platforms.address]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        children = Nursery(program, platforms, store)
        try:
            yield children
        finally:
            for process in children.alive:
                os.kill(process, signal.SIGKILL)
            program.kill()


def invite(store: Store, recipients: int) -> None:
    """Puts the recipients into the directory, half of whom have written before, and has something to tell them."""
    invited = [nursery.recipient(number) for number in range(recipients)]
    rows = [f"{p.email},{p.account},sales,,en,Europe/Lisbon,employee," for p in invited]
    header = "email,name,unit,manager,locale,timezone,roles,start_date"
    directory = read_people("\n".join([header, *rows]).encode(), {"sales"})
    with store.begin() as tx:
        assert import_people(tx, directory, nursery.now()).people == recipients
        for number, person in enumerate(invited):
            accounts.identify(tx, person, nursery.now())
            if number % 4 < 2:
                place = Place(person.platform, person.workspace, f"direct:{person.account}")
                accounts.remember_direct(tx, person, place)
        announcements.add(tx, nursery.announcement(), nursery.now())


def victim(chance: random.Random, children: Nursery, platforms: Platforms) -> int:
    """Who is killed next: often whoever just called a platform."""
    calling = [p for p in map(platforms.holder, platforms.known) if p in children.alive]
    return chance.choice(calling if calling and chance.random() < OFTEN else list(children.alive))


def wait_until_somebody_sends(children: Nursery, platforms: Platforms) -> None:
    """A platform is called by somebody alive, or has not been for so long that there is nothing to wait for."""
    end = time.monotonic() + LONGEST_LULL
    while not children.alive.keys() & set(map(platforms.holder, platforms.known)) and time.monotonic() < end:
        time.sleep(0.02)


def all_done(store: Store, platforms: Platforms, expected: int) -> bool:
    with store.read() as tx:
        sent = deliveries.counts(tx)
        return (
            not platforms.waiting
            and "waiting" not in hearing.counts(tx)
            and sent.keys() <= DONE
            and sum(sent.values()) >= expected
        )


def wait_until_done(store: Store, platforms: Platforms, expected: int, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not all_done(store, platforms, expected):
        assert time.monotonic() < end, "not everything was sent"
        time.sleep(0.1)


def everybody_is_accounted_for(store: Store, platforms: Platforms, recipients: int) -> None:
    """Sent exactly where the platform takes messages, failed exactly where it refuses, with its reason."""
    with store.read() as tx:
        rows = {row.key: row for row in tx.execute(select(t.delivery).where(t.delivery.c.batch == nursery.NEWS))}
        addresses = {row.key: row.email for row in tx.execute(select(t.person.c.key, t.person.c.email))}
        assert audit.verify(tx) is None
    told = {addresses[key.removeprefix(f"{nursery.NEWS}:")]: row for key, row in rows.items()}
    invited = [nursery.recipient(number) for number in range(recipients)]
    assert told.keys() == {person.email for person in invited}
    for person in invited:
        row = told[person.email]
        if platforms.blocked(person.account):
            assert (row.state, row.reason) == ("failed", "blocked")
        else:
            assert (row.state, platforms.known[row.platform].taken[row.id] > 0) == ("sent", True)


def every_question_is_answered_once(store: Store, platforms: Platforms, questions: int) -> None:
    """Each was handled once, so that everybody who asked got the same number of different messages."""
    with store.read() as tx:
        assert hearing.counts(tx) == {"handled": questions}
    got = Counter(
        account
        for platform in platforms.known.values()
        for account in platform.account_of.values()
        if account.startswith("asks")
    )
    assert len(got) == questions
    assert len(set(got.values())) == 1


def what_is_doubled_is_counted(store: Store, platform: Platform, unknown: int) -> None:
    """Nothing where the platform can be searched; elsewhere no more than there were calls without outcome, each counted
    where it happened.
    """
    with store.read() as tx:
        doubts = {row.id: row.doubts for row in tx.execute(select(t.delivery.c.id, t.delivery.c.doubts))}
    if platform.history:
        assert platform.doubled == 0
    assert platform.doubled <= unknown
    assert {key: times for key, times in platform.taken.items() if times - 1 > doubts[key]} == {}


def kept_to_the_pace(platforms: Platforms) -> None:
    """No platform was called faster than it allows, nor by two processes at once: whoever took over waited."""
    assert {p.name: (p.too_fast, p.two_at_once) for p in platforms.known.values()} == dict.fromkeys(
        platforms.known, (0, 0)
    )


def everything_fails(store: Store, url: str, recipients: int, kills: int, questions: int, seconds: float) -> None:
    chance = random.Random(SEED)
    platforms = Platforms(nursery.WINDOW, SEED, nursery.PATIENCE.call.total_seconds())
    platforms.waiting = {f"E{n}": 0.0 for n in range(questions)}
    invite(store, recipients)
    began = time.monotonic()
    with platforms.running(), nursery_of(store, url, platforms) as children:
        for role in ONE_PROCESS if store.embedded else MANY_PROCESSES:
            children.start(role)
        for _ in range(kills):
            wait_until_somebody_sends(children, platforms)
            time.sleep(chance.uniform(SHORTEST_LIFE, LONGEST_LIFE))
            children.kill(victim(chance, children, platforms))
        wait_until_done(store, platforms, recipients + questions, seconds)
        asked_to_stop = time.monotonic()
        assert set(children.stop()) == {0}
        assert time.monotonic() - asked_to_stop < STOPS_WITHIN
        children.alive.clear()
    report(store, platforms, children, time.monotonic() - began)
    everybody_is_accounted_for(store, platforms, recipients)
    every_question_is_answered_once(store, platforms, questions)
    for platform in platforms.known.values():
        what_is_doubled_is_counted(store, platform, children.unknown[platform.name] + platform.broken_off)
    kept_to_the_pace(platforms)
    if not store.embedded:
        assert all(len({call.process for call in p.calls}) > 1 for p in platforms.known.values()), "nobody took over"


def report(store: Store, platforms: Platforms, children: Nursery, seconds: float) -> None:
    with store.read() as tx:
        print(f"seed {SEED}, {seconds:.1f} s, {deliveries.counts(tx)}, doubts {deliveries.doubts(tx)}")  # noqa: T201
    for p in platforms.known.values():
        print(  # noqa: T201 - for whoever looks into a failure
            f"{p.name}: {len(p.calls)} calls, {len(p.taken)} messages taken, {p.doubled} doubled,"
            f" {p.broken_off} broken off, {children.unknown[p.name]} in flight at a kill,"
            f" {len({call.process for call in p.calls})} callers, {p.too_fast} too fast, {p.two_at_once} two at once"
        )


def test_ten_kills_among_faults(store: Store, database_url: str) -> None:
    everything_fails(store, database_url, recipients=2_000, kills=10, questions=40, seconds=120)


@pytest.mark.soak
def test_two_hundred_kills_among_faults(store: Store, database_url: str) -> None:
    everything_fails(store, database_url, recipients=20_000, kills=200, questions=1_000, seconds=900)
