"""Who is who: persons, in the directory or not, and what they have set. It reads no file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Select, bindparam, delete, exists, select, update

from bot.store import tables as t
from bot.store.directory_row import DirectoryRow, WorkingHours
from bot.store.engine import Session
from bot.store.sql import changed, insert_new, put
from bot.store.times import day

_S = t.setting.c
_SET = select(_S.name, _S.value).where(_S.person == bindparam("whose"))
_MEMBER = exists().where(t.identity.c.person == t.person.c.key, t.identity.c.member).label("member")
_BY_KEY = select(t.person, _MEMBER).where(t.person.c.key == bindparam("whose"))
_BY_EMAIL = select(t.person, _MEMBER).where(t.person.c.email == bindparam("address"))
_KEY = select(t.person.c.key).where(t.person.c.email == bindparam("address"))

# The setting that says on which of several platforms somebody wants to be written to.
PLATFORM_SETTING = "platform"


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """A person as the database knows them. `key` is random and means nothing elsewhere; addresses are in
    lower case.

    `listed` says that they are in the directory and have not left. `member` is False for guests and
    externals. `working_days` and `working_hours` are as in the directory, empty where it
    says nothing; hours are {"from": "09:00", "to": "17:00"}.
    """

    key: str
    email: str = ""
    name: str = ""
    unit: str = ""
    manager: str = ""
    locale: str = ""
    timezone: str = ""
    location: str = ""
    roles: tuple[str, ...] = ()
    start_date: date | None = None
    working_days: tuple[str, ...] = ()
    working_hours: Mapping[str, str] = field(default_factory=dict)
    listed: bool = False
    left_on: date | None = None
    member: bool = True


def key_of(tx: Session, email: str) -> str | None:
    """The key of whoever has this address, in lower case; None for nobody, or without one."""
    return tx.scalar(_KEY, {"address": email}) if email else None


NOBODY: dict[str, Any] = {
    "unit": "",
    "manager": "",
    "location": "",
    "roles": [],
    "working_days": [],
    "working_hours": {},
}


def new_person(tx: Session, values: dict[str, Any]) -> str:
    """Makes a person, and says the key; nothing is made where somebody has the address already."""
    key = uuid4().hex
    insert_new(tx, t.person, {"key": key, **values})
    return key


def person(tx: Session, key: str) -> PersonRecord | None:
    """The person with this key. Whoever is not in the directory is a member if one of their accounts is."""
    return _found(tx.execute(_BY_KEY, {"whose": key}).first())


def person_by_email(tx: Session, email: str) -> PersonRecord | None:
    """The person with this address, in or outside the directory."""
    address = email.strip().lower()
    return _found(tx.execute(_BY_EMAIL, {"address": address}).first()) if address else None


def _found(row: Any) -> PersonRecord | None:
    return record(row, row.member or row.origin == "directory") if row is not None else None


def directory(tx: Session) -> list[PersonRecord]:
    """Everybody in the directory, by address; those who have left too."""
    rows = tx.execute(_people().where(t.person.c.origin == "directory").order_by(t.person.c.email))
    return [record(row, True) for row in rows]


def departed(tx: Session, addresses: Collection[str]) -> list[PersonRecord]:
    """Those of these addresses who are no longer in the directory, by address."""
    gone = (t.person.c.email.in_(sorted(addresses)), t.person.c.left_on.is_not(None))
    return [record(row, True) for row in tx.execute(_people().where(*gone).order_by(t.person.c.email))]


def upsert_people(tx: Session, rows: Iterable[DirectoryRow]) -> None:
    """Writes these rows into the directory, by address. Who had left is back."""
    for row in rows:
        email = row.email.strip().lower()
        values = {
            "name": row.name,
            "unit": row.unit,
            "manager": row.manager.lower(),
            "locale": row.locale,
            "timezone": row.timezone,
            "location": row.location,
            "roles": list(row.roles),
            "start_date": row.start_date,
            "working_days": list(row.working_days),
            "working_hours": _hours(row.working_hours),
            "origin": "directory",
            "left_on": None,
        }
        if not changed(tx, update(t.person).where(t.person.c.email == email).values(**values)):
            new_person(tx, {"email": email, **values})


def _hours(hours: WorkingHours | None) -> dict[str, str]:
    return {"from": f"{hours.start:%H:%M}", "to": f"{hours.until:%H:%M}"} if hours else {}


def mark_left(tx: Session, keys: Iterable[str], now: datetime) -> None:
    """Notes that these persons are no longer in the directory. Nothing of theirs is deleted."""
    leaving = t.person.c.key.in_(list(keys)) & t.person.c.left_on.is_(None)
    tx.execute(update(t.person).where(leaving).values(left_on=day(now)))


def settings(tx: Session, person: str) -> dict[str, str]:
    """What this person has set, by name."""
    rows = tx.execute(_SET, {"whose": person})
    return {row.name: row.value for row in rows}


def set_setting(tx: Session, person: str, name: str, value: str) -> None:
    """Sets one thing; an empty value takes the setting back."""
    key = {"person": person, "name": name}
    if value:
        put(tx, t.setting, key, {"value": value})
    else:
        tx.execute(delete(t.setting).where(t.setting.c.person == person, t.setting.c.name == name))


def _people() -> Select[Any]:
    return select(t.person)


def record(row: Any, member: bool) -> PersonRecord:
    """The person in a row of the table; `member` says whether one of their accounts is a full member's."""
    return PersonRecord(
        key=row.key,
        email=row.email or "",
        name=row.name,
        unit=row.unit,
        manager=row.manager,
        locale=row.locale,
        timezone=row.timezone,
        location=row.location,
        roles=tuple(row.roles),
        start_date=row.start_date,
        working_days=tuple(row.working_days),
        working_hours=row.working_hours,
        listed=row.origin == "directory" and row.left_on is None,
        left_on=row.left_on,
        member=member,
    )
