"""Owners through the clock: who is asked what and when, once, and what the project manager reads of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot import owners
from bot.messages import Card
from bot.playbook.model import Playbooks
from bot.store import Store
from bot.store import owners as kept
from bot.store import tables as t
from bot.store.owners import CLEAR, CONFIRMED, OBJECTS, ROLE
from tests.delivery.organisation import initiative, listed, playbooks, unit

MONDAY = datetime(2027, 3, 8, 10, tzinfo=UTC)
FRIDAY = datetime(2027, 3, 12, 10, tzinfo=UTC)
DECISIONS = [{"id": "brand", "what": "Which brand", "status": "open", "until": "2027-03-26"}]


def books(**more: Any) -> Playbooks:
    units = (
        unit("sales", owner="ana@example.com"),
        unit("finance", owner="rasmus@example.com"),
        unit("lab", owner="gone@example.com"),
    )
    return playbooks(initiative("crm", ["sales", "finance", "lab"], **{"decisions": DECISIONS, **more}), units=units)


@pytest.fixture
def team(store: Store) -> Store:
    for name, where in (("pm", "sales"), ("ana", "sales"), ("rasmus", "finance")):
        listed(store, name, where)
    return store


def told(store: Store) -> list[tuple[str, Card]]:
    with store.read() as tx:
        query = select(t.person.c.email, t.delivery.c.card).join_from(
            t.delivery, t.person, t.delivery.c.person == t.person.c.key
        )
        rows = tx.execute(query.order_by(t.person.c.email, t.delivery.c.key)).all()
        return [(email.partition("@")[0], Card.from_json(tx.seal.open(card))) for email, card in rows]


def test_owners_are_asked_once_whether_they_answer_for_it(team: Store) -> None:
    assert owners.due(team, books(), MONDAY) == 2
    assert owners.due(team, books(), MONDAY) == 0
    assert [(who, card.title) for who, card in told(team)] == [
        ("ana", "Crm: do you answer for it?"),
        ("rasmus", "Crm: do you answer for it?"),
    ]


def several(*more: Any, **of_crm: Any) -> Playbooks:
    """Three projects in which Ana answers for two departments."""
    units = (unit("sales", owner="ana@example.com"), unit("shop", owner="ana@example.com"))
    crm = initiative("crm", ["sales"], **of_crm)
    return playbooks(crm, initiative("desks", ["sales", "shop"]), initiative("phones", ["shop"]), *more, units=units)


def test_of_several_projects_an_owner_is_asked_in_one_message(team: Store) -> None:
    assert owners.due(team, several(), MONDAY) == 1
    assert owners.due(team, several(), MONDAY) == 0
    ((_, card),) = told(team)
    assert card.title == "3 projects: do you answer for them?"
    assert "- **Crm**: sales\n- **Desks**: sales and shop\n- **Phones**: shop" in card.body
    assert [one.says.partition(" ")[0] for one in card.choices] == ["owners", "hand-over", "hand-over"]


def test_of_many_departments_no_button_is_hidden(team: Store) -> None:
    units = tuple(unit(f"shop-{n}", owner="ana@example.com") for n in range(9))
    owners.due(team, playbooks(initiative("crm", [one.id for one in units]), units=units), MONDAY)
    ((_, card),) = told(team)
    assert [(one.label, one.says) for one in card.choices] == [
        ("Yes, I answer for all of these", "owners confirm crm"),
        ("Somebody else decides for some of these", "hand-over"),
    ]


def test_what_is_added_on_the_same_day_is_asked_on_the_next_working_day(team: Store) -> None:
    more = initiative("vans", ["sales"])
    assert owners.due(team, several(), FRIDAY) == 1
    assert owners.due(team, several(more), FRIDAY) == 0
    assert owners.due(team, several(more), datetime(2027, 3, 15, 10, tzinfo=UTC)) == 1
    assert {card.title for _, card in told(team)} == {
        "3 projects: do you answer for them?",
        "Vans: do you answer for it?",
    }


def test_what_can_wait_is_asked_on_the_day_after_the_role(team: Store) -> None:
    assert owners.due(team, several(decisions=DECISIONS), FRIDAY) == 1
    assert owners.due(team, several(decisions=DECISIONS), FRIDAY) == 0
    assert owners.due(team, several(decisions=DECISIONS), datetime(2027, 3, 15, 10, tzinfo=UTC)) == 1
    assert sorted(card.title for _, card in told(team)) == [
        "3 projects: do you answer for them?",
        "Crm: does anything speak against it?",
    ]


def test_what_cannot_wait_goes_before_the_role(team: Store) -> None:
    last = datetime(2027, 3, 24, 10, tzinfo=UTC)
    assert owners.due(team, several(decisions=DECISIONS), last) == 1
    assert owners.due(team, several(decisions=DECISIONS), datetime(2027, 3, 25, 10, tzinfo=UTC)) == 1  # reminded
    assert owners.due(team, several(decisions=DECISIONS), datetime(2027, 3, 26, 10, tzinfo=UTC)) == 2  # and the leader
    titles = [card.title for who, card in told(team) if who == "ana"]
    assert titles.count("3 projects: do you answer for them?") == 1
    urgent = next(card for who, card in told(team) if "speak against" in card.title)
    assert [one.label for one in urgent.choices] == ["Nothing speaks against it", "Something does"]


def test_nobody_is_asked_before_or_after_work(team: Store) -> None:
    assert [owners.due(team, books(), MONDAY.replace(hour=hour)) for hour in (6, 20, 10)] == [0, 0, 2]


def test_of_what_is_added_on_one_day_nothing_is_lost(team: Store) -> None:
    later = {"id": "name", "what": "Which name", "status": "open", "until": "2027-03-25"}
    soon = {"id": "size", "what": "Which size", "status": "open", "until": "2027-03-16"}
    owners.due(team, books(), MONDAY)
    assert owners.due(team, books(), FRIDAY) == 2
    more = books(decisions=[*DECISIONS, later, soon])
    assert owners.due(team, more, FRIDAY) == 2
    assert [sum(what in card.body for _, card in told(team)) for what in ("Which name", "Which size")] == [0, 2]
    owners.due(team, more, datetime(2027, 3, 15, 10, tzinfo=UTC))
    assert sum("Which name" in card.body for _, card in told(team)) == 2


def test_of_very_many_the_rest_comes_on_the_next_working_day(team: Store) -> None:
    many = [{"id": f"d{n}", "what": f"Which {n}", "status": "open", "until": "2027-03-26"} for n in range(10)]
    owners.due(team, books(), MONDAY)
    assert [owners.due(team, books(decisions=many), FRIDAY) for _ in range(2)] == [2, 0]
    assert owners.due(team, books(decisions=many), datetime(2027, 3, 15, 10, tzinfo=UTC)) == 2
    assert sum(card.body.count("To be decided") for who, card in told(team) if who == "ana") == 10


@pytest.mark.parametrize("status", ["draft", "pilot"])
def test_of_what_they_may_not_know_owners_are_not_asked(team: Store, status: str) -> None:
    assert owners.due(team, books(status=status), MONDAY) == 0


def test_at_the_weekend_nobody_is_asked(team: Store) -> None:
    assert owners.due(team, books(), datetime(2027, 3, 13, 10, tzinfo=UTC)) == 0


def test_the_day_comes_silence_is_shown_as_silence(team: Store) -> None:
    owners.due(team, books(), MONDAY)
    assert owners.due(team, books(), FRIDAY) == 2
    with team.begin() as tx:
        mine = [one for one in kept.words(tx, "crm") if one.subject != ROLE]
        assert {one.word_until for one in mine} == {date(2027, 3, 23)}
        ana = next(one for one in mine if one.unit == "sales")
        assert kept.answer(tx, ana, CLEAR, date(2027, 3, 15))
        assert not kept.answer(tx, ana, OBJECTS, date(2027, 3, 15))
    assert owners.due(team, books(), datetime(2027, 3, 23, 10, tzinfo=UTC)) == 1  # the silent one, reminded
    assert owners.due(team, books(), datetime(2027, 3, 24, 10, tzinfo=UTC)) == 1  # the project manager
    assert owners.due(team, books(), datetime(2027, 3, 25, 10, tzinfo=UTC)) == 0
    summary = next(card for who, card in told(team) if who == "pm")
    assert "Sales: nothing speaks against it (Ana, Monday, 15 March)".lower() in summary.body.lower()
    assert "finance: no word yet (Rasmus, asked on Friday, 12 March)".lower() in summary.body.lower()
    assert "lab: nobody there could be asked" in summary.body.lower()


def test_a_new_date_is_a_new_question(team: Store) -> None:
    owners.due(team, books(), MONDAY)
    owners.due(team, books(), FRIDAY)
    later = books(decisions=[{**DECISIONS[0], "until": "2027-04-09"}])
    assert owners.due(team, later, datetime(2027, 3, 29, 10, tzinfo=UTC)) == 2


def test_whoever_takes_over_is_asked_anew(team: Store) -> None:
    owners.due(team, books(), MONDAY)
    with team.begin() as tx:
        for one in kept.words(tx, "crm"):
            kept.answer(tx, one, CONFIRMED, MONDAY.date())
    listed(team, "gone", "lab")
    assert owners.due(team, books(), MONDAY) == 1
