"""Who is who: persons, their accounts on the platforms, and what they have set. It reads no file and asks no
platform.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Select, bindparam, delete, select, update

from bot.messages import Person, Place
from bot.store import tables as t
from bot.store.directory_row import DirectoryRow, WorkingHours
from bot.store.engine import Session
from bot.store.sql import changed, insert_new, put
from bot.store.times import day

_I, _S = t.identity.c, t.setting.c
# Whatever is heard begins with these, so they are put together once.
_NAMED = (
    _I.platform == bindparam("platform"),
    _I.workspace == bindparam("workspace"),
    _I.account == bindparam("account"),
)
_MET = select(_I.member, _I.refused).where(*_NAMED)
_BEHIND = select(t.person, _I.member, _I.refused).join(t.identity, _I.person == t.person.c.key).where(*_NAMED)
_SET = select(_S.name, _S.value).where(_S.person == bindparam("whose"))

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


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account on a platform; `direct` is the place where they are written to, once it is known. `refused`:
    why the platform would not deliver there, until they speak again.
    """

    platform: str
    workspace: str
    account: str
    direct: Place | None = None
    refused: str = ""


class Unacquainted(Exception):
    """This account is new, and nothing but the account was told of it: ask the platform who it is."""

    def __init__(self, person: Person) -> None:
        super().__init__("an account that is not known yet")
        self.person = person


def identify(tx: Session, person: Person, now: datetime) -> PersonRecord:
    """The person behind this account, remembered from the first contact on. A platform's refusal to deliver to the
    account is forgotten: it is there again. Raises `Unacquainted` for a new account that is `bare`.

    An account is linked once: a full member by e-mail to whoever has that address, anybody else to a new
    person without address. Afterwards only the account counts, whatever its address becomes.
    """
    found = _known(tx, person)
    if found:
        return found
    if person.bare:
        raise Unacquainted(person)
    member = person.member and not person.bot
    email = person.email.strip().lower() if member else ""
    key = _person_of(tx, email) or _meet(tx, person, email)
    new = insert_new(
        tx, t.identity, {**_names(person), "person": key, "member": member, "direct": "", "first_seen": day(now)}
    )
    if not new and not email:
        # Another thread met the same account first; the person made here has no account and is nobody.
        tx.execute(delete(t.person).where(t.person.c.key == key))
    return _known(tx, person) or PersonRecord(key)


def is_known(tx: Session, person: Person) -> bool:
    """Whether `identify` would find this account, and nothing about it to change. Only reads."""
    row = tx.execute(_MET, _names(person)).first()
    return row is not None and not row.refused and (person.bare or row.member == (person.member and not person.bot))


def _known(tx: Session, person: Person) -> PersonRecord | None:
    row = tx.execute(_BEHIND, _names(person)).first()
    if row is None:
        return None
    member = row.member if person.bare else person.member and not person.bot
    if row.member != member or row.refused:
        there = {"member": member, "refused": "", "refused_on": None}
        tx.execute(update(t.identity).where(*_account(person)).values(there))
    return record(row, member)


def _names(person: Person) -> dict[str, str]:
    return {"platform": person.platform, "workspace": person.workspace, "account": person.account}


def _account(person: Person | Account) -> tuple[Any, ...]:
    c = t.identity.c
    return (c.platform == person.platform, c.workspace == person.workspace, c.account == person.account)


def _person_of(tx: Session, email: str) -> str | None:
    return tx.scalar(select(t.person.c.key).where(t.person.c.email == email)) if email else None


def _meet(tx: Session, person: Person, email: str) -> str:
    values = {"email": email or None, "name": person.name, "locale": person.locale, "timezone": person.timezone}
    key = _new_person(tx, {**_NOBODY, **values, "origin": "contact"})
    return _person_of(tx, email) or key


_NOBODY: dict[str, Any] = {
    "unit": "",
    "manager": "",
    "location": "",
    "roles": [],
    "working_days": [],
    "working_hours": {},
}


def _new_person(tx: Session, values: dict[str, Any]) -> str:
    key = uuid4().hex
    insert_new(tx, t.person, {"key": key, **values})
    return key


def person(tx: Session, key: str) -> PersonRecord | None:
    """The person with this key. Whoever is not in the directory is a member if one of their accounts is."""
    row = tx.execute(_people().where(t.person.c.key == key)).first()
    if row is None:
        return None
    accounts = tx.scalars(select(t.identity.c.member).where(t.identity.c.person == key)).all()
    return record(row, any(accounts) or row.origin == "directory")


def person_by_email(tx: Session, email: str) -> PersonRecord | None:
    """The person with this address, in or outside the directory."""
    key = _person_of(tx, email.strip().lower())
    return person(tx, key) if key else None


def accounts(tx: Session, person: str) -> list[Account]:
    """All accounts of a person, in a fixed order."""
    c = t.identity.c
    rows = tx.execute(select(t.identity).where(c.person == person).order_by(c.platform, c.workspace, c.account))
    return [
        Account(row.platform, row.workspace, row.account, Place.decode(row.direct) if row.direct else None, row.refused)
        for row in rows
    ]


def forgive(tx: Session, refused_before: date) -> int:
    """Forgets refusals from before this day: a platform does not say whether the person or the one message was at
    fault, and nobody is to be passed over for ever.
    """
    old = t.identity.c.refused_on < refused_before
    return changed(tx, update(t.identity).where(old).values(refused="", refused_on=None))


def forget_accounts(tx: Session, platform: str) -> int:
    """Deletes all accounts on a platform that is not served any more; the persons stay."""
    return changed(tx, delete(t.identity).where(t.identity.c.platform == platform))


def account_for_writing(tx: Session, person: str) -> Account | None:
    """Where this person wants to be written to: the platform they chose, else one where they have written to
    us. An account that the platform refuses comes last.
    """
    chosen = settings(tx, person).get(PLATFORM_SETTING, "")
    return min(
        accounts(tx, person), key=lambda a: (bool(a.refused), a.platform != chosen, a.direct is None), default=None
    )


def remember_direct(tx: Session, account: Person | Account, place: Place) -> None:
    """Keeps the place where this account is written to."""
    known = t.identity.c.direct == place.encode()
    tx.execute(update(t.identity).where(*_account(account), ~known).values(direct=place.encode()))


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
            _new_person(tx, {"email": email, **values})


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
