"""An announcement reaches everybody it is for, once, in their words, and stops in the middle when it is cancelled."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, update

from bot.delivery import announcing
from bot.delivery.announcing import cancel, expand
from bot.store import Store, announcements, deliveries, people
from bot.store import tables as t
from bot.store.announcements import Audience
from tests.delivery.organisation import BOOKS, MONDAY, NEWS, announce, listed, progress, queued


def test_everybody_is_told_in_their_words_and_nobody_else(store: Store) -> None:
    """Language and unit are the recipient's."""
    listed(store, "ana", locale="de")
    listed(store, "rui", locale="pt-BR")
    listed(store, "fred", "finance")
    listed(store, "kim", "desk")
    announce(store)

    assert expand(store, BOOKS, MONDAY) == 3
    assert queued(store) == {"Ana": "English", "Rui": "Português", "Fred": "For finance"}
    assert progress(store) == ("done", 3, 0)
    assert expand(store, BOOKS, MONDAY) == 0


def test_nothing_happens_before_it_is_due_and_a_key_is_announced_once(store: Store) -> None:
    """Whoever adds it again changes nothing."""
    listed(store, "ana")

    assert announce(store)
    assert not announce(store, replace(NEWS, kind="wins"))
    assert expand(store, BOOKS, MONDAY - timedelta(seconds=1)) == 0
    assert expand(store, BOOKS, MONDAY) == 1


def test_it_is_kept_as_it_was_added(store: Store) -> None:
    """With everything that is in it."""
    audience = Audience("", ("sales",), ("sponsor",), ("Lisbon",), ("a@example.com",), ("b@example.com",))
    announcement = replace(NEWS, audience=audience, urgent=True)
    announce(store, announcement)

    with store.read() as tx:
        assert announcements.get(tx, NEWS.key) == announcement
        assert announcements.get(tx, "another") is None


def test_whoever_has_the_database_alone_reads_neither_the_words_nor_the_addresses(store: Store) -> None:
    """Both are sealed."""
    announce(store, replace(NEWS, audience=Audience("", people=("canary@example.com",))))

    with store.read() as tx:
        stored = " ".join(str(value) for row in tx.execute(select(t.announcement)) for value in row)
    assert "canary" not in stored
    assert "English" not in stored


def test_posts_carry_what_the_announcement_says(store: Store) -> None:
    """Kind, urgency and batch: what decides about their moment, and what cancels them together."""
    ana = listed(store, "ana")
    announce(store, replace(NEWS, urgent=True))
    expand(store, BOOKS, MONDAY)

    with store.read() as tx:
        row = tx.execute(select(t.delivery)).one()
    assert (row.key, row.kind, row.urgent, row.timed, row.batch) == (
        f"crm:news:{ana}",
        "milestones",
        True,
        True,
        NEWS.key,
    )


def test_it_goes_on_after_every_chunk_wherever_a_process_ends(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that ends in a chunk has done nothing of it; the next one begins there."""
    monkeypatch.setattr(announcing, "CHUNK", 4)
    for n in range(11):
        listed(store, f"p{n}")
    announce(store)

    assert expand(store, BOOKS, MONDAY, at_most=4) == 4
    assert progress(store) == ("expanding", 4, 0)
    with pytest.raises(ZeroDivisionError):
        _expand_and_end(store)
    assert progress(store) == ("expanding", 4, 0)
    assert len(queued(store)) == 4
    assert expand(store, BOOKS, MONDAY) == 7
    assert len(queued(store)) == 11
    assert progress(store) == ("done", 11, 0)


def _expand_and_end(store: Store) -> None:
    with store.begin() as tx:
        held = announcements.hold_due(tx, MONDAY)
        assert held is not None
        announcing._step(tx, *held, BOOKS, MONDAY)
        raise ZeroDivisionError


def test_two_clocks_tell_everybody_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several announcements, two clocks, no one told twice."""
    monkeypatch.setattr(announcing, "CHUNK", 3)
    for n in range(10):
        listed(store, f"p{n}")
    for n in range(3):
        announce(store, replace(NEWS, key=f"news {n}"))
    together = Barrier(2)

    def clock() -> int:
        together.wait()
        return sum(expand(store, BOOKS, MONDAY) for _ in range(10))

    with ThreadPoolExecutor(2) as pool:
        told = [job.result() for job in [pool.submit(clock) for _ in range(2)]]

    assert sum(told) == 30
    with store.read() as tx:
        assert deliveries.counts(tx) == {"queued": 30}


def test_cancelled_in_the_middle_nobody_else_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is queued is cancelled too, what was sent stays."""
    monkeypatch.setattr(announcing, "CHUNK", 2)
    for n in range(6):
        listed(store, f"p{n}")
    announce(store)
    expand(store, BOOKS, MONDAY, at_most=4)
    with store.begin() as tx:
        first = select(t.delivery.c.seq).order_by(t.delivery.c.seq).limit(1).scalar_subquery()
        tx.execute(update(t.delivery).where(t.delivery.c.seq == first).values(state="sent", sent_at=MONDAY))

    with store.begin() as tx:
        assert cancel(tx, NEWS.key, MONDAY) == 3

    assert expand(store, BOOKS, MONDAY) == 0
    assert progress(store)[0] == "cancelled"
    with store.read() as tx:
        assert deliveries.counts(tx) == {"cancelled": 3, "sent": 1}
    assert not announce(store)


def test_who_joins_later_is_not_told_in_retrospect(store: Store) -> None:
    """What they missed they can ask for."""
    listed(store, "ana")
    announce(store)
    expand(store, BOOKS, MONDAY)
    listed(store, "late")

    assert expand(store, BOOKS, MONDAY + timedelta(days=1)) == 0
    assert list(queued(store)) == ["Ana"]


def test_who_has_left_is_not_told_and_who_has_no_account_is_accounted_for(store: Store) -> None:
    """A post that cannot go anywhere has failed with its reason."""
    left, _ = listed(store, "left"), listed(store, "silent", account=False)
    with store.begin() as tx:
        people.mark_left(tx, [left], MONDAY)
    announce(store)

    assert expand(store, BOOKS, MONDAY) == 1
    with store.read() as tx:
        assert deliveries.counts(tx) == {"failed": 1}


def test_an_initiative_that_is_gone_says_nothing_any_more(store: Store) -> None:
    """And does not stand in the way of the others."""
    listed(store, "ana")
    announce(store, replace(NEWS, key="gone", initiative="gone", due_at=MONDAY - timedelta(days=1)))
    announce(store)

    assert expand(store, BOOKS, MONDAY) == 1
    with store.read() as tx:
        gone = announcements.progress(tx, "gone")
    assert gone is not None
    assert gone.state == "cancelled"


def test_what_cannot_be_opened_does_not_stand_in_the_way(store: Store) -> None:
    """It waits for its key."""
    listed(store, "ana")
    announce(store, replace(NEWS, key="sealed with another key", due_at=MONDAY - timedelta(days=1)))
    with store.begin() as tx:
        tx.execute(update(t.announcement).values(wordings="spoiled"))
    announce(store)

    assert expand(store, BOOKS, MONDAY) == 1


@pytest.mark.parametrize(
    ("zone", "begins"),
    [
        ("Pacific/Auckland", "2027-03-14T20:00"),
        ("Europe/Lisbon", "2027-03-15T09:00"),
        ("America/New_York", "2027-03-15T13:00"),
    ],
)
def test_a_time_of_ones_own_comes_in_every_zone_when_the_clock_shows_it(store: Store, zone: str, begins: str) -> None:
    """The day begins in Auckland while it is still yesterday in Lisbon."""
    listed(store, "ana", timezone=zone)
    nine = datetime(2027, 3, 15, 9, tzinfo=UTC)
    announce(store, replace(NEWS, due_at=nine, own_time=True))

    assert expand(store, BOOKS, nine - timedelta(hours=14, seconds=1)) == 0
    assert expand(store, BOOKS, nine - timedelta(hours=14)) == 1
    with store.read() as tx:
        assert tx.scalar(select(t.delivery.c.not_before)) == datetime.fromisoformat(begins).replace(tzinfo=UTC)


def test_what_is_done_is_forgotten_with_time(store: Store) -> None:
    """What is not done stays."""
    announce(store)
    announce(store, replace(NEWS, key="later", due_at=MONDAY + timedelta(days=1)))
    expand(store, BOOKS, MONDAY)

    with store.begin() as tx:
        assert announcements.forget(tx, MONDAY + timedelta(days=300)) == 1
        assert announcements.progress(tx, "later") is not None
