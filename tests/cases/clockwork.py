"""A small organisation whose cases the clock looks after: what is open, how it stands, and what was queued for whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from bot import cases as life
from bot.cases.opening import open_raised
from bot.cases.raised import Raised
from bot.messages import Card, Place
from bot.playbook.model import Playbooks
from bot.store import Store, case_history, cases, deliveries, gathering, people
from bot.store import tables as t
from bot.store.cases import Case
from tests.delivery.organisation import initiative, listed, playbooks, unit

LISBON = ZoneInfo("Europe/Lisbon")
PLACE = Place("local", "acme", "direct:lea")
STEP = timedelta(hours=1)


def at(text: str, zone: ZoneInfo = LISBON) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def books(**more: Any) -> Playbooks:
    """Sales in Lisbon with a holiday on Tuesday, 1 December 2026, below Commercial; the desk in Kolkata."""
    units = (
        unit("commercial", owner="boss@example.com"),
        unit("sales", owner="head@example.com", deputy="deputy@example.com", parent="commercial", country="PT"),
        unit("desk", "Asia/Kolkata", owner="asha@example.com"),
    )
    return playbooks(initiative("crm", ["sales", "desk"], **more), units=units)


def staffed(store: Store, *without: str) -> Store:
    """Everybody is there but those named."""
    for name in ("boss", "head", "deputy", "pm", "sponsor", "lea", "admin"):
        if name not in without:
            more: dict[str, Any] = {"roles": ("employee", "admin")} if name == "admin" else {}
            listed(store, name, **more)
    for name in ("asha", "dev"):
        listed(store, name, "desk")
    return store


def opened(store: Store, now: datetime, what: Playbooks, **more: Any) -> Case:
    """A concern of Lea's about Sales."""
    with store.begin() as tx:
        author = people.person_by_email(tx, "lea@example.com")
        assert author is not None
        asker = more.pop("asker", author.key)
        raised = Raised(**{"kind": "concern", "initiative": "crm", "text": "No time to test.", "unit": "sales", **more})
        case, posts = open_raised(tx, what, raised, asker=asker, reply_to=PLACE, now=now)
        deliveries.enqueue(tx, posts, now)
    return case


def now_stands(store: Store, case: Case) -> Case:
    with store.read() as tx:
        found = cases.case(tx, case.id)
    assert found is not None
    return found


def told(store: Store) -> list[tuple[str, str]]:
    """What was queued by the clock: for whom, and its first sentence; without the cards of the opening."""
    return [(who, card.body.splitlines()[0]) for who, card, key in posts(store) if ":card:" not in key]


def posts(store: Store) -> list[tuple[str, Card, str]]:
    found = []
    with store.read() as tx:
        for row in tx.execute(select(t.delivery).where(t.delivery.c.action == "post").order_by(t.delivery.c.seq)):
            who = people.person(tx, row.person) if row.person else None
            (card,) = gathering.cards(tx, [row.id]) or (Card(""),)
            found.append((who.name if who else "place", card, row.key))
    return found


def tick(store: Store, now: datetime, what: Playbooks) -> int:
    return life.due(store, what, now)


def run(store: Store, first: datetime, last: datetime, what: Playbooks, step: timedelta = STEP) -> None:
    """The clock ticks every hour."""
    while first <= last:
        tick(store, first, what)
        first += step


def recipients(store: Store, about: str) -> Counter[str]:
    """How often who was told something that holds these words."""
    return Counter(who for who, card, _ in posts(store) if about in f"{card.title}\n{card.body}")


def leave(store: Store, *names: str, on: date) -> None:
    with store.begin() as tx:
        for name in names:
            who = people.person_by_email(tx, f"{name}@example.com")
            assert who is not None
            people.mark_left(tx, [who.key], datetime(on.year, on.month, on.day, tzinfo=UTC))


def inflict(store: Store, case: Case, **columns: Any) -> None:
    """Changes a case behind everybody's back."""
    with store.begin() as tx:
        tx.execute(update(t.case).where(t.case.c.id == case.id).values(**columns))


def events(store: Store, case: Case) -> list[str]:
    with store.read() as tx:
        return [one.what for one in case_history.history(tx, case.id)]


def only(found: Iterable[tuple[str, str]], who: str) -> list[str]:
    return [text for name, text in found if name == who]
