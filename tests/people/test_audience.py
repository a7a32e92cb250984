"""Who is meant by an announcement, and in which words: names, units, roles, places, people, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from bot.messages import Card
from bot.people.audience import card_for, concerning, includes, viewer_of
from bot.playbook.initiative_file import InitiativeFile
from bot.playbook.model import Initiative, Organisation, Playbooks
from bot.playbook.shared_files import Unit
from bot.store.announcements import Audience, Wording
from bot.store.people import PersonRecord


def unit(id: str, parent: str | None = None) -> Unit:
    return Unit.model_validate({"id": id, "timezone": "UTC", "owner": "head@example.com", "parent": parent})


UNITS = {u.id: u for u in (unit("sales"), unit("north", "sales"), unit("finance"), unit("kitchen"))}


def initiative(**more: Any) -> Initiative:
    written = InitiativeFile.model_validate(
        {
            "id": "crm",
            "name": "CRM",
            "purpose": "Why",
            "serves": ["goal"],
            "sponsor": "sponsor@example.com",
            "project_manager": "pm@example.com",
            "units": [{"id": "sales"}, {"id": "finance"}],
            "change_agents": {"sales": ["agent@example.com"]},
            "audiences": {"leaders": {"units": ["sales"], "locations": ["Lisbon"], "people": ["guest@example.com"]}},
            **more,
        }
    )
    return Initiative("crm", "1", written)


CRM = initiative()
NINA = PersonRecord("n", "nina@example.com", unit="north", location="Lisbon")
FRED = PersonRecord("f", "fred@example.com", unit="finance", location="Porto")
KIM = PersonRecord("k", "kim@example.com", unit="kitchen")
AGENT = PersonRecord("a", "agent@example.com", unit="kitchen")
GUEST = PersonRecord("g", "guest@example.com", unit="kitchen")
ALL = {p.key: p for p in (NINA, FRED, KIM, AGENT, GUEST)}


def meant(audience: Audience, here: Initiative = CRM) -> str:
    """The keys of those who are meant."""
    return "".join(sorted(k for k, p in ALL.items() if includes(audience, viewer_of(p), here, UNITS)))


@pytest.mark.parametrize(
    ("audience", "keys"),
    [
        pytest.param(Audience(), "fn", id="all affected, with the units below"),
        pytest.param(Audience("change-agents"), "a", id="change agents"),
        pytest.param(Audience("leaders"), "gn", id="a name of the playbook"),
        pytest.param(Audience(units=("north",)), "n", id="narrowed to a unit"),
        pytest.param(Audience(locations=("Porto",)), "f", id="narrowed to a place"),
        pytest.param(Audience(units=("sales",), locations=("Porto",)), "", id="everything must match"),
        pytest.param(Audience(roles=("change-agent",)), "", id="an agent who is not affected"),
        pytest.param(Audience("", roles=("change-agent",)), "a", id="a role alone"),
        pytest.param(Audience("", units=("kitchen",)), "agk", id="a unit that is not affected"),
        pytest.param(Audience("", people=("kim@example.com",)), "k", id="people alone"),
        pytest.param(Audience(people=("kim@example.com",)), "fkn", id="people are added"),
        pytest.param(Audience(without=("fred@example.com",)), "n", id="without somebody"),
        pytest.param(
            Audience(people=("kim@example.com",), without=("kim@example.com",)), "fn", id="without comes before with"
        ),
        pytest.param(Audience(""), "", id="nobody named"),
        pytest.param(Audience("channel-only"), "fn", id="a name that only channels have"),
    ],
)
def test_who_is_meant(audience: Audience, keys: str) -> None:
    """Whoever matches, and nobody else."""
    assert meant(audience) == keys


def test_permission_comes_first() -> None:
    """Nobody hears of a draft who may not know of it, and in a pilot only those who are named."""
    everybody = Audience("", units=("sales", "finance", "kitchen"))

    assert meant(everybody, initiative(status="draft")) == ""
    assert meant(everybody, initiative(status="pilot", pilot={"units": ["finance"]})) == "f"


def test_guests_are_in_no_audience() -> None:
    """Whatever their address."""
    guest = PersonRecord("g", "guest@example.com", unit="sales", location="Lisbon", member=False)

    assert not includes(Audience("leaders", people=("guest@example.com",)), viewer_of(guest), CRM, UNITS)


def test_initiatives_concern_the_affected_and_who_has_a_role() -> None:
    """Being an administrator is not being concerned."""
    books = Playbooks(Organisation(units=UNITS), {"crm": CRM})
    admin = PersonRecord("x", "x@example.com", unit="kitchen", roles=("admin",))

    assert [k for k, p in (*ALL.items(), ("x", admin)) if concerning(viewer_of(p), books)] == ["n", "f", "a"]


@pytest.mark.parametrize(
    ("locale", "unit_", "body"),
    [
        ("pt-BR", "kitchen", "br"),
        ("pt-PT", "kitchen", "pt"),
        ("de", "kitchen", "en"),
        ("pt", "north", "vendas"),
        ("de", "north", "vendas"),
        ("pt", "finance", "pt"),
    ],
)
def test_the_words_are_of_the_nearest_unit_and_the_nearest_language(locale: str, unit_: str, body: str) -> None:
    """The locale, its language, English, the original; a unit's own words before everybody's."""
    cards = (("pt-BR", "br", ""), ("pt", "pt", ""), ("en", "en", ""), ("pt", "vendas", "sales"))
    wordings = [Wording(language, Card(text), of) for language, text, of in cards]

    found = card_for(wordings, locale, unit_, "pt", UNITS)

    assert found is not None
    assert found.body == body


def test_without_english_the_original_is_shown_and_else_whatever_there_is() -> None:
    """Better in another language than not at all."""
    wordings = [Wording("es", Card("es")), Wording("pt", Card("pt"))]

    assert card_for(wordings, "de", "", "pt", UNITS) == Card("pt")
    assert card_for(wordings, "de", "", "fr", UNITS) == Card("es")
    assert card_for([Wording("en", Card("x"), "finance")], "en", "north", "en", UNITS) is None
