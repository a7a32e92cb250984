"""Broadcasts at their moment: out once, not without somebody who answers for them, and followed by their author."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot import broadcasts as due_of
from bot.broadcasts.dry_run import Looker, dry_run, lasts, usual_pace
from bot.delivery import announcing
from bot.messages import Card, Person
from bot.playbook.access import Viewer
from bot.playbook.model import Playbooks
from bot.store import Store, accounts, announcements, broadcasts, deliveries, people
from bot.store import tables as t
from bot.store.announcements import Announcement, Audience, Wording
from bot.store.broadcasts import ASKED, OUT, PLANNED, STOPPED, Broadcast, Version, Written
from bot.store.lanes import Lane
from tests.delivery.organisation import (
    MONDAY,
    bind,
    initiative,
    listed,
    place,
    playbooks,
    queued,
    send_what_is_released,
    unit,
)

NOON = MONDAY.replace(hour=12)
UNITS = (unit("sales"), unit("finance", locale="pt-BR"))


def books(**more: Any) -> Playbooks:
    return playbooks(initiative("crm", ["sales", "finance"], **more), units=UNITS)


BOOKS = books()


@pytest.fixture
def team(store: Store) -> Store:
    """The project manager, the sponsor, two in Sales, one in Finance, one without an account, a channel for Sales."""
    listed(store, "pm", "elsewhere")
    for name in ("sponsor", "lea", "max"):
        listed(store, name)
    listed(store, "fin", "finance")
    listed(store, "nobody", account=False)
    bind(store, place("sales"), "sales")
    return store


def key_of(store: Store, name: str) -> str:
    with store.read() as tx:
        found = people.person_by_email(tx, f"{name}@example.com")
    assert found is not None
    return found.key


def composed(store: Store, state: str = PLANNED, at: datetime | None = NOON, **more: Any) -> int:
    """A broadcast of the project manager in this state; its number."""
    original = Version("en", "News", "The *counter* is closed.")
    written = Written((original, Version("pt", "Aviso", "Fechado.")), at=at, **more)
    with store.begin() as tx:
        number = broadcasts.draft(tx, "crm", key_of(store, "pm"), written, MONDAY)
        broadcasts.turn(tx, number, state, of=["draft"])
    return number


def get(store: Store, number: int) -> Broadcast:
    with store.read() as tx:
        found = broadcasts.get(tx, number)
    assert found is not None
    return found


def tick(store: Store, now: datetime, what: Playbooks = BOOKS) -> int:
    done = due_of.due(store, what, now)
    announcing.expand(store, what, now)
    return done


def test_it_goes_out_at_its_moment_once_in_each_readers_language(team: Store) -> None:
    number = composed(team)

    assert tick(team, NOON - timedelta(minutes=1)) == 0
    assert queued(team) == {}
    assert tick(team, NOON) == 1
    told = {who: card.partition("\n")[0] for who, card in queued(team).items() if who != "Pm"}
    tick(team, NOON + timedelta(seconds=10))

    assert told["Lea"] == "The \\*counter\\* is closed."
    assert told["Fin"] == "Fechado."
    assert get(team, number).state == OUT
    with team.read() as tx:
        progress = announcements.progress(tx, f"broadcast:{number}")
    assert progress is not None
    assert (progress.people, progress.channels) == (5, 1)


def test_only_channels_and_only_people_and_only_a_platform(team: Store) -> None:
    with team.begin() as tx:
        accounts.identify(tx, Person("slack", "acme", "U1", email="max@example.com"), MONDAY)
        people.set_setting(tx, key_of(team, "max"), "platform", "slack")
    channels = composed(team, to="channels")
    alone = composed(team, to="people", units=("sales",))
    slack = composed(team, platforms=("slack",))

    tick(team, NOON)

    with team.read() as tx:
        reached = [announcements.progress(tx, f"broadcast:{n}") for n in (channels, alone, slack)]
    assert [(one.people, one.channels) for one in reached if one] == [(0, 1), (4, 0), (1, 0)]


def test_where_its_author_may_no_longer_a_second_person_is_asked(team: Store) -> None:
    number = composed(team)

    tick(team, NOON, books(project_manager="lea@example.com"))

    assert get(team, number).state == ASKED
    assert {"Lea", "Sponsor"} == {who for who, card in queued(team).items() if "would like to tell" in card}


def test_what_a_second_person_approved_goes_out_though_its_author_has_left(team: Store) -> None:
    number = composed(team)
    with team.begin() as tx:
        broadcasts.turn(tx, number, PLANNED, of=[PLANNED], decided_by=key_of(team, "sponsor"))
        people.mark_left(tx, [key_of(team, "pm")], MONDAY)

    tick(team, NOON)

    assert get(team, number).state == OUT


def test_of_an_initiative_out_of_force_nothing_goes_out(team: Store) -> None:
    number = composed(team)

    tick(team, NOON, playbooks(units=UNITS))

    assert get(team, number).state == STOPPED
    assert queued(team) == {}


def test_the_authors_card_follows_and_ends(team: Store) -> None:
    number = composed(team, to="people")
    progress = f"broadcast-progress:{number}"
    tick(team, NOON)
    with team.begin() as tx:
        send_what_is_released(tx, NOON)
        before = deliveries.progress(tx, f"broadcast:{number}")
    later = NOON + timedelta(minutes=2)
    tick(team, later)
    with team.begin() as tx:
        for row in broadcasts.under_way(tx):
            assert row == number
        # As the engine would once the moment of each has come.
        mine = update(t.delivery).where(t.delivery.c.batch == f"broadcast:{number}", t.delivery.c.state == "queued")
        tx.execute(mine.values(state="sent", sent_at=later, timed=True))
    tick(team, later + timedelta(minutes=2))

    assert before.get("queued") == 4
    with team.read() as tx:
        assert [one.action for one in deliveries.attempts(tx, progress)] == []
        assert broadcasts.under_way(tx) == []
        edits = tx.execute(t.delivery.select().where(t.delivery.c.action == "edit")).all()
    assert edits
    assert get(team, number).finished


LOOKER = Looker(Viewer("pm@example.com", "sales"), "en", "Europe/Lisbon")


def test_the_dry_run_counts_and_names_what_else_comes_that_day(team: Store) -> None:
    what = books(milestones=[{"id": "go", "name": "We go", "date": "2027-03-22", "owner": "pm@example.com"}])
    other = Announcement(
        "other", "wins", "crm", Audience(units=("finance",)), (Wording("en", Card("x", title="A win")),), NOON
    )
    with team.begin() as tx:
        announcements.add(tx, other, MONDAY)
    number = composed(team, at=NOON.replace(hour=16))
    composed(team, at=NOON.replace(hour=17), units=("sales",))

    with team.begin() as tx:
        found = dry_run(tx, get(team, number), what, LOOKER, MONDAY, {"local": 0.5}.__getitem__)

    assert (found.reach.people, found.reach.channels, found.meant) == (5, 1, 5)
    assert dict(found.reach.unreachable) == {"no-account": 1}
    assert found.elsewhere == 0
    assert found.seconds == pytest.approx(10)
    assert {(one.title, one.people, one.channels) for one in found.overlaps} == {
        ("A win", 1, 0),
        ("News", 4, 1),
        ("Crm: We go", 5, 1),
    }


def test_the_dry_run_counts_who_reads_another_language(team: Store) -> None:
    with team.begin() as tx:
        people.set_setting(tx, key_of(team, "max"), "language", "es")
        people.set_setting(tx, key_of(team, "lea"), "language", "fr")
    number = composed(team)

    with team.begin() as tx:
        found = dry_run(tx, get(team, number), BOOKS, LOOKER, MONDAY)

    assert found.elsewhere == 2


def test_who_only_reads_it_in_a_channel_counts_for_the_second_word(team: Store) -> None:
    number = composed(team, to="channels")

    with team.begin() as tx:
        found = dry_run(tx, get(team, number), BOOKS, LOOKER, MONDAY)

    assert (found.reach.people, found.meant) == (0, 5)


def test_what_somebody_may_not_know_of_is_not_named_to_them(team: Store) -> None:
    secret = initiative("secret", ["sales"], status="draft", project_manager="lea@example.com")
    what = playbooks(BOOKS.initiatives["crm"], secret, units=UNITS)
    hidden = Announcement("s", "wins", "secret", Audience(), (Wording("en", Card("x", title="Hush")),), NOON)
    with team.begin() as tx:
        announcements.add(tx, hidden, MONDAY)
    number = composed(team)

    with team.begin() as tx:
        found = dry_run(tx, get(team, number), what, LOOKER, MONDAY)

    assert found.overlaps == ()


def test_lanes_go_side_by_side() -> None:
    lanes = {Lane("slack", "a"): 400, Lane("teams", "b"): 400}

    assert lasts(lanes, {"slack": 4.0, "teams": 50.0}.__getitem__) == pytest.approx(100)
    assert lasts(lanes, usual_pace) == pytest.approx(400)
    assert lasts({}, usual_pace) == pytest.approx(0)
