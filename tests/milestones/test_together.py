"""What is to be shown on neighbouring days comes in one message, and each post in it can still be decided about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from bot.messages import Card
from bot.playbook.model import Playbooks
from bot.store import Store
from bot.store import gathering as waiting
from bot.store import milestones as kept
from bot.store import tables as t
from bot.store.milestones import HELD, SHOWN, PostId
from tests.delivery.organisation import initiative, playbooks
from tests.milestones.test_due import UNITS, at, team, tick

__all__ = ["team"]

MONDAY = date(2027, 3, 15)
BOTH = "Crm, to be sent: 2 messages"


def books(*dates: str, say: str = "Bring it.", changes: str = "") -> Playbooks:
    """One initiative with a milestone on each of these dates."""
    milestones = [
        {"id": f"m{n}", "name": f"Step {n}", "date": day, "owner": "owner@example.com", "say": say}
        for n, day in enumerate(dates, start=1)
    ]
    found = initiative("crm", ["sales", "desk"], milestones=milestones)
    units = tuple(one.model_copy(update={"changes": changes}) for one in found.written.units)
    return playbooks(replace(found, written=found.written.model_copy(update={"units": units})), units=UNITS)


def cards(store: Store, title: str) -> list[Card]:
    with store.read() as tx:
        ids = list(tx.scalars(select(t.delivery.c.id).where(t.delivery.c.state == "queued")))
        return [one for one in waiting.cards(tx, ids) or () if one.title == title]


def test_what_follows_within_two_working_days_comes_along_and_not_again(team: Store) -> None:
    what = books("2027-03-15", "2027-03-17")
    for day in (4, 4, 5, 8):
        tick(team, at(date(2027, 3, day), 10), what)

    (card,) = cards(team, BOTH)
    assert [one.label for one in card.choices] == ["All as planned", "Hold or edit no. 1", "Hold or edit no. 2"]
    assert [one.says for one in card.choices] == [
        "milestone as-planned crm/m1 2027-03-15 week;crm/m2 2027-03-17 week",
        "milestone look crm/m1 2027-03-15 week",
        "milestone look crm/m2 2027-03-17 week",
    ]
    assert card.body.startswith("If you say nothing, these go out as they are.")
    assert "**1. Goes out on Monday, 8 March: Step 1**" in card.body


def test_what_comes_later_is_shown_later(team: Store) -> None:
    tick(team, at(date(2027, 3, 4), 10), books("2027-03-15", "2027-03-26"))
    assert cards(team, BOTH) == []


def test_what_is_the_same_is_said_once(team: Store) -> None:
    tick(team, at(date(2027, 3, 4), 10), books("2027-03-15", "2027-03-17", changes="A new desk."))
    (card,) = cards(team, BOTH)
    assert card.body.count("A new desk.") == 1
    assert "What this means for sales and desk: A new desk." in card.body
    assert "For the places named in no. 1, what it means is said there." in card.body


def test_of_many_no_button_is_hidden(team: Store) -> None:
    tick(team, at(date(2027, 3, 4), 10), books(*["2027-03-15"] * 6))
    found = cards(team, "Crm, to be sent: 3 messages")
    assert [len(one.choices) for one in found] == [4, 4]


def test_what_is_held_is_asked_for_alone(team: Store) -> None:
    what = books("2027-03-15", "2027-03-17")
    tick(team, at(date(2027, 3, 4), 10), what)
    with team.begin() as tx:
        assert kept.turn(tx, PostId("crm", "m1", MONDAY, "week"), HELD, of=[SHOWN])
    tick(team, at(date(2027, 3, 5), 10), books("2027-03-15", "2027-03-17", say="Bring two."))

    (again,) = [one for one in cards(team, "Crm, to be sent: Step 1") if "You are holding this" in one.body]
    assert again.choices[0].label == "Send it after all"
    assert len(cards(team, BOTH)) == 1
