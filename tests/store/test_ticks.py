"""How far the clock has come survives, moves with what was done, and goes forward once for two clocks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from bot.store import Store, ticks

NOW = datetime(2027, 3, 15, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def since(store: Store, name: str, now: datetime) -> datetime:
    with store.begin() as tx:
        return ticks.since(tx, name, now)


def since_and_end(store: Store) -> None:
    with store.begin() as tx:
        ticks.since(tx, "surveys", LATER)
        raise ZeroDivisionError


def test_each_thing_goes_on_where_it_ended(store: Store) -> None:
    """Nothing that was due before the very first time is caught up."""
    assert since(store, "surveys", NOW) == NOW
    assert since(store, "surveys", LATER) == NOW
    assert since(store, "surveys", LATER) == LATER
    assert since(store, "milestones", LATER) == LATER


def test_a_clock_that_was_put_back_moves_nothing(store: Store) -> None:
    """What was done stays done."""
    since(store, "surveys", LATER)

    assert since(store, "surveys", NOW) == LATER
    assert since(store, "surveys", LATER + timedelta(seconds=1)) == LATER


def test_what_was_not_done_is_due_again(store: Store) -> None:
    """The mark moves only with the transaction that did it."""
    since(store, "surveys", NOW)

    with pytest.raises(ZeroDivisionError):
        since_and_end(store)

    assert since(store, "surveys", LATER) == NOW


def test_of_two_clocks_one_has_something_to_do(store: Store) -> None:
    """The other waits and finds it done."""
    since(store, "surveys", NOW)
    together = Barrier(2)

    def clock() -> datetime:
        together.wait()
        return since(store, "surveys", LATER)

    with ThreadPoolExecutor(2) as pool:
        found = [job.result() for job in [pool.submit(clock) for _ in range(2)]]

    assert sorted(found) == [NOW, LATER]
