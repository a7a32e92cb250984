"""The week's card: for whom, when, once; and what it says and does not say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot import sponsors
from bot.messages import Card, Place
from bot.playbook.model import Playbooks
from bot.sponsors.week import Week
from bot.sponsors.words import card as the_card
from bot.sponsors.words import people as said_of_people
from bot.sponsors.words import review
from bot.store import Store, case_history, people, weeks
from bot.store import gathering as waiting
from bot.store import milestones as kept
from bot.store import tables as t
from bot.store.weeks import Raised, Reach
from bot.words import Words
from tests.delivery.organisation import initiative, listed, playbooks, unit

FRIDAY = datetime(2027, 3, 5, 12, tzinfo=UTC)
MONDAY = datetime(2027, 3, 8, tzinfo=UTC)
MILESTONES = [
    {"id": "go", "name": "We go", "date": "2027-03-20", "owner": "pm@example.com"},
    {"id": "far", "name": "Far away", "date": "2027-09-01", "owner": "pm@example.com"},
]


def books(**more: Any) -> Playbooks:
    written = {"milestones": MILESTONES, **more}
    known = (unit("sales"), unit("desk", "Asia/Kolkata"))
    return playbooks(initiative("crm", ["sales"], **written), units=known)


@pytest.fixture
def team(store: Store) -> Store:
    listed(store, "pm")
    listed(store, "sponsor", "desk")
    listed(store, "lea")
    sponsors.due(store, books(), FRIDAY)
    return store


def told(store: Store) -> list[tuple[str, Card]]:
    found = []
    with store.read() as tx:
        for row in tx.execute(select(t.delivery).where(t.delivery.c.kind == "digests").order_by(t.delivery.c.seq)):
            who = people.person(tx, row.person)
            (card,) = waiting.cards(tx, [row.id]) or (Card(""),)
            found.append((who.name if who else "", card))
    return found


def run(store: Store, what: Playbooks, hours: int = 24) -> list[tuple[str, Card]]:
    for hour in range(hours):
        sponsors.due(store, what, MONDAY + timedelta(hours=hour))
    return told(store)


def test_sponsor_and_project_manager_get_it_once_on_monday_at_nine_where_they_are(team: Store) -> None:
    what = books()
    sponsors.due(team, what, MONDAY + timedelta(hours=3, minutes=29))
    assert told(team) == []
    sponsors.due(team, what, MONDAY + timedelta(hours=3, minutes=31))
    assert [who for who, _ in told(team)] == ["Sponsor"]

    run(team, what)
    run(team, what)

    assert sorted(who for who, _ in told(team)) == ["Pm", "Sponsor"]


def test_one_person_in_both_parts_gets_one(team: Store) -> None:
    assert [who for who, _ in run(team, books(sponsor="pm@example.com"))] == ["Pm"]


@pytest.mark.parametrize(("status", "count"), [("live", 2), ("pilot", 2), ("draft", 0)])
def test_only_what_is_in_force_is_told(team: Store, status: str, count: int) -> None:
    assert len(run(team, books(status=status))) == count


def test_nothing_to_say_is_not_said(team: Store) -> None:
    assert run(team, books(milestones=MILESTONES[1:])) == []


def test_who_has_left_gets_nothing(team: Store) -> None:
    with team.begin() as tx:
        sponsor = people.person_by_email(tx, "sponsor@example.com")
        assert sponsor is not None
        people.mark_left(tx, [sponsor.key], FRIDAY)

    assert [who for who, _ in run(team, books())] == ["Pm"]


def test_a_week_away_is_not_made_up_for_later_than_a_day(team: Store) -> None:
    sponsors.due(team, books(), MONDAY + timedelta(days=3))

    assert told(team) == []


def test_it_shows_what_lies_ahead_and_what_happened(team: Store) -> None:
    with team.begin() as tx:
        kept.report(tx, "crm", "far", "at-risk", "Secret reason", "", date(2027, 3, 3))
        slip = kept.propose(tx, "crm", "go", date(2027, 3, 20), date(2027, 3, 27), "Late", "", date(2027, 3, 4))
        kept.move(tx, "crm", "go", date(2027, 3, 27), date(2027, 3, 20))
        kept.answer(tx, slip, kept.SENT)

    card = run(team, books())[0][1]

    assert card.table[1:] == (
        ("We go", "27 March 2027 (before: 20 March 2027)", "planned"),
        ("Far away", "1 September 2027", "at risk"),
    )
    assert card.body == "- 1 date is at risk: Far away\n- 1 date moved this week: We go"
    assert "Secret reason" not in card.to_json()
    assert card.image
    assert card.image_text


def test_what_passed_long_ago_is_named_once_and_listed_no_more(team: Store) -> None:
    old = {"id": "old", "name": "Long ago", "date": "2027-01-11", "owner": "pm@example.com"}

    card = run(team, books(milestones=[old, *MILESTONES]))[0][1]

    assert card.body == "- 1 date has passed and nobody has reported it as done: Long ago"
    assert [row[0] for row in card.table[1:]] == ["We go"]


def test_what_only_goes_on_as_before_is_not_told_again(team: Store) -> None:
    old = {"id": "old", "name": "Long ago", "date": "2027-01-11", "owner": "pm@example.com"}

    assert run(team, books(milestones=[old, MILESTONES[1]])) == []


def test_measures_stand_with_their_targets_once_a_month() -> None:
    kpi = {"id": "d", "name": "Days to close", "unit": "days", "baseline": 9, "target": 5, "due": "2027-12-31"}

    written = books(kpis=[kpi, {"id": "n", "name": "Calls"}]).initiatives["crm"]

    first = the_card(written, Week(date(2027, 2, 22), date(2027, 3, 1)), Words("en"), "Pm")
    second = the_card(written, Week(date(2027, 3, 1), date(2027, 3, 8)), Words("en"), "Pm")

    assert "- Days to close: from 9 days, target 5 days, by 31 December 2027" in first.body
    assert "- Calls: no target is written" in first.body
    assert "Days to close" not in second.body


def test_numbers_of_people_are_said_from_five_on() -> None:
    words = Words("en")

    assert [said_of_people(words, n) for n in (0, 1, 4, 5)] == ["none", "fewer than five", "fewer than five", "5"]


def test_reach_of_few_is_neither_said_nor_drawn(team: Store) -> None:
    one = books().initiatives["crm"]
    shown = the_card(one, Week(date(2027, 3, 1), MONDAY.date(), reach=Reach(4, 3)), Words("en"), "Pm")

    assert ("People reached", "fewer than five") in shown.facts
    assert "3" not in dict(shown.facts)["People reached"]
    assert shown.image == ""


def test_the_review_says_the_bad_first_and_is_honest_when_all_is_well() -> None:
    words = Words("en")
    well = Week(date(2027, 3, 1), MONDAY.date())
    late = Week(date(2027, 3, 1), MONDAY.date(), raised=Raised(late=2))

    assert review(well, words).startswith("As planned")
    assert review(late, words) == "- 2 questions and concerns wait longer than promised."


def test_what_was_raised_is_counted(team: Store) -> None:
    place = Place("local", "acme", "direct:lea")
    common: dict[str, Any] = {"kind": "question", "initiative": "crm", "unit": "sales", "reply_to": place}
    with team.begin() as tx:
        lea = people.person_by_email(tx, "lea@example.com")
        assert lea is not None
        for text, at in (("old", FRIDAY - timedelta(days=30)), ("new", FRIDAY), ("answered", FRIDAY)):
            made = case_history.open_case(
                tx, text=text, asker=lea.key, owner="pm@example.com", due_at=at + timedelta(days=5), now=at, **common
            )
        case_history.change_state(tx, made.id, "answered", actor="", now=FRIDAY, text="Yes")

        counted = weeks.raised(tx, "crm", MONDAY - timedelta(days=7), MONDAY)

    assert counted == Raised(asked=2, answered=1, open=2, late=1)
