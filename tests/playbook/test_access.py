"""Who may know of an initiative and read a passage: every combination that matters, and deny by default."""

from __future__ import annotations

import pytest

from bot.playbook.access import Viewer, in_audience, may_know, may_read, roles
from bot.playbook.initiative_file import InitiativeFile
from bot.playbook.model import Initiative, Passage
from bot.playbook.shared_files import Unit

UNITS = {
    u: Unit(id=u, timezone="UTC", owner="head@example.com", parent=p)
    for u, p in (("all", None), ("sales", "all"), ("sales-north", "sales"), ("office", "all"))
}


def initiative(status: str = "live", *audiences: str) -> Initiative:
    """An initiative that affects Sales, with a passage for each audience."""
    written = InitiativeFile.model_validate(
        {
            "id": "x",
            "name": "X",
            "purpose": "P",
            "serves": ["g"],
            "sponsor": "sponsor@example.com",
            "project_manager": "pm@example.com",
            "status": status,
            "pilot": {"units": ["sales-north"], "people": ["tester@example.com"]},
            "units": [{"id": "sales"}],
            "change_agents": {"sales": ["agent@example.com"]},
            "audiences": {
                "north": {"units": ["sales-north"], "roles": ["employee"], "locations": ["Oslo"]},
                "agents-of-sales": {"units": ["sales"], "roles": ["change-agent"]},
                "two": {"people": ["a@example.com", "b@example.com"]},
                "empty": {},
            },
            "channels": ["only-a-channel"],
        }
    )
    return Initiative("x", "v1", written, passages=tuple(passage(a) for a in audiences))


def passage(audience: str = "") -> Passage:
    """A passage with this permission."""
    return Passage("p", "x", "x/a.md", "H", "B", "en", "page", audience=audience)


EMPLOYEE = Viewer(email="e@example.com", unit="sales")
NORTH = Viewer(email="n@example.com", unit="sales-north", location="Oslo")
OFFICE = Viewer(email="o@example.com", unit="office")
AGENT = Viewer(email="agent@example.com", unit="sales")
SPONSOR = Viewer(email="sponsor@example.com", unit="office")
LEADER = Viewer(email="pm@example.com", unit="office")
ADMIN = Viewer(email="admin@example.com", unit="office", admin=True)
TESTER = Viewer(email="tester@example.com", unit="office")
GUEST = Viewer(outsider=True)
CROWD = Viewer(email="pm@example.com", unit="sales-north", crowd=True)
NOBODY = Viewer()


@pytest.mark.parametrize(
    ("status", "who", "knows"),
    [
        ("live", EMPLOYEE, True),
        ("live", NOBODY, True),
        ("live", CROWD, True),
        ("live", GUEST, False),
        ("draft", EMPLOYEE, False),
        ("draft", NORTH, False),
        ("draft", AGENT, False),
        ("draft", TESTER, False),
        ("draft", SPONSOR, True),
        ("draft", LEADER, True),
        ("draft", ADMIN, True),
        ("draft", CROWD, False),
        ("draft", GUEST, False),
        ("pilot", EMPLOYEE, False),
        ("pilot", NORTH, True),
        ("pilot", TESTER, True),
        ("pilot", AGENT, False),
        ("pilot", SPONSOR, True),
        ("pilot", NOBODY, False),
        ("pilot", CROWD, False),
        ("pilot", GUEST, False),
    ],
)
def test_who_may_know(status: str, who: Viewer, knows: bool) -> None:
    """Before `live` only those named; where others read along, nobody."""
    assert may_know(who, initiative(status), UNITS) is knows


def test_a_guest_knows_of_what_has_a_public_page_and_is_live() -> None:
    """A public page of a draft is not public yet."""
    assert may_know(GUEST, initiative("live", "public"), UNITS)
    assert not may_know(GUEST, initiative("draft", "public"), UNITS)


def test_everywhere_is_not_in_the_pilot() -> None:
    """Who asks without saying the unit is not taken to be named in a pilot."""
    assert not may_know(Viewer(everywhere=True), initiative("pilot"), UNITS)


@pytest.mark.parametrize(
    ("audience", "readers"),
    [
        ("", [EMPLOYEE, NORTH, OFFICE, AGENT, NOBODY, CROWD]),
        ("public", [EMPLOYEE, NORTH, OFFICE, AGENT, NOBODY, CROWD, GUEST]),
        ("all-affected", [EMPLOYEE, NORTH, AGENT]),
        ("only-a-channel", [EMPLOYEE, NORTH, AGENT]),
        ("change-agents", [AGENT]),
        ("agents-of-sales", [AGENT]),
        ("north", [NORTH]),
        ("two", []),
        ("empty", []),
    ],
)
def test_who_may_read(audience: str, readers: list[Viewer]) -> None:
    """The audience of a page is a permission: nobody else reads it, and nobody does where others read along."""
    everyone = [EMPLOYEE, NORTH, OFFICE, AGENT, NOBODY, CROWD, GUEST]

    allowed = [who for who in everyone if may_read(who, passage(audience), initiative(), UNITS)]

    assert allowed == readers


def test_named_people_are_added() -> None:
    """An audience that only names people means only these."""
    assert in_audience(Viewer(email="a@example.com", unit="office"), "two", initiative(), UNITS)
    assert not in_audience(EMPLOYEE, "two", initiative(), UNITS)


def test_everywhere_is_an_employee_of_every_affected_unit() -> None:
    """As `throughline ask` without a unit: what all employees of the affected units may read, and no more."""
    anybody = Viewer(everywhere=True)

    assert in_audience(anybody, "all-affected", initiative(), UNITS)
    assert not in_audience(anybody, "change-agents", initiative(), UNITS)
    assert not in_audience(anybody, "north", initiative(), UNITS)


def test_an_empty_address_is_nobody() -> None:
    """Somebody without an address holds no role, whatever the playbook leaves open."""
    assert roles(NOBODY, initiative()) == {"employee"}
    assert roles(GUEST, initiative()) == frozenset()
