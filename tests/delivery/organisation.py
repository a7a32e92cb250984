"""A small organisation for tests of what is told to whom and when: units in several zones, people, news."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select, update

from bot.messages import Card, Person, Place
from bot.people.people_file import PersonRow
from bot.playbook.initiative_file import InitiativeFile
from bot.playbook.model import Initiative, Organisation, Playbooks
from bot.playbook.shared_files import Unit
from bot.store import Session, Store, accounts, announcements, channels, people
from bot.store import gathering as waiting
from bot.store import tables as t
from bot.store.announcements import Announcement, Audience, Wording
from bot.store.channels import Binding

MONDAY = datetime(2027, 3, 15, 9, 30, tzinfo=UTC)


def unit(id: str, zone: str = "Europe/Lisbon", **more: Any) -> Unit:
    return Unit.model_validate({"id": id, "timezone": zone, "owner": "head@example.com", **more})


def initiative(id: str, units: Sequence[str], cap: int = 3, **more: Any) -> Initiative:
    written = InitiativeFile.model_validate(
        {
            "id": id,
            "name": id.title(),
            "purpose": "Why",
            "serves": ["goal"],
            "sponsor": "sponsor@example.com",
            "project_manager": "pm@example.com",
            "units": [{"id": u} for u in units],
            "messaging": {"weekly_cap": cap},
            **more,
        }
    )
    return Initiative(id, "1", written)


def playbooks(*initiatives: Initiative, units: Sequence[Unit] = ()) -> Playbooks:
    known = units or (unit("sales"), unit("finance", locale="pt-BR"), unit("desk", "Asia/Kolkata"))
    return Playbooks(Organisation(units={u.id: u for u in known}), {i.id: i for i in initiatives})


def listed(store: Store, name: str, unit: str = "sales", account: bool = True, **more: Any) -> str:
    """Somebody of the directory, with an account unless it says otherwise; returns their key."""
    email = f"{name}@example.com"
    row = PersonRow(email, name.title(), unit, "", "", "", (), None, "", (), None, line=2)
    with store.begin() as tx:
        people.upsert_people(tx, [replace(row, **more)])
        if account:
            accounts.identify(tx, Person("local", "acme", name, email=email), MONDAY)
        found = people.person_by_email(tx, email)
    assert found is not None
    return found.key


def send_what_is_released(tx: Session, now: datetime) -> list[str]:
    """As a sender without any limit would: what is due is sent at once. Returns the keys."""
    c = t.delivery.c
    ready = (c.state == "queued", c.timed, c.not_before <= now)
    keys = list(tx.scalars(select(c.key).where(*ready).order_by(c.seq)))
    tx.execute(update(t.delivery).where(*ready).values(state="sent", sent_at=now))
    return keys


def fate(store: Store, key: str) -> tuple[str, bool, str]:
    """State, whether its moment is decided, and the reason."""
    c = t.delivery.c
    with store.read() as tx:
        row = tx.execute(select(c.state, c.timed, c.reason).where(c.key == key)).one()
    return row.state, row.timed, row.reason


# Announcements.

CRM = initiative("crm", ["sales", "finance"])
BOOKS = playbooks(CRM)
NEWS = Announcement(
    key="crm:news",
    kind="milestones",
    initiative="crm",
    audience=Audience(),
    wordings=(
        Wording("en", Card("English")),
        Wording("pt", Card("Português")),
        Wording("en", Card("For finance"), "finance"),
    ),
    due_at=MONDAY,
)


def place(name: str) -> Place:
    return Place("local", "acme", name, kind="channel")


def announce(store: Store, announcement: Announcement = NEWS) -> bool:
    with store.begin() as tx:
        return announcements.add(tx, announcement, MONDAY)


def bind(store: Store, where: Place, audience: str, of: str = "") -> None:
    with store.begin() as tx:
        channels.bind(tx, Binding(where, of, audience), "", date(2027, 3, 1))


def queued(store: Store) -> dict[str, str]:
    """What is queued for each person by name, and for each place: the words."""
    found = {}
    with store.read() as tx:
        for row in tx.execute(select(t.delivery).order_by(t.delivery.c.seq)):
            (card,) = waiting.cards(tx, [row.id]) or (Card(""),)
            who = people.person(tx, row.person) if row.person else None
            where = who.name if who else Place.decode(tx.seal.open(row.place)).conversation
            assert where not in found
            found[where] = card.body
    return found


def progress(store: Store) -> tuple[str, int, int]:
    with store.read() as tx:
        found = announcements.progress(tx, NEWS.key)
    assert found is not None
    return found.state, found.people, found.channels
