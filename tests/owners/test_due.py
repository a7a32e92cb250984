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
