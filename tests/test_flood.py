"""One account that says far too much: a polite word, bounded work, and nobody else waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.local import parse
from bot.flood import ACCOUNTS_WATCHED, AT_MOST, Flood
from bot.store import Store, hearing
from tests.world import World, world

SMALL = Path(__file__).parent / "transcripts" / "playbooks" / "small"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def here(store: Store) -> Iterator[World]:
    """The small organisation, at nine in the morning."""
    with world(store, SMALL, NOW) as made:
        yield made


def test_a_flood_is_answered_once_politely_and_then_passed_over(here: World) -> None:
    """Of ten thousand in a minute a few are taken; others are answered as ever; a minute later it is well."""
    for n in range(10_000):
        said = parse(here.payload("lea", text=f"thanks {n}"))
        assert said is not None
        if here.core.accept(said):
            here.core.handle(said)
    here.drain()

    with here.store.read() as tx:
        assert hearing.counts(tx) == {"handled": AT_MOST}
    sorry = [shown for _, shown in here.platform.posted if "a lot at once" in str(shown["text"])]
    assert len(sorry) == 1
    assert here.says("otto", "thanks")

    here.time += timedelta(minutes=1)
    assert here.says("lea", "thanks")


def test_presses_count_too(here: World) -> None:
    """A press that is too much does nothing, and says nothing a second time."""
    for _ in range(AT_MOST + 10):
        here.hear(here.payload("lea", press="goals"))

    with here.store.read() as tx:
        assert hearing.counts(tx) == {"handled": AT_MOST}


def test_the_windows_slide() -> None:
    """Whoever keeps below the limit is never told."""
    flood = Flood(at_most=2, within=timedelta(seconds=10))
    seconds = (0, 1, 2, 3, 10, 11, 11, 12)

    verdicts = [flood.verdict("a", f"e{n}", NOW + timedelta(seconds=s)) for n, s in enumerate(seconds)]

    assert verdicts == ["take", "take", "tell", "drop", "take", "take", "drop", "tell"]


def test_memory_is_bounded() -> None:
    """However many accounts there are."""
    flood = Flood()
    for n in range(ACCOUNTS_WATCHED + 50):
        flood.verdict(str(n), "e", NOW)

    assert len(flood._said) == ACCOUNTS_WATCHED


def test_a_retry_is_no_flood() -> None:
    """A platform that repeats itself does not make a person silent."""
    flood = Flood(at_most=2)

    assert {flood.verdict("a", "e1", NOW) for _ in range(100)} == {"take"}
    assert flood.verdict("a", "e2", NOW) == "take"
    assert flood.verdict("a", "e3", NOW) == "tell"
