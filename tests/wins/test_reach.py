"""For which units somebody can say a win, who decides about a suggestion, and whom a win reaches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from bot.delivery import announcing
from bot.playbook.access import Viewer
from bot.playbook.model import Playbooks
from bot.store import Store
from bot.store import wins as kept
from bot.store.wins import TOLD, Said, Win
from bot.wins import telling
from bot.wins.standing import beyond, deciders, readable, spots
from tests.delivery.organisation import MONDAY, bind, initiative, listed, place, playbooks, queued, unit

UNITS = (
    unit("company"),
    unit("sales", parent="company"),
    unit("north", parent="sales"),
    unit("south", parent="sales"),
    unit("finance", parent="company"),
    unit("legal"),
)
AGENTS = {"north": ["nina@example.com"], "sales": ["sam@example.com"], "finance": ["nina@example.com"]}


def books(**more: Any) -> Playbooks:
    given = {"change_agents": AGENTS, **more}
    return playbooks(initiative("crm", ["sales", "finance"], cap=9, **given), units=UNITS)


def viewer(name: str, unit: str, **more: Any) -> Viewer:
    return Viewer(email=f"{name}@example.com", unit=unit, **more)


@pytest.mark.parametrize(
    ("who", "more", "expected"),
    [
        (viewer("nina", "north"), {}, [("finance", True), ("north", True)]),
        (viewer("pm", "legal"), {}, [("finance", True), ("sales", True)]),
        (viewer("sponsor", ""), {}, [("finance", True), ("sales", True)]),
        (viewer("lea", "south"), {}, [("sales", False)]),
        (viewer("lara", "legal"), {}, []),
        (Viewer(unit="south"), {}, []),
        (viewer("lea", "south", outsider=True), {}, []),
        (viewer("pm", "legal"), {"status": "draft"}, []),
        (viewer("pm", "legal"), {"status": "pilot", "pilot": {"units": ["sales"]}}, [("sales", True)]),
        (viewer("nina", "north"), {"status": "pilot", "pilot": {"units": ["north"]}}, [("north", True)]),
        (viewer("lea", "south"), {"status": "pilot", "pilot": {"units": ["north"]}}, []),
    ],
)
def test_where_somebody_can_say_a_win(who: Viewer, more: Mapping[str, Any], expected: list[tuple[str, bool]]) -> None:
    assert [(spot.unit, spot.tells) for spot in spots(who, books(**more))] == expected


@pytest.mark.parametrize(("unit", "expected"), [("north", ["nina"]), ("south", ["sam"]), ("legal", [])])
def test_the_nearest_change_agents_decide(unit: str, expected: list[str]) -> None:
    found = books()

    names = deciders(found.initiatives["crm"], unit, found.organisation.units)

    assert [name.partition("@")[0] for name in names] == expected


@pytest.mark.parametrize(
    ("unit", "expected"), [("sales", ("finance",)), ("north", ("sales", "finance")), ("company", ())]
)
def test_who_has_not_heard_of_it(unit: str, expected: Sequence[str]) -> None:
    found = books()

    assert beyond(unit, found.initiatives["crm"], found.organisation.units) == expected


def test_where_others_read_along_only_approved_ones_are_shown() -> None:
    found = books()
    there, units = found.initiatives.values(), found.organisation.units

    crowd = readable(viewer("lea", "south", crowd=True), there, units)
    alone = readable(viewer("lea", "south"), there, units)
    guest = readable(viewer("gus", "", outsider=True), there, units)

    assert (crowd.everywhere, crowd.units, crowd.led) == (("crm",), (), ())
    assert (alone.units, alone.led) == (("south", "sales", "company"), ())
    assert guest.everywhere == ()


@pytest.mark.parametrize("unit", ["sales", "north"])
def test_everybody_affected_hears_of_it_once_and_nobody_else(store: Store, unit: str) -> None:
    crowd = {"nina": "north", "lea": "south", "sue": "sales", "finn": "finance", "lara": "legal"}
    keys = {name: listed(store, name, where) for name, where in crowd.items()}
    bind(store, place("finance-channel"), "finance")
    found = books()
    crm = found.initiatives["crm"]
    with store.begin() as tx:
        made = Win("", "crm", unit, TOLD, Said("It rings."), MONDAY, author=keys["nina"], told_at=MONDAY)
        win = kept.win(tx, kept.add(tx, made))
        assert win is not None
        telling.tell_unit(tx, win, crm, found, MONDAY)
    announcing.expand(store, found, MONDAY)
    at_first = set(queued(store))

    with store.begin() as tx:
        reach = telling.preview(tx, win, crm, found, MONDAY)
        telling.tell_everybody(tx, win, crm, found, MONDAY)
    announcing.expand(store, found, MONDAY)

    inside = {"Lea", "Sue"} if unit == "sales" else set()
    assert at_first == inside
    # `queued` sees to it that nobody is told twice.
    assert set(queued(store)) == {"Lea", "Sue", "Finn", "finance-channel"}
    assert reach.people == 3 - len(inside)
    assert reach.channels == 1
