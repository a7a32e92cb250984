"""Lanes are held by one worker at a time, by the database's clock, and shared out among those that are alive."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from bot.messages import Card, Place, Post
from bot.store import Store, deliveries, lanes
from bot.store.lanes import Kept, Lane, Past

NOW = datetime(2027, 3, 15, 9, 30, tzinfo=UTC)
LEASE = timedelta(seconds=15)
ONE, TWO, THREE = (Lane("local", f"T{n}") for n in range(3))


def known(store: Store, some: Iterable[Lane]) -> None:
    with store.begin() as tx:
        lanes.wake(tx, some)


def keep(store: Store, worker: str, now: datetime = NOW) -> Kept:
    with store.begin() as tx:
        return lanes.keep(tx, worker, ["local"], now, LEASE)


def test_whatever_is_queued_makes_its_lane_known(store: Store) -> None:
    with store.begin() as tx:
        deliveries.enqueue(tx, [Post("1", Card("a"), place=Place("local", "T0", "C1"))], NOW)
        deliveries.enqueue(tx, [Post("2", Card("a"), place=Place("local", "T0", "C2"))], NOW)
        assert lanes.held(tx, NOW) == {ONE: False}


def test_a_lane_is_held_by_one_worker_until_its_lease_ends(store: Store) -> None:
    known(store, [ONE])

    assert keep(store, "a").taken == {ONE: Past()}
    assert keep(store, "b").held == frozenset()
    assert keep(store, "b", NOW + LEASE - timedelta(seconds=1)).held == frozenset()
    assert keep(store, "b", NOW + LEASE).held == {ONE}
    assert keep(store, "a", NOW + LEASE).held == frozenset()


def test_a_lease_that_is_renewed_goes_on(store: Store) -> None:
    known(store, [ONE])
    for seconds in range(0, 60, 5):
        kept = keep(store, "a", NOW + timedelta(seconds=seconds))

        assert kept.held == {ONE}
        assert bool(kept.taken) == (seconds == 0)
        assert keep(store, "b", NOW + timedelta(seconds=seconds)).held == frozenset()


def test_a_lease_that_ran_out_is_taken_anew_even_by_the_same_worker(store: Store) -> None:
    known(store, [ONE])
    keep(store, "a")

    assert keep(store, "a", NOW + LEASE + timedelta(seconds=3)).taken == {ONE: Past(timedelta(seconds=3))}


def test_a_lane_that_is_let_go_is_free_at_once_and_tells_since_when(store: Store) -> None:
    known(store, [ONE])
    keep(store, "a")
    with store.begin() as tx:
        assert not lanes.any_free(tx, ["local"], NOW)
        lanes.release(tx, "b", ONE, NOW)
        assert not lanes.any_free(tx, ["local"], NOW)
        lanes.release(tx, "a", ONE, NOW)
        lanes.leave(tx, "a")
        assert lanes.any_free(tx, ["local"], NOW)
        assert not lanes.any_free(tx, ["other"], NOW)

    assert keep(store, "b", NOW + timedelta(seconds=2)).taken == {ONE: Past(timedelta(seconds=2))}


def test_a_pause_of_the_platform_outlives_its_holder(store: Store) -> None:
    known(store, [ONE])
    keep(store, "a")
    with store.begin() as tx:
        lanes.pause(tx, ONE, "a", NOW + timedelta(seconds=60))

    taken = keep(store, "b", NOW + LEASE).taken

    assert taken == {ONE: Past(timedelta(), timedelta(seconds=45))}


def test_workers_share_out_the_lanes(store: Store) -> None:
    known(store, [ONE, TWO, THREE])
    assert keep(store, "a").held == {ONE, TWO, THREE}

    # A second worker comes, and the first gives away what is more than its share.
    assert keep(store, "b").held == frozenset()
    assert keep(store, "a").surplus == (THREE,)
    with store.begin() as tx:
        lanes.release(tx, "a", THREE, NOW)
    assert [keep(store, "b").held, keep(store, "a").held] == [{THREE}, {ONE, TWO}]

    # The first dies, and the second takes over all.
    after = NOW + LEASE
    assert keep(store, "b", after).held == {ONE, TWO, THREE}


def test_other_platforms_are_left_to_those_who_serve_them(store: Store) -> None:
    known(store, [ONE, Lane("other", "T0")])

    assert keep(store, "a").held == {ONE}


def test_the_time_is_the_databases(store: Store) -> None:
    with store.read() as tx:
        first, second = lanes.database_time(tx), lanes.database_time(tx)

    assert first.tzinfo is not None
    assert timedelta() <= second - first < timedelta(minutes=1)
