"""One person stays one person, over platforms, renames and imports; a stranger never becomes an employee."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

import pytest

from bot.messages import Person, Place
from bot.store import Store, accounts, people
from bot.store.people import PersonRecord

NOW = datetime(2027, 3, 15, 9, 30, tzinfo=UTC)
SLACK = Person("slack", "T1", "U1", name="Ana on Slack", email="Ana@Example.com", locale="pt")
TEAMS = Person("teams", "tenant", "29:1", name="Ana on Teams", email="ana@example.com")


@dataclass(frozen=True)
class Hours:
    start: time
    until: time


@dataclass(frozen=True)
class Row:
    email: str
    name: str
    unit: str = "payroll"
    manager: str = ""
    locale: str = "en"
    timezone: str = "Europe/Lisbon"
    roles: tuple[str, ...] = ("employee",)
    start_date: date | None = None
    location: str = ""
    working_days: tuple[str, ...] = ()
    working_hours: Hours | None = None


ANA = Row("ana@example.com", "Ana Alves")


def listed(store: Store, *rows: Row) -> None:
    with store.begin() as tx:
        people.upsert_people(tx, rows)


def met(store: Store, person: Person) -> PersonRecord:
    with store.begin() as tx:
        return accounts.identify(tx, person, NOW)


def test_a_full_member_is_linked_to_the_directory_by_address(store: Store) -> None:
    listed(store, ANA)

    ana = met(store, SLACK)

    assert (ana.name, ana.unit, ana.listed, ana.member) == ("Ana Alves", "payroll", True, True)


def test_both_accounts_of_a_person_lead_to_them(store: Store) -> None:
    listed(store, ANA)

    assert met(store, SLACK).key == met(store, TEAMS).key


def test_two_accounts_with_the_same_address_are_one_person_outside_the_directory_too(store: Store) -> None:
    assert met(store, SLACK).key == met(store, TEAMS).key


def test_a_member_outside_the_directory_is_an_employee_without_unit(store: Store) -> None:
    ana = met(store, SLACK)

    assert (ana.unit, ana.listed, ana.member, ana.locale) == ("", False, True, "pt")


def test_a_later_import_finds_whom_a_platform_knew_before(store: Store) -> None:
    before = met(store, SLACK)
    listed(store, ANA)

    after = met(store, SLACK)

    assert after.key == before.key
    assert (after.name, after.unit, after.listed) == ("Ana Alves", "payroll", True)


def test_a_changed_address_changes_nothing(store: Store) -> None:
    listed(store, ANA, Row("boss@example.com", "The Boss", roles=("admin",)))
    ana = met(store, SLACK)

    again = met(store, replace(SLACK, email="boss@example.com"))

    assert again == ana


@pytest.mark.parametrize("stranger", [replace(SLACK, member=False), replace(SLACK, bot=True)])
def test_guests_and_bots_are_never_linked_by_address(store: Store, stranger: Person) -> None:
    listed(store, ANA)

    guest = met(store, stranger)
    ana = met(store, TEAMS)

    assert (guest.unit, guest.email, guest.listed, guest.member) == ("", "", False, False)
    assert ana.key != guest.key


def test_two_guests_with_one_address_are_two_persons(store: Store) -> None:
    guest = replace(SLACK, member=False)

    assert met(store, guest).key != met(store, replace(guest, account="U2")).key
    assert met(store, guest).key == met(store, guest).key


def test_a_member_who_becomes_a_guest_is_seen_as_one(store: Store) -> None:
    listed(store, ANA)
    ana = met(store, SLACK)

    guest = met(store, replace(SLACK, member=False))

    assert (guest.key, guest.member) == (ana.key, False)


def test_the_directory_comes_back_as_it_was_imported(store: Store) -> None:
    full = Row(
        "zoe@example.com",
        "Zoë Öz",
        manager="Ana@example.com",
        roles=("employee", "admin"),
        start_date=date(2020, 2, 29),
        location="Lisbon",
        working_days=("mon", "tue"),
        working_hours=Hours(time(22), time(6)),
    )
    listed(store, full, ANA)

    with store.read() as tx:
        ana, zoe = people.directory(tx)

    assert ana.email == "ana@example.com"
    assert (zoe.name, zoe.manager, zoe.roles) == ("Zoë Öz", "ana@example.com", ("employee", "admin"))
    assert (zoe.start_date, zoe.location) == (date(2020, 2, 29), "Lisbon")
    assert (zoe.working_days, zoe.working_hours) == (("mon", "tue"), {"from": "22:00", "to": "06:00"})


def test_who_left_stays_known_and_can_come_back(store: Store) -> None:
    listed(store, ANA)
    ana = met(store, SLACK)
    with store.begin() as tx:
        people.mark_left(tx, [ana.key], NOW)

    gone = met(store, SLACK)
    listed(store, replace(ANA, unit="finance"))
    back = met(store, SLACK)

    assert (gone.left_on, gone.listed) == (date(2027, 3, 15), False)
    assert (back.key, back.left_on, back.listed, back.unit) == (ana.key, None, True, "finance")


def test_a_person_is_found_by_key_and_by_address(store: Store) -> None:
    listed(store, ANA)
    guest = met(store, replace(SLACK, member=False))

    with store.read() as tx:
        ana = people.person_by_email(tx, " ANA@example.com ")
        assert ana is not None
        assert people.person(tx, ana.key) == ana
        assert people.person(tx, guest.key) == guest
        assert people.person(tx, "nobody") is None
        assert people.person_by_email(tx, "nobody@example.com") is None


def test_a_person_is_written_to_on_the_platform_they_chose(store: Store) -> None:
    ana = met(store, SLACK)
    met(store, TEAMS)
    here = Place("teams", "tenant", "conversation")
    with store.begin() as tx:
        accounts.remember_direct(tx, TEAMS, here)
        unasked = accounts.account_for_writing(tx, ana.key)
        people.set_setting(tx, ana.key, people.PLATFORM_SETTING, "slack")
        chosen = accounts.account_for_writing(tx, ana.key)

    assert unasked == accounts.Account("teams", "tenant", "29:1", here)
    assert chosen == accounts.Account("slack", "T1", "U1", None)


def test_a_name_that_a_database_cannot_hold_locks_nobody_out(store: Store) -> None:
    ana = met(store, replace(SLACK, name="A\0na \ud83d"))
    with store.begin() as tx:
        people.set_setting(tx, ana.key, "unit", "pay\0roll")

        assert people.settings(tx, ana.key) == {"unit": "payroll"}
    assert ana.name == "Ana ?"


def test_settings_are_kept_changed_and_taken_back(store: Store) -> None:
    ana = met(store, SLACK)
    with store.begin() as tx:
        people.set_setting(tx, ana.key, "language", "pt")
        people.set_setting(tx, ana.key, "language", "de")
        people.set_setting(tx, ana.key, "unit", "payroll")
        people.set_setting(tx, ana.key, "unit", "")

        assert people.settings(tx, ana.key) == {"language": "de"}
