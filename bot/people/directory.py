"""The directory: takes over a people file as a whole, and says what it did. Who is missing has left, and stays stored.

It knows no platform; the file's own faults are found in `people_file`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.people.people_file import PeopleFile
from bot.playbook.fault import Fault
from bot.store import audit, people
from bot.store.engine import Session


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import. `done` is False where bad rows stopped it; `left` are the addresses marked as left."""

    done: bool
    people: int
    left: tuple[str, ...]
    rejected: tuple[Fault, ...]


def import_people(tx: Session, file: PeopleFile, now: datetime, skip_bad: bool = False) -> Imported:
    """Makes the directory equal to the file. With a bad row nothing is done, unless `skip_bad`: then a person on a
    bad row stays as before. A file without a single good row never empties the directory."""
    if (file.faults and not skip_bad) or not file.rows:
        return Imported(False, 0, (), file.faults)
    people.upsert_people(tx, file.rows)
    staying = {row.email for row in file.rows} | set(file.mentioned)
    gone = [p for p in people.directory(tx) if p.listed and p.email not in staying]
    people.mark_left(tx, [p.key for p in gone], now)
    audit.note(tx, "", "people.imported", f"{len(file.rows)} people, {len(gone)} left", now)
    return Imported(True, len(file.rows), tuple(p.email for p in gone), file.faults)


def disagreements(records: Collection[people.PersonRecord], granted: dict[str, set[str]]) -> list[str]:
    """Where the roles of people.csv and the rights that playbooks give differ, one sentence each.

    `granted` are the roles that playbooks give, by address. Of the file's roles only `admin` grants anything.
    """
    found = []
    for record in records:
        claimed = set(record.roles) - {"employee", "admin"}
        given = granted.get(record.email, set())
        found += [
            f"people.csv calls {record.email} {role}, but no playbook does: it grants nothing"
            for role in sorted(claimed - given)
        ]
        found += [
            f"a playbook makes {record.email} {role}, people.csv does not say so" for role in sorted(given - claimed)
        ]
    return found
