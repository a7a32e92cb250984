"""The audit chain shows every change made behind the program's back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, text

from bot.store import Store, api_keys, audit
from bot.store import tables as t

NOW = datetime(2027, 3, 15, 9, 30, 12, 345, tzinfo=UTC)


@pytest.fixture
def chained(store: Store) -> Store:
    """A store with six chained lines, chained in two batches."""
    for start in (0, 3):
        with store.begin() as tx:
            for n in range(start, start + 3):
                audit.note(tx, f"person{n}", "answered", f"case{n}", NOW + timedelta(seconds=n))
        with store.begin() as tx:
            assert audit.chain(tx) == 3
    return store


def verified(store: Store) -> int | None:
    with store.read() as tx:
        return audit.verify(tx)


def tamper(store: Store, *statements: str) -> None:
    with store.begin() as tx:
        for statement in statements:
            tx.execute(text(statement))


def test_an_untouched_chain_is_whole(chained: Store) -> None:
    assert verified(chained) is None
    with chained.begin() as tx:
        assert audit.chain(tx) == 0
        assert audit.length(tx) == 6


def test_an_empty_chain_is_whole(store: Store) -> None:
    assert verified(store) is None


def test_lines_that_wait_to_be_chained_break_nothing(chained: Store) -> None:
    with chained.begin() as tx:
        audit.note(tx, "person7", "answered", "case7", NOW)

    assert verified(chained) is None


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit SET actor = 'somebody else' WHERE seq = 3", 3),
        ("UPDATE audit SET subject = '' WHERE seq = 1", 1),
        ("UPDATE audit SET action = 'read' WHERE seq = 6", 6),
        ("DELETE FROM audit WHERE seq = 4", 4),
        ("DELETE FROM audit WHERE seq = 1", 1),
        ("DELETE FROM audit WHERE seq = 6", 6),
        ("DELETE FROM audit WHERE seq >= 2", 2),
        ("DELETE FROM audit", 1),
        ("UPDATE audit SET seq = NULL WHERE seq = 6", 6),
        ("DELETE FROM audit_head", 1),
    ],
)
def test_tampering_is_found(chained: Store, statement: str, broken: int) -> None:
    tamper(chained, statement)

    assert verified(chained) == broken


def test_swapped_lines_are_found(chained: Store) -> None:
    tamper(
        chained,
        "UPDATE audit SET seq = 99 WHERE seq = 2",
        "UPDATE audit SET seq = 2 WHERE seq = 3",
        "UPDATE audit SET seq = 3 WHERE seq = 99",
    )

    assert verified(chained) == 2


def test_a_chain_rebuilt_without_the_secret_is_found(chained: Store) -> None:
    with chained.begin() as tx:
        tx.execute(text("UPDATE audit SET actor = 'somebody else' WHERE seq = 2"))
        previous = "0" * 64
        for row in tx.execute(t.audit.select().order_by(t.audit.c.seq)).all():
            forged = audit._link(row.seq, row, previous)
            here = t.audit.c.id == row.id
            tx.execute(t.audit.update().where(here).values(previous=previous, hash=forged))
            previous = forged

    assert verified(chained) == 6


def test_lines_are_listed_from_a_moment_on(chained: Store) -> None:
    with chained.begin() as tx:
        audit.note(tx, "person7", "answered", "case7", NOW + timedelta(seconds=7))
        since = audit.lines(tx, NOW + timedelta(seconds=5))
        everything = audit.lines(tx)

    assert [(line.seq, line.actor) for line in since] == [(6, "person5"), (None, "person7")]
    assert len(everything) == 7
    assert everything[0].at == NOW


def test_only_keys_that_were_made_are_known(store: Store) -> None:
    with store.begin() as tx:
        first = api_keys.new_key(tx, "reporting", NOW)
        second = api_keys.new_key(tx, "reporting", NOW)

        assert first != second
        assert api_keys.key_known(tx, first)
        assert api_keys.key_known(tx, second)
        assert not api_keys.key_known(tx, first + "x")
        assert not api_keys.key_known(tx, "")
        assert first not in str(tx.execute(t.api_key.select()).all())


def test_old_lines_can_go_and_the_rest_still_verifies(store: Store) -> None:
    """By age, from the beginning; and what is taken out of the rest is found as before."""
    for day in range(1, 11):
        with store.begin() as tx:
            audit.note(tx, "k", "did", f"thing {day}", NOW + timedelta(days=day))
            audit.chain(tx)

    with store.begin() as tx:
        assert audit.forget(tx, NOW + timedelta(days=5)) == 4
        assert audit.forget(tx, NOW + timedelta(days=5)) == 0

    with store.begin() as tx:
        assert [line.subject for line in audit.lines(tx)] == [f"thing {day}" for day in range(5, 11)]
        assert (audit.verify(tx), audit.length(tx)) == (None, 10)
        audit.note(tx, "k", "did", "one more", NOW + timedelta(days=11))
        audit.chain(tx)
        assert audit.verify(tx) is None
        tx.execute(delete(t.audit).where(t.audit.c.seq == 5))
        assert audit.verify(tx) == 5


def test_all_lines_can_go(store: Store) -> None:
    """The chain goes on after them."""
    with store.begin() as tx:
        audit.note(tx, "k", "did", "thing", NOW)
        audit.chain(tx)
        assert audit.forget(tx, NOW + timedelta(days=5)) == 1
        assert audit.verify(tx) is None
        audit.note(tx, "k", "did", "another", NOW)
        audit.chain(tx)
        assert (audit.verify(tx), audit.length(tx)) == (None, 2)
