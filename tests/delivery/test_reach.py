"""Which channels hear an announcement, and what a dry run says of whom it reaches and whom it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from bot.delivery import announcing
from bot.delivery.announcing import Preview, expand, preview
from bot.store import Store, people
from bot.store import tables as t
from bot.store.announcements import Audience
from bot.store.lanes import Lane
from tests.delivery.organisation import (
    BOOKS,
    CRM,
    MONDAY,
    NEWS,
    announce,
    bind,
    initiative,
    listed,
    place,
    playbooks,
    progress,
    queued,
    unit,
)

WORKSPACE = Lane("local", "acme")


def test_channels_of_the_audience_and_of_its_units_are_told_once(store: Store) -> None:
    """In the unit's words, in the unit's working hours."""
    north = unit("north", parent="sales")
    finance = unit("finance", "America/New_York", locale="pt")
    books = playbooks(CRM, units=[unit("sales"), north, finance, unit("desk")])
    bind(store, place("all"), "all-affected", "crm")
    bind(store, place("other"), "all-affected", "erp")
    bind(store, place("finance"), "finance")
    bind(store, place("finance"), "all-affected", "crm")
    bind(store, place("desk"), "desk")
    bind(store, place("north"), "north")
    announce(store)

    assert expand(store, books, MONDAY) == 3
    assert queued(store) == {"north": "English", "finance": "For finance", "all": "English"}
    assert progress(store) == ("done", 0, 3)
    with store.read() as tx:
        moments = set(tx.scalars(select(t.delivery.c.not_before)))
    assert moments == {MONDAY, datetime(2027, 3, 15, 13, tzinfo=UTC)}  # nine in New York


@pytest.mark.parametrize(
    ("audience", "told"),
    [
        pytest.param(Audience("leaders"), {"leaders"}, id="a named audience"),
        pytest.param(Audience("", units=("sales",)), {"sales"}, id="a unit"),
        pytest.param(Audience("leaders", units=("sales",)), {"sales"}, id="a part of a named audience"),
        pytest.param(Audience("leaders", locations=("Lisbon",)), set(), id="some of its people"),
        pytest.param(Audience("", people=("ana@example.com",)), set(), id="people alone"),
    ],
)
def test_no_channel_hears_what_is_not_for_all_who_read_there(store: Store, audience: Audience, told: set[str]) -> None:
    """A channel stands for a whole audience or unit."""
    bind(store, place("leaders"), "leaders", "crm")
    bind(store, place("sales"), "sales")
    announce(store, replace(NEWS, audience=audience))

    expand(store, BOOKS, MONDAY)

    assert set(queued(store)) == told


def test_nothing_goes_to_channels_before_an_initiative_is_live(store: Store) -> None:
    """There, somebody reads who may not know of it."""
    bind(store, place("sales"), "sales")
    announce(store)

    assert expand(store, playbooks(initiative("crm", ["sales"], status="pilot")), MONDAY) == 0


# The dry run.


def test_a_dry_run_counts_who_is_reached_and_why_others_are_not(store: Store) -> None:
    """And leaves nothing behind."""
    keys = {
        name: listed(store, name, account=name != "silent") for name in ("ana", "silent", "left", "blocked", "quiet")
    }
    bind(store, place("all"), "all-affected", "crm")
    with store.begin() as tx:
        people.mark_left(tx, [keys["left"]], MONDAY)
        people.set_setting(tx, keys["quiet"], "off", "wins,milestones")
        blocked = update(t.identity).where(t.identity.c.person == keys["blocked"])
        tx.execute(blocked.values(refused="the bot is blocked"))

    with store.read() as tx:
        found = preview(tx, NEWS, BOOKS)
        assert tx.execute(select(t.delivery)).all() == []

    reasons = {"no-account": 1, "left": 1, "refused": 1, "switched-off": 1}
    assert found == Preview(people=4, channels=1, unreachable=reasons, lanes={WORKSPACE: 2})
    with store.read() as tx:
        assert "switched-off" not in preview(tx, replace(NEWS, urgent=True), BOOKS).unreachable
        assert preview(tx, replace(NEWS, initiative="gone"), BOOKS) == Preview()


def test_a_dry_run_of_many_people_counts_them_all(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the size of a chunk."""
    monkeypatch.setattr(announcing, "CHUNK", 3)
    for n in range(10):
        listed(store, f"p{n}")

    with store.read() as tx:
        assert preview(tx, NEWS, BOOKS) == Preview(people=10, lanes={WORKSPACE: 10})
