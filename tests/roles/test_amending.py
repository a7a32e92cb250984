"""What was accepted in chat, laid over the playbooks: in force until the file's own value is edited."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import delete

from bot.amending import amended, differences, written_mark
from bot.playbook.model import Initiative, Playbooks
from bot.playbook.passages import passages
from bot.store import Store, amendments, people
from bot.store import milestones as kept
from bot.store import tables as t
from bot.store.amendments import AFTER, AGENT, LEADER, MILESTONE, SPONSOR, UNIT, Accepted, accepted, amend
from bot.store.seal import Seal
from tests.delivery.organisation import initiative, listed, playbooks, unit

TODAY = date(2027, 3, 15)
MARK = Seal(["k" * 32]).mark
ROLES = [(SPONSOR, ""), (LEADER, ""), (AGENT, "sales"), (MILESTONE, "go"), (AFTER, "")]


def crm(**more: Any) -> Initiative:
    milestone = {"id": "go", "name": "We go", "date": "2027-06-01", "owner": "owner@example.com"}
    found = initiative(
        "crm", ["sales"], **{"change_agents": {"sales": ["ada@example.com"]}, "milestones": [milestone], **more}
    )
    translated = {"pt": found.written.model_copy(update={"name": "Clientes"})}
    return replace(found, translations=translated, passages=passages("crm", found.written, translated, ()))


def books(**more: Any) -> Playbooks:
    return playbooks(crm(**more), units=(unit("sales"), unit("desk")))


def role(what: Playbooks, kind: str) -> object:
    """Who has the role by what holds, in the file's language and in a translation."""
    found = what.initiatives["crm"]
    texts = (found.written, found.translations["pt"])
    found_there: dict[str, list[object]] = {
        SPONSOR: [one.sponsor for one in texts],
        LEADER: [one.project_manager for one in texts],
        AGENT: [one.change_agents.get("sales") for one in texts],
        MILESTONE: [one.milestones[0].owner for one in texts],
        AFTER: [one.after.owner if one.after else None for one in texts],
    }
    first, second = found_there[kind]
    assert first == second
    return first


def accept(store: Store, what: Playbooks, kind: str, subject: str, name: str, removed: bool = False) -> None:
    with store.begin() as tx:
        person = people.person_by_email(tx, f"{name}@example.com")
        assert person is not None
        key = ("" if kind == UNIT else "crm", kind, subject)
        amend(tx, *key, person.key, written_mark(what, key, tx.seal.mark), TODAY, removed)


def laid(store: Store, over: Playbooks) -> Playbooks:
    with store.read() as tx:
        return amended(over, accepted(tx), tx.seal.mark)


@pytest.mark.parametrize(("kind", "subject"), ROLES)
def test_what_was_accepted_holds_over_the_file(store: Store, kind: str, subject: str) -> None:
    listed(store, "jo")
    accept(store, books(), kind, subject, "jo")

    found = laid(store, books())

    assert role(found, kind) == (("ada@example.com", "jo@example.com") if kind == AGENT else "jo@example.com")
    assert found.initiatives["crm"].in_file == books().initiatives["crm"].written


@pytest.mark.parametrize(
    "edit",
    [
        {"sponsor": "new@example.com"},
        {"project_manager": "new@example.com"},
        {"change_agents": {"sales": ["ada@example.com", "new@example.com"]}},
        {"milestones": [{"id": "go", "date": "2027-06-01", "owner": "new@example.com"}]},
        {"after": {"owner": "new@example.com"}},
    ],
)
def test_an_edit_of_the_files_own_value_ends_it_and_of_another_does_not(store: Store, edit: dict[str, Any]) -> None:
    listed(store, "jo")
    for kind, subject in ROLES:
        accept(store, books(), kind, subject, "jo")

    found, plain = laid(store, books(**edit)), books(**edit)

    same = [kind for kind, _ in ROLES if role(found, kind) == role(plain, kind)]
    assert len(same) == 1


def test_an_agent_who_gave_it_up_is_none_any_more_and_the_successor_is(store: Store) -> None:
    for name in ("ada", "jo"):
        listed(store, name)
    accept(store, books(), AGENT, "sales", "ada", removed=True)
    accept(store, books(), AGENT, "sales", "jo")
    assert role(laid(store, books()), AGENT) == ("jo@example.com",)

    accept(store, books(), AGENT, "sales", "jo", removed=True)
    assert role(laid(store, books()), AGENT) is None


def test_the_owner_of_a_unit(store: Store) -> None:
    listed(store, "jo")
    accept(store, books(), UNIT, "sales", "jo")

    found = laid(store, books()).organisation

    assert (found.units["sales"].owner, found.units["desk"].owner) == ("jo@example.com", "head@example.com")
    assert found.in_file["sales"].owner == "head@example.com"


def test_laying_over_twice_changes_nothing_and_an_amendment_that_goes_is_gone(store: Store) -> None:
    listed(store, "jo")
    accept(store, books(), LEADER, "", "jo")
    accept(store, books(), UNIT, "sales", "jo")
    once = laid(store, books())

    assert laid(store, once) == once
    assert amended(once, Accepted(), MARK) == books()


def test_somebody_who_is_erased_has_nothing_any_more(store: Store) -> None:
    key = listed(store, "jo")
    accept(store, books(), LEADER, "", "jo")
    with store.begin() as tx:
        tx.execute(delete(t.person).where(t.person.c.key == key))

    assert role(laid(store, books()), LEADER) == "pm@example.com"


def test_a_new_date_holds_in_every_answer(store: Store) -> None:
    with store.begin() as tx:
        kept.move(tx, "crm", "go", date(2027, 7, 1), date(2027, 6, 1))

    found = laid(store, books()).initiatives["crm"]

    assert {one.milestones[0].date for one in (found.written, *found.translations.values())} == {date(2027, 7, 1)}
    assert found.in_file.milestones[0].date == date(2027, 6, 1)
    bodies = [one.body for one in found.passages if one.heading == "milestones.go"]
    assert bodies
    assert all("2027-07-01" in body for body in bodies)


def test_a_new_date_ends_with_an_edit_of_the_file(store: Store) -> None:
    with store.begin() as tx:
        kept.move(tx, "crm", "go", date(2027, 7, 1), date(2027, 5, 1))

    assert laid(store, books()) == books()


def test_differences_name_what_holds(store: Store) -> None:
    listed(store, "jo")
    accept(store, books(), LEADER, "", "jo")
    accept(store, books(), SPONSOR, "", "jo")
    with store.begin() as tx:
        kept.move(tx, "crm", "go", date(2027, 7, 1), date(2027, 6, 1))

    with store.read() as tx:
        found = differences(books(sponsor="new@example.com"), accepted(tx), tx.seal.mark)
        agreed = differences(books(sponsor="jo@example.com", project_manager="jo@example.com"), accepted(tx), MARK)

    assert {(one.what, one.says, one.accepted, one.holds) for one in found} == {
        ("project_manager", "pm@example.com", "jo@example.com", True),
        ("sponsor", "new@example.com", "jo@example.com", False),
        ("the date of the milestone go", "2027-06-01", "2027-07-01", True),
    }
    assert [one.what for one in agreed] == ["the date of the milestone go"]


def test_what_ended_with_its_initiative_is_forgotten(store: Store) -> None:
    listed(store, "jo")
    accept(store, books(), LEADER, "", "jo")
    accept(store, books(), UNIT, "sales", "jo")

    with store.begin() as tx:
        assert amendments.forget(tx, TODAY) == 0
        assert amendments.forget(tx, datetime(2028, 1, 1, tzinfo=UTC).date()) == 1
