"""A decision that changes after people were told of it: noticed, kept in the log, asked about, told when released."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot import milestones
from bot.delivery import announcing
from bot.learning.facts import subject, values, version
from bot.messages import Card
from bot.milestones.changes import releasing
from bot.milestones.changes.facts import decisive
from bot.milestones.standing import standings
from bot.playbook.model import Playbooks
from bot.store import Store, announcements, changes, people, told
from bot.store import gathering as waiting
from bot.store import tables as t
from bot.store.changes import DROPPED, SENT, WAITING, Change
from bot.store.told import Version
from bot.words import Words
from tests.delivery.organisation import bind, initiative, listed, place, playbooks, unit

MONDAY = date(2027, 3, 15)
MILESTONE = {"id": "go", "name": "We go", "owner": "owner@example.com", "say": "Bring it."}
UNITS = (unit("sales"), unit("desk", "Asia/Kolkata"))
ASKED, TOLD = "Crm: shall this change go out?", "Crm: new date for We go"


def at(day: int, hour: int = 10) -> datetime:
    return datetime(2027, 3, day, hour, tzinfo=UTC)


def books(on: date | None = MONDAY, **more: Any) -> Playbooks:
    dates = [{**MILESTONE, "date": on.isoformat()}] if on else []
    agents = {"sales": ["agent@example.com"]}
    return playbooks(initiative("crm", ["sales", "desk"], change_agents=agents, milestones=dates, **more), units=UNITS)


@pytest.fixture
def team(store: Store) -> Store:
    for name in ("pm", "sponsor", "agent", "owner", "lea", "dev"):
        listed(store, name)
    bind(store, place("sales"), "sales")
    return store


@pytest.fixture
def announced(team: Store) -> Store:
    """The post of a week before has gone out."""
    for day in (4, 5, 8):
        tick(team, at(day), books())
    return team


def tick(store: Store, now: datetime, what: Playbooks) -> int:
    return milestones.due(store, what, now) + announcing.expand(store, what, now)


def queued(store: Store) -> list[tuple[str, Card]]:
    found = []
    with store.read() as tx:
        for row in tx.execute(select(t.delivery).where(t.delivery.c.state == "queued").order_by(t.delivery.c.seq)):
            who = people.person(tx, row.person) if row.person else None
            (card,) = waiting.cards(tx, [row.id]) or (Card(""),)
            found.append((who.name if who else "channel", card))
    return found


def titles(store: Store) -> Counter[tuple[str, str]]:
    return Counter((who, card.title) for who, card in queued(store))


def log(store: Store) -> list[Change]:
    with store.read() as tx:
        return changes.of(tx, "crm")


def asks(store: Store, who: str, fact: str, what: Playbooks) -> None:
    crm = what.initiatives["crm"]
    with store.begin() as tx:
        person = people.person_by_email(tx, f"{who}@example.com")
        assert person is not None
        given = Version("crm", subject("crm", fact), version(values(crm.written)[fact]))
        told.remember(tx, person.key, [given], at(1).date())


def release(store: Store, what: Playbooks, now: datetime, reason: str = "Customs") -> None:
    crm = what.initiatives["crm"]
    with store.begin() as tx:
        (change,) = [one for one in changes.of(tx, "crm") if one.state == WAITING]
        about = releasing.about(tx, crm, standings(crm, {}), change.fact, what)
        asked = releasing.askers(tx, crm, change.fact)
        releasing.release(tx, change, reason, about, what, now, asked)


def test_what_nobody_was_told_of_changes_in_silence(team: Store) -> None:
    tick(team, at(1), books())
    tick(team, at(2), books(date(2027, 4, 12), sponsor="owner@example.com"))

    assert log(team) == []
    assert titles(team)["Pm", ASKED] == 0


def test_a_date_that_was_announced_waits_for_a_word_and_is_in_the_log_at_once(announced: Store) -> None:
    later = books(date(2027, 4, 12))
    for hour in (11, 12):
        tick(announced, at(8, hour), later)

    (change,) = log(announced)
    assert (change.fact, change.before, change.after) == ("milestones.go", "2027-03-15", "2027-04-12")
    assert (change.wide, change.state) == (True, WAITING)
    assert titles(announced)["Pm", ASKED] == 1
    assert not [who for who, title in titles(announced) if title == TOLD]
    with announced.read() as tx:
        about = releasing.logged_lines(tx, later.initiatives["crm"], Words("en"), later)
    assert about == ("**We go**: 12 April 2027 (before: 15 March 2027; changed on 8 March 2027).",)


def test_nobody_hears_of_a_new_date_before_they_hear_that_it_changed(announced: Store) -> None:
    later = books(date(2027, 3, 22))
    for day in (9, 10, 11, 12, 15):
        tick(announced, at(day), later)

    # The post about the old date had not been sent yet and is stopped.
    assert [title for who, title in titles(announced) if who == "Lea"] == []
    release(announced, later, at(15, 11))
    for day in (16, 17, 18, 19, 22):
        tick(announced, at(day), later)
    assert titles(announced)["Lea", TOLD] == 1
    assert titles(announced)["Lea", "Crm: We go"] == 1


def test_who_had_asked_and_agents_hear_first_and_everybody_once(announced: Store) -> None:
    asks(announced, "lea", "milestones.go", books())
    later = books(date(2027, 4, 12))
    tick(announced, at(8, 11), later)
    release(announced, later, at(8, 12))
    tick(announced, at(8, 12), later)
    assert {who for who, title in titles(announced) if title == TOLD} == {"Lea", "Agent", "channel"}
    (lea,) = [card for who, card in queued(announced) if (who, card.title) == ("Lea", TOLD)]
    assert lea.body.startswith("You had asked me about this.")
    assert lea.body.endswith("Customs")

    tick(announced, at(9), later)
    heard = {who: n for (who, title), n in titles(announced).items() if title == TOLD}
    assert heard == dict.fromkeys(("Lea", "Agent", "channel", "Pm", "Sponsor", "Owner", "Dev"), 1)
    assert log(announced)[0].state == SENT


def test_who_only_asked_is_told_and_nobody_else(team: Store) -> None:
    tick(team, at(1), books())
    asks(team, "lea", "sponsor", books())
    other = books(sponsor="owner@example.com")
    tick(team, at(2), other)
    release(team, other, at(2, 12))
    tick(team, at(3), other)

    assert {who for who, title in titles(team) if title == "Crm: changed: who answers for the project"} == {"Lea"}
    with team.read() as tx:
        keys = list(tx.scalars(select(t.delivery.c.key).where(t.delivery.c.key.startswith("changed:"))))
        assert [key for key in keys if "sponsor" in key] == []


def test_what_is_not_told_stays_in_the_log_and_is_what_holds(announced: Store) -> None:
    later = books(date(2027, 4, 12))
    tick(announced, at(8, 11), later)
    with announced.begin() as tx:
        assert changes.answer(tx, log(announced)[0].id, DROPPED)
        assert not changes.answer(tx, log(announced)[0].id, SENT)
        changes.state(tx, "crm", "milestones.go", "2027-04-12")
    tick(announced, at(9), later)

    assert [(one.after, one.state) for one in log(announced)] == [("2027-04-12", DROPPED)]


def test_of_two_changes_only_the_later_waits_and_what_is_put_back_is_none(announced: Store) -> None:
    tick(announced, at(8, 11), books(date(2027, 4, 12)))
    tick(announced, at(8, 12), books(date(2027, 4, 19)))
    assert [(one.before, one.after) for one in log(announced)] == [("2027-03-15", "2027-04-19")]

    tick(announced, at(8, 13), books())
    assert log(announced) == []
    tick(announced, at(8, 14), books(date(2027, 4, 26)))
    assert [(one.after, one.wide) for one in log(announced)] == [("2027-04-26", True)]


def test_what_was_said_is_not_changed_by_an_edit(announced: Store) -> None:
    before = [(who, card) for who, card in queued(announced) if card.title == "Crm: We go"]
    with announced.read() as tx:
        said = announcements.get(tx, "milestone:crm:go:2027-03-15:week")
    edited = books(MONDAY, sponsor="owner@example.com", scope={"in": ["Sales"]}, name="Other")
    for hour in (11, 12):
        tick(announced, at(8, hour), edited)

    with announced.read() as tx:
        assert announcements.get(tx, "milestone:crm:go:2027-03-15:week") == said
    assert [(who, card) for who, card in queued(announced) if card.title == "Crm: We go"] == before


@pytest.mark.parametrize(
    ("fact", "more", "title", "said"),
    [
        ("scope", {"scope": {"in": ["Sales", "Depots"]}}, "Crm: changed: what belongs", "(+) Depots"),
        ("serves", {"serves": ["other"]}, "Crm: changed: the goals it serves", "Before"),
        ("project_manager", {"project_manager": "owner@example.com"}, "Crm: changed: who leads", "Owner"),
        (
            "kpis.time",
            {"kpis": [{"id": "time", "name": "Time", "baseline": 30, "target": 20}]},
            "Crm: changed: T",
            "20",
        ),
    ],
)
def test_every_decision_is_noticed_once_something_was_announced(
    team: Store, fact: str, more: dict[str, Any], title: str, said: str
) -> None:
    before: dict[str, Any] = {
        "scope": {"in": ["Sales"]},
        "kpis": [{"id": "time", "name": "Time", "baseline": 30, "target": 10}],
    }
    for day in (4, 5, 8):
        tick(team, at(day), books(**before))
    after = books(**{**before, **more})
    tick(team, at(8, 11), after)
    assert [one.fact for one in log(team)] == [fact]
    release(team, after, at(8, 12))
    tick(team, at(9), after)

    found = [card for who, card in queued(team) if who == "Lea" and card.title.startswith(title)]
    assert len(found) == 1
    assert said in found[0].body


def test_a_date_that_is_taken_out_is_told_too(announced: Store) -> None:
    tick(announced, at(8, 11), books(None))
    release(announced, books(None), at(8, 12))
    tick(announced, at(9), books(None))

    (card,) = [card for who, card in queued(announced) if (who, card.title) == ("Lea", "Crm: changed: go")]
    assert "(taken out)" in card.body


def test_who_does_not_answer_is_asked_again_but_not_every_day(announced: Store) -> None:
    later = books(date(2027, 6, 14))
    for day in range(8, 20):
        tick(announced, at(day, 11), later)

    assert titles(announced)["Pm", ASKED] == 3


def test_where_nobody_can_be_asked_the_posts_go_on(store: Store) -> None:
    listed(store, "lea")
    bind(store, place("sales"), "sales")
    for day in (4, 5, 8):
        tick(store, at(day), books())
    tick(store, at(8, 11), books(date(2027, 3, 22)))
    for day in (9, 10, 11, 12, 15):
        tick(store, at(day), books(date(2027, 3, 22)))

    assert titles(store)["Lea", "Crm: We go"] == 1


def test_two_clocks_notice_a_change_once(announced: Store) -> None:
    later = books(date(2027, 4, 12))
    for _ in range(3):
        tick(announced, at(8, 11), later)

    assert len(log(announced)) == 1
    assert titles(announced)["Pm", ASKED] == 1


def test_reasons_cannot_be_read_in_the_database_and_decided_changes_are_forgotten(announced: Store) -> None:
    later = books(date(2027, 4, 12))
    tick(announced, at(8, 11), later)
    with announced.begin() as tx:
        assert changes.forget(tx, at(30)) == 0
    release(announced, later, at(8, 12), "canary-words")

    with announced.begin() as tx:
        assert "canary" not in str(tx.execute(select(t.change)).all())
        assert changes.of(tx, "crm")[0].reason == "canary-words"
        assert changes.forget(tx, at(8, 11)) == 0
        assert changes.forget(tx, at(8, 11) + timedelta(seconds=1)) == 1


@pytest.mark.parametrize(
    ("fact", "before", "after", "is_one"),
    [
        ("milestones.go", "We go: 2027-03-15\nBring it.", "We go: 2027-04-12\nBring it.", True),
        ("milestones.go", "We go: 2027-03-15\nBring it.", "We go: 2027-03-15\nBring two.", False),
        ("milestones.go", "We go, not on 2026-01-01: 2027-03-15", "We go: 2027-03-15", False),
        ("kpis.time", "Time: 30 → 10 min", "Time: 30 → 20 min", True),
        ("kpis.time", "Time: 30 → 10 min", "Minutes: 30 → 10 min", False),
        ("sponsor", "a@example.com", "b@example.com", True),
        ("risks.late", "It is late.", "It is early.", False),
        ("milestones.go", None, "We go: 2027-03-15", True),
        ("risks.late", None, "It is early.", False),
    ],
)
def test_which_wordings_differ_in_a_decision(fact: str, before: str | None, after: str, is_one: bool) -> None:
    assert decisive(fact, before, after) is is_one
