"""What is due of milestones by the clock: shown, held, announced once, replaced, stopped; and who is asked."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot import milestones
from bot.delivery import announcing
from bot.messages import Card
from bot.playbook.model import Playbooks
from bot.store import Store, announcements, people
from bot.store import gathering as waiting
from bot.store import milestones as kept
from bot.store import tables as t
from bot.store.milestones import APPROVED, ASKED, GONE, HELD, OUT, SHOWN, PostId
from tests.delivery.organisation import bind, initiative, listed, place, playbooks, unit

MONDAY = date(2027, 3, 15)
UNITS = (unit("sales"), unit("finance", locale="pt-BR"), unit("desk", "Asia/Kolkata"))


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def books(on: date = MONDAY, *, status: str = "live", pilot: Any = (), **more: Any) -> Playbooks:
    """One initiative with one milestone."""
    milestone = {"id": "go", "name": "We go", "date": on.isoformat(), "owner": "owner@example.com", "say": "Bring it."}
    found = initiative(
        "crm",
        ["sales", "desk"],
        status=status,
        **({"pilot": pilot} if pilot else {}),
        change_agents={"sales": ["agent@example.com"]},
        milestones=[{**milestone, **more}],
    )
    return playbooks(found, units=UNITS)


@pytest.fixture
def team(store: Store) -> Store:
    """The project team, an agent, an owner, two colleagues in Lisbon and Kolkata, and a channel for Sales."""
    for name in ("pm", "sponsor", "agent", "owner", "lea"):
        listed(store, name)
    listed(store, "dev", "desk")
    listed(store, "nobody", account=False)
    bind(store, place("sales"), "sales")
    return store


def tick(store: Store, now: datetime, what: Playbooks) -> None:
    milestones.due(store, what, now)
    announcing.expand(store, what, now)


def queued(store: Store) -> list[tuple[str, str, datetime | None]]:
    """What is queued: for whom, its title, not before when."""
    found = []
    with store.read() as tx:
        for row in tx.execute(select(t.delivery).where(t.delivery.c.state == "queued").order_by(t.delivery.c.seq)):
            who = people.person(tx, row.person) if row.person else None
            (card,) = waiting.cards(tx, [row.id]) or (Card(""),)
            found.append((who.name if who else "channel", card.title, row.not_before))
    return found


def told(store: Store) -> list[tuple[str, str]]:
    return [(who, title) for who, title, _ in queued(store)]


def states(store: Store) -> dict[str, str]:
    with store.read() as tx:
        return {f"{one.id.date} {one.id.stage}": one.state for one in kept.posts(tx, "crm")}


NEWS, AHEAD, SHOW = "Crm: We go", "Before everybody else: We go", "Crm, to be sent: We go"
ASK = "Crm, how does it stand? We go"


def run(store: Store, first: date, last: date, what: Playbooks) -> None:
    """The clock ticks every six hours."""
    now = at(first, 0, 30)
    while now < at(last, 23):
        tick(store, now, what)
        now += timedelta(hours=6)


def test_the_whole_life_of_a_date(team: Store) -> None:
    run(team, date(2027, 2, 22), MONDAY, books())

    assert Counter(told(team)) == Counter(
        {
            ("Pm", SHOW): 2,
            ("Pm", "Crm, to be sent: 2 messages"): 1,
            ("Agent", AHEAD): 1,
            ("channel", NEWS): 4,
            **{(who, NEWS): 2 for who in ("Pm", "Sponsor", "Agent", "Owner", "Lea", "Dev")},
            ("Owner", ASK): 3,
            ("Pm", ASK): 1,
        }
    )
    assert set(states(team).values()) == {OUT}


def test_the_order_is_project_manager_then_agents_then_everybody(team: Store) -> None:
    run(team, date(2027, 2, 22), date(2027, 3, 1), books())

    assert queued(team) == [
        ("Pm", SHOW, at(date(2027, 2, 24))),
        ("Agent", AHEAD, at(date(2027, 2, 26))),
        ("channel", NEWS, at(date(2027, 3, 1))),
    ]


def test_each_hears_of_it_in_the_morning_where_they_are(team: Store) -> None:
    run(team, date(2027, 3, 2), date(2027, 3, 8), books())

    people_told = {who: when for who, title, when in queued(team) if title == NEWS and who != "channel"}
    assert people_told["Lea"] == at(date(2027, 3, 8), 9)
    assert people_told["Dev"] == at(date(2027, 3, 8), 3, 30)


def test_two_clocks_and_a_restart_do_everything_once(team: Store) -> None:
    what = books()
    for day in range(13):
        now = at(date(2027, 2, 24)) + timedelta(days=day)
        for _ in range(3):
            tick(team, now, what)
    once = Counter(told(team))

    assert once["Pm", SHOW] == 2
    assert once["Agent", AHEAD] == once["channel", NEWS] - 1 == once["Lea", NEWS] == 1


def test_what_is_seen_too_late_goes_out_only_when_somebody_says_so(team: Store) -> None:
    what = books()
    tick(team, at(date(2027, 3, 12), 10), what)
    id = PostId("crm", "go", MONDAY, "eve")

    assert states(team) == {"2027-03-15 eve": ASKED, "2027-03-15 day": SHOWN}
    tick(team, at(date(2027, 3, 12), 12), what)
    assert ("channel", NEWS) not in told(team)
    with team.begin() as tx:
        assert kept.turn(tx, id, APPROVED, of=[ASKED])
    tick(team, at(date(2027, 3, 12), 13), what)
    assert told(team).count(("channel", NEWS)) == 1


def test_a_held_post_waits_until_it_is_released_and_is_gone_when_the_date_has_passed(team: Store) -> None:
    what, week = books(), PostId("crm", "go", MONDAY, "week")
    tick(team, at(date(2027, 3, 4), 10), what)
    with team.begin() as tx:
        assert kept.turn(tx, week, HELD, of=[SHOWN])
    for day in (8, 9, 10):
        tick(team, at(date(2027, 3, day), 12), what)
    assert ("Lea", NEWS) not in told(team)
    with team.begin() as tx:
        assert kept.turn(tx, week, APPROVED, of=[HELD])
    tick(team, at(date(2027, 3, 10), 13), what)
    assert told(team).count(("Lea", NEWS)) == 1

    with team.begin() as tx:
        assert kept.turn(tx, PostId("crm", "go", MONDAY, "eve"), HELD, of=[SHOWN])
    tick(team, at(date(2027, 3, 16), 12), what)
    assert states(team)["2027-03-15 eve"] == GONE


def test_an_edited_text_is_shown_again_and_what_goes_out_is_the_new_one(team: Store) -> None:
    tick(team, at(date(2027, 3, 4), 10), books())
    edited = books(say="Bring two.")
    tick(team, at(date(2027, 3, 5), 10), edited)
    tick(team, at(date(2027, 3, 5), 10), edited)
    tick(team, at(date(2027, 3, 8), 10), edited)
    # What was said stays said.
    tick(team, at(date(2027, 3, 8), 11), books(say="Bring three."))

    assert told(team).count(("Pm", SHOW)) == 2
    with team.read() as tx:
        found = announcements.get(tx, "milestone:crm:go:2027-03-15:week")
    assert found is not None
    assert "Bring two." in found.wordings[0].card.body


def test_an_edited_date_replaces_what_was_coming(team: Store) -> None:
    tick(team, at(date(2027, 3, 4), 10), books())
    later = books(date(2027, 4, 12))
    for day in (5, 6, 7, 8, 9):
        tick(team, at(date(2027, 3, day), 10), later)

    assert states(team) == {}
    assert ("Lea", NEWS) not in told(team)


def test_a_date_that_is_put_back_is_told_after_all(team: Store) -> None:
    tick(team, at(date(2027, 3, 4), 10), books())
    tick(team, at(date(2027, 3, 4), 11), books(date(2027, 4, 12)))
    tick(team, at(date(2027, 3, 4), 12), books())
    run(team, date(2027, 3, 5), date(2027, 3, 8), books())

    assert told(team).count(("Pm", SHOW)) == 1
    assert told(team).count(("Lea", NEWS)) == 1


def test_a_date_that_is_put_back_too_late_waits_for_a_word(team: Store) -> None:
    tick(team, at(date(2027, 3, 4), 10), books())
    tick(team, at(date(2027, 3, 4), 11), books(date(2027, 4, 12)))
    run(team, date(2027, 3, 5), date(2027, 3, 8), books())

    assert told(team) == [("Pm", SHOW), ("Pm", SHOW)]
    assert states(team) == {"2027-03-15 week": ASKED}


def test_what_was_queued_for_an_old_date_is_stopped(team: Store) -> None:
    what = books()
    tick(team, at(date(2027, 3, 4), 10), what)
    tick(team, at(date(2027, 3, 7), 20), what)
    assert ("Lea", NEWS) in told(team)

    tick(team, at(date(2027, 3, 7), 21), books(date(2027, 4, 12)))

    assert {who for who, title in told(team) if title == NEWS} == set()


def test_nothing_is_done_of_a_draft(team: Store) -> None:
    run(team, date(2027, 2, 22), date(2027, 3, 9), books(status="draft"))

    assert told(team) == []


def test_a_pilot_is_told_to_its_people_and_to_no_channel(team: Store) -> None:
    run(team, date(2027, 2, 22), date(2027, 3, 12), books(status="pilot", pilot={"people": ["lea@example.com"]}))

    assert {who for who, title in told(team) if title == NEWS} == {"Pm", "Sponsor", "Lea"}
    assert ("Owner", ASK) in told(team)


def test_what_is_done_is_not_announced(team: Store) -> None:
    tick(team, at(date(2027, 3, 4), 10), books())
    with team.begin() as tx:
        kept.report(tx, "crm", "go", kept.DONE, "All signed.", "", date(2027, 3, 5))
    run(team, date(2027, 3, 5), MONDAY, books())

    assert told(team) == [("Pm", SHOW)]


def test_the_project_manager_reads_whom_it_reaches_and_who_is_not_reached(team: Store) -> None:
    tick(team, at(date(2027, 3, 4), 10), books())

    with team.read() as tx:
        (id,) = tx.scalars(select(t.delivery.c.id))
        (card,) = waiting.cards(tx, [id]) or (Card(""),)
    assert card.facts == (("People", "6"), ("Channels", "1"), ("Not reached", "no account here: 1"))


def test_only_the_people_of_the_units_named_are_told(team: Store) -> None:
    run(team, date(2027, 3, 4), date(2027, 3, 8), books(units=["desk"]))

    assert [who for who, title in told(team) if title == NEWS] == ["Dev"]


def test_an_owner_who_is_not_in_the_directory_is_not_waited_for(team: Store) -> None:
    run(team, date(2027, 3, 11), date(2027, 3, 11), books(owner="gone@example.com"))

    assert told(team).count(("Pm", ASK)) == 1


def test_owners_are_asked_in_their_own_morning(team: Store) -> None:
    what = books(owner="dev@example.com")
    tick(team, datetime(2027, 3, 11, 3, 0, tzinfo=UTC), what)
    assert ("Dev", ASK) not in told(team)
    tick(team, datetime(2027, 3, 11, 3, 40, tzinfo=UTC), what)

    assert told(team).count(("Dev", ASK)) == 1


def test_evidence_and_reasons_cannot_be_read_in_the_database(team: Store) -> None:
    with team.begin() as tx:
        kept.report(tx, "crm", "go", kept.AT_RISK, "canary-words", "", MONDAY)
        id = kept.propose(tx, "crm", "go", MONDAY, date(2027, 4, 12), "canary-words", "", MONDAY)
    with team.read() as tx:
        rows = [str(row) for table in (t.milestone, t.milestone_slip) for row in tx.execute(select(table))]
        slip = kept.slip(tx, id)

    assert len(rows) == 2
    assert [row for row in rows if "canary" in row] == []
    assert slip is not None
    assert slip.reason == "canary-words"


def test_of_two_new_dates_the_later_word_waits(team: Store) -> None:
    with team.begin() as tx:
        first = kept.propose(tx, "crm", "go", MONDAY, date(2027, 4, 12), "Customs", "", MONDAY)
        second = kept.propose(tx, "crm", "go", MONDAY, date(2027, 4, 19), "Customs", "", MONDAY)
    with team.begin() as tx:
        assert [kept.answer(tx, one, kept.SENT) for one in (first, second, second)] == [False, True, False]


def test_old_rows_are_forgotten_and_what_waits_is_not(team: Store) -> None:
    tick(team, at(date(2027, 3, 4), 10), books())
    with team.begin() as tx:
        kept.propose(tx, "crm", "go", MONDAY, date(2027, 4, 12), "Customs", "", MONDAY)
    with team.begin() as tx:
        assert kept.forget(tx, date(2027, 3, 15)) == 0
        assert kept.forget(tx, date(2028, 3, 15)) == 1
