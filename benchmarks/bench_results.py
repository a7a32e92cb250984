"""How long a survey of 60,000 answers takes to be added up with suppression, and to be read. `make bench` runs it."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from bot.playbook.shared_files import PulseTemplate, Unit
from bot.pulse.results import Outcome, changes, tallied
from bot.pulse.rules import weak_points
from bot.pulse.suppression import Group, label, partition
from bot.store import Seal, Store, ballots, results, surveys
from bot.store.ballots import Answered
from bot.store.results import Closed
from bot.store.surveys import New, Snapshot

ANSWERS, UNITS, QUESTIONS = 60_000, 400, 8
SECONDS = 3.0
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


def main() -> int:
    """Prints the figures; the status says whether they are within three seconds."""
    chance = random.Random(7)
    units = {
        f"u{n}": Unit.model_validate(
            {"id": f"u{n}", "timezone": "UTC", "owner": "o@example.com", "parent": f"u{n // 5}" if n else None}
        )
        for n in range(UNITS)
    }
    questions = [{"id": f"q{n}", "text": f"Question {n}?", "type": "scale"} for n in range(QUESTIONS)]
    template = PulseTemplate.model_validate({"id": "t", "name": "T", "questions": questions})
    # Few in some units and many in others, so that much has to be merged.
    sizes: dict[Group, int] = {
        (f"u{n}",): max(0, int(ANSWERS / UNITS * chance.paretovariate(2) - 150)) for n in range(UNITS)
    }
    atoms = {unit: label(group) for group in partition(sizes, units, 5) for unit in group}
    people = chance.choices(list(atoms), k=ANSWERS)
    answered = [
        Answered(
            uuid4().hex, atoms[unit], {f"q{n}": chance.randint(1, 5) for n in range(QUESTIONS) if chance.random() < 0.9}
        )
        for unit in people
    ]
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{Path(folder) / 'bench.db'}", secret=Seal(["k" * 40]))
        store.migrate()
        new = New(
            "i", "t", "h", Snapshot(template), uuid4().hex, "all-affected", 1.0, 1, 5, False, "UTC", NOW,
            NOW + timedelta(days=7),
        )  # fmt: skip
        with store.begin() as tx:
            opened = surveys.open_round(tx, new, [])
            if opened is None:
                return 1
            ballots.keep(tx, opened.id, answered, ())
        began = time.perf_counter()
        with store.begin() as tx:
            found = tallied(template, results.given(tx, opened.id), {}, units, 5)
            results.keep(tx, Closed(opened.id, date(2027, 3, 8), 0, {}, told=False), found)
        closed = time.perf_counter() - began
        began = time.perf_counter()
        with store.read() as tx:
            outcome = Outcome(template, results.tallies(tx, opened.id), {}, ANSWERS, units)
            cells = [outcome.cell(question, scope) for scope in outcome.scopes for question in outcome.scales()]
            weak_points(outcome, ())
            moved = changes(outcome, outcome)
        read = time.perf_counter() - began
        store.close()
    print(
        f"{ANSWERS} answers, {UNITS} units, {QUESTIONS} questions: {len(outcome.scopes)} groups, {len(cells)} figures"
    )
    print(f"added up with suppression, once, when it closes: {closed:.2f} s")
    print(f"all groups and questions read, compared with a round before ({len(moved)} changes): {read:.2f} s")
    return int(max(closed, read) > SECONDS)


if __name__ == "__main__":
    sys.exit(main())
