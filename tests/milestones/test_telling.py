"""To which channels a milestone is posted."""

from __future__ import annotations

from typing import Any

import pytest

from bot.milestones import telling
from bot.milestones.standing import standings
from bot.milestones.words import Subject
from bot.store import Store
from tests.delivery.organisation import bind, initiative, place, playbooks, unit

UNITS = (unit("sales"), unit("finance"))
AUDIENCES = {"leaders": {"roles": ["project-manager"], "units": ["sales"]}, "field": {"units": ["sales"]}}


@pytest.mark.parametrize(
    ("milestone", "expected"),
    [
        ({}, ["all", "finance", "sales"]),
        ({"units": ["sales"]}, ["sales"]),
        ({"audience": "leaders"}, ["leaders"]),
        ({"audience": "field"}, ["field", "sales"]),
        ({"audience": "nobody-bound"}, []),
    ],
)
def test_a_milestone_goes_to_the_channels_of_its_audience(
    store: Store, milestone: dict[str, Any], expected: list[str]
) -> None:
    for name in ("sales", "finance"):
        bind(store, place(name), name)
    for name, audience in (("all", "all-affected"), ("leaders", "leaders"), ("field", "field")):
        bind(store, place(name), audience, "crm")
    go = {"id": "go", "date": "2027-03-15", "owner": "pm@example.com", **milestone}
    crm = initiative("crm", ["sales", "finance"], audiences=AUDIENCES, milestones=[go])
    books = playbooks(crm, units=UNITS)
    (standing,) = standings(crm, {})

    with store.read() as tx:
        found = telling.channels_of(tx, Subject(crm, standing, books.organisation, str))

    assert sorted(channel.place.conversation for channel in found) == expected
