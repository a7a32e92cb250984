"""The personal link and the session: once, for ten minutes, for as long as the roles stay what they were."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.board.link import give
from bot.store import board, people, tables
from tests.board.house import NOW, PAGES, House


def test_a_link_opens_once(house: House) -> None:
    token = house.link("pm")

    assert house.door.greet(token) is not None
    assert house.door.greet(token) is not None, "looking uses nothing up"
    session = house.door.enter(token)

    assert house.door.visitor(session) == house.key("pm")
    assert house.door.enter(token) == ""
    assert house.door.greet(token) is None


def test_a_link_lasts_ten_minutes_and_a_visit_eight_hours(house: House) -> None:
    late, session = house.link("pm"), ""
    house.now = NOW + timedelta(minutes=10)
    assert house.door.greet(late) is None
    assert house.door.enter(late) == ""

    house.now = NOW
    session = house.enter("pm")
    house.now = NOW + timedelta(hours=8) - timedelta(seconds=1)
    assert house.door.visitor(session)
    house.now = NOW + timedelta(hours=8)
    assert house.door.visitor(session) == ""


def test_a_new_link_takes_the_place_of_the_one_before(house: House) -> None:
    first, second = house.link("pm"), house.link("pm")

    assert house.door.enter(first) == ""
    assert house.door.enter(second) != ""


def test_a_link_names_the_pages_and_where_it_leads(house: House) -> None:
    with house.store.begin() as tx:
        address = give(tx, house.key("agent"), PAGES, "kit/phones/phones-out", house.now, lambda _: 255)

    assert address == f"{PAGES}/board/enter/{'ff'.rjust(64, '0')}?to=kit/phones/phones-out"


def test_tokens_are_not_stored(house: House) -> None:
    token = house.link("agent")
    session = house.enter("pm")

    with house.store.read() as tx:
        rows = [*tx.execute(select(tables.board_link)), *tx.execute(select(tables.board_session))]

    assert len(rows) == 2
    assert token not in str(rows)
    assert session not in str(rows)


def test_nobody_without_a_role_comes_in(house: House) -> None:
    for who in ("lea", "otto", "root"):
        assert house.door.enter(house.link(who)) == ""
    assert house.door.visitor("") == ""
    assert house.door.visitor("f" * 64) == ""


def test_a_change_of_role_ends_the_visit_for_good(house: House) -> None:
    session = house.enter("agent")
    house.edit("change_agents: {sales: [agent@example.com]}", "change_agents: {sales: [lea@example.com]}")

    assert house.door.visitor(session) == ""

    house.edit("change_agents: {sales: [lea@example.com]}", "change_agents: {sales: [agent@example.com]}")
    assert house.door.visitor(session) == "", "it does not come back with the role"


def test_one_role_more_ends_the_visit_too(house: House) -> None:
    session = house.enter("agent")
    house.edit("project_manager: pm@example.com", "project_manager: agent@example.com")

    assert house.door.visitor(session) == ""


def test_whoever_leaves_is_out(house: House) -> None:
    session, key = house.enter("agent"), house.key("agent")
    with house.store.begin() as tx:
        people.mark_left(tx, [key], house.now)

    assert house.door.visitor(session) == ""
    assert house.door.show(key, "kit", {}) is None
    assert house.door.enter(house.link("agent")) == ""


def test_leaving_ends_the_visit(house: House) -> None:
    session = house.enter("pm")

    house.door.leave(session)
    house.door.leave(session)

    assert house.door.visitor(session) == ""


def test_what_is_over_is_deleted(house: House) -> None:
    house.link("agent")
    house.enter("pm")
    with house.store.begin() as tx:
        assert board.forget(tx, NOW + timedelta(minutes=9)) == 0
        assert board.forget(tx, NOW + timedelta(minutes=10)) == 1
        assert board.forget(tx, NOW + timedelta(hours=8)) == 1


def test_pages_speak_the_language_of_the_person_else_of_the_browser(house: House) -> None:
    with house.store.begin() as tx:
        tx.execute(update(tables.person).where(tables.person.c.email == "pm@example.com").values(locale="de"))

    said = house.door.say("missing", ["es"], house.key("pm"))

    assert said.locale == "de"
    assert house.door.say("closed", ["fr", "es-MX", "de"]).locale == "es"
    assert house.door.say("closed", []).locale == "en"


def test_the_link_is_given_in_chat_to_those_with_a_role(house: House) -> None:
    given = house.presses("agent", "board kit/phones/phones-out").cards[0].choices[0].url

    assert given.startswith(f"{PAGES}/board/enter/")
    assert given.endswith("?to=kit/phones/phones-out")
    assert house.door.enter(given.removeprefix(f"{PAGES}/board/enter/").partition("?")[0])
    for who in ("lea", "root", "stranger"):
        card = house.presses(who, "board").cards[0]
        assert card.choices == ()
        assert "The pages are for those who lead" in card.body


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "../x", "kit/a/b/c", "a b", "x" * 500])
def test_a_link_leads_to_a_page_of_ours_or_to_the_first(house: House, to: str) -> None:
    assert "?to=" not in house.presses("agent", f"board {to}").cards[0].choices[0].url
