"""Accounts on the platforms: who is behind one, and where a person is written to. It asks no platform."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from bot.messages import Person, Place
from bot.store import tables as t
from bot.store.engine import Session
from bot.store.people import NOBODY, PLATFORM_SETTING, PersonRecord, key_of, new_person, record, settings
from bot.store.sql import changed, insert_new
from bot.store.times import day

_I = t.identity.c
# Whatever is heard begins with these, so they are put together once.
_NAMED = (
    _I.platform == bindparam("platform"),
    _I.workspace == bindparam("workspace"),
    _I.account == bindparam("account"),
)
_MET = select(_I.member, _I.refused).where(*_NAMED)
_BEHIND = select(t.person, _I.member, _I.refused).join(t.identity, _I.person == t.person.c.key).where(*_NAMED)


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
    key = key_of(tx, email) or _meet(tx, person, email)
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


def _meet(tx: Session, person: Person, email: str) -> str:
    values = {"email": email or None, "name": person.name, "locale": person.locale, "timezone": person.timezone}
    key = new_person(tx, {**NOBODY, **values, "origin": "contact"})
    return key_of(tx, email) or key


def of_person(tx: Session, person: str) -> list[Account]:
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
        of_person(tx, person), key=lambda a: (bool(a.refused), a.platform != chosen, a.direct is None), default=None
    )


def remember_direct(tx: Session, account: Person | Account, place: Place) -> None:
    """Keeps the place where this account is written to."""
    known = t.identity.c.direct == place.encode()
    tx.execute(update(t.identity).where(*_account(account), ~known).values(direct=place.encode()))
