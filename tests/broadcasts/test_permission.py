"""Who may compose for whom, who is a second person, what a policy allows."""

from __future__ import annotations

from typing import Any

import pytest

from bot.broadcasts.permission import Scope, allowed, leads, may_decide, may_steer, scope
from bot.playbook.model import Organisation, Playbooks
from bot.playbook.shared_files import Policy
from bot.store.broadcasts import DRAFT, Broadcast, Version, Written
from bot.store.people import PersonRecord
from tests.delivery.organisation import initiative, unit

UNITS = {u.id: u for u in (unit("north"), unit("dock", parent="north"), unit("south"))}
WHOLE = Scope(everybody=True)


def books(policy: Policy | None = None, **messaging: Any) -> Playbooks:
    found = initiative("crm", ["north", "south"], change_agents={"north": ["ada@example.com"]}, messaging=messaging)
    return Playbooks(Organisation(units=UNITS, policy=policy or Policy()), {"crm": found})


def somebody(name: str, **more: Any) -> PersonRecord:
    return PersonRecord(name, f"{name}@example.com", name.title(), **{"unit": "south", **more})


def written(*units: str, group: str = "") -> Written:
    return Written((Version("en", "T", "t"),), units=units, group=group)


def may(who: PersonRecord, what: Playbooks) -> Scope:
    return scope(who, what.initiatives["crm"], what)


@pytest.mark.parametrize(
    ("who", "whom"),
    [
        (somebody("pm"), WHOLE),
        (somebody("sponsor"), WHOLE),
        (somebody("root", roles=("admin",)), WHOLE),
        (somebody("ada"), Scope(units=("north", "dock"))),
        (somebody("lea"), Scope()),
        (somebody("pm", member=False), Scope()),
    ],
    ids=["project manager", "sponsor", "admin", "change agent", "employee", "guest"],
)
def test_who_composes_for_whom(who: PersonRecord, whom: Scope) -> None:
    assert may(who, books()) == whom


@pytest.mark.parametrize(
    ("limit", "whom"),
    [("all", WHOLE), ("none", Scope()), ("own-unti", Scope(units=("north", "dock")))],
)
def test_author_limit_widens_and_narrows_and_what_it_does_not_know_is_narrow(limit: str, whom: Scope) -> None:
    assert may(somebody("ada"), books(author_limit={"change-agent": limit})) == whom


def test_a_project_manager_can_be_limited_too() -> None:
    what = books(author_limit={"project-manager": "own-unit"})

    assert may(somebody("pm"), what) == Scope(units=("south",))


def test_an_empty_author_limit_does_not_free_change_agents() -> None:
    assert may(somebody("ada"), books(author_limit={})) == Scope(units=("north", "dock"))


def test_a_scope_holds_only_what_names_units_within_it() -> None:
    own = may(somebody("ada"), books())

    assert own.holds(written("dock"))
    assert not own.holds(written("dock", "south"))
    assert not own.holds(written())
    assert not own.holds(written("north", group="leaders"))


def test_the_second_person_leads_and_is_never_the_author() -> None:
    crm = books().initiatives["crm"]
    mine = Broadcast(1, "crm", "pm", DRAFT, 1, written())

    assert not may_decide(somebody("pm"), mine, crm)
    assert may_decide(somebody("sponsor"), mine, crm)
    assert not may_decide(somebody("ada"), mine, crm)
    assert not leads(somebody("sponsor", member=False), crm)


def test_a_change_agent_follows_the_own_broadcast_alone() -> None:
    what = books()
    crm = what.initiatives["crm"]
    hers, other = (Broadcast(1, "crm", who, DRAFT, 1, written("north")) for who in ("ada", "pm"))

    assert may_steer(somebody("ada"), hers, crm, what)
    assert not may_steer(somebody("ada"), other, crm, what)
    assert may_steer(somebody("sponsor"), hers, crm, what)


def test_a_policy_holds_for_a_unit_and_those_below_it() -> None:
    what = books(Policy(off_in={"north": ("read-marks",)}))

    assert not allowed("read-marks", "dock", what)
    assert allowed("read-marks", "south", what)
    assert allowed("read-marks", "", what)
    assert not allowed("read-marks", "south", books(Policy(off=("read-marks",))))
