"""What an earlier process, or an overloaded one, left unhandled is handled in the order in which it was said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.messages import Said
from bot.store import Store, hearing
from bot.turn import Reply, Turn
from tests.world import World, world

PLAYBOOKS = Path(__file__).parent / "transcripts" / "playbooks" / "small"
START = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)
LATE = hearing.HANDLED_WITHIN + timedelta(seconds=1)


class Noting:
    """A capability that notes what it hears, in order, and fails at what it is told to."""

    name = "why"

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.fails_at: set[str] = set()

    def takes(self, rest: str, turn: Turn) -> bool:
        return True

    def hear(self, turn: Turn, rest: str) -> Reply:
        if rest in self.fails_at:
            raise RuntimeError
        self.heard.append(rest)
        return Reply()


@pytest.fixture
def here(store: Store) -> Iterator[World]:
    with world(store, PLAYBOOKS, START) as made:
        yield made


@pytest.fixture
def noting(here: World) -> Noting:
    capability = Noting()
    here.core._deciding._capabilities = {**here.core._deciding._capabilities, "why": capability}
    return capability


def accept(here: World, *words: str) -> list[Said]:
    from adapters.local import parse

    heard: list[Any] = [parse(here.payload("lea", text=f"why {word}")) for word in words]
    for said in heard:
        here.core.accept(said)
    return heard


def test_a_backlog_is_handled_in_order_while_it_is_being_picked_up(here: World, noting: Noting) -> None:
    """The process is busy for longer than it should, picks its own events up, and hears another one meanwhile."""
    accept(here, "one", "two")
    here.time += LATE
    with here.store.begin() as tx:
        assert len(hearing.waiting(tx, here.time, 10)) == 2
    (third,) = accept(here, "three")

    here.core.handle(third)
    assert noting.heard == []

    here.time += LATE
    here.core.pick_up(here.time)
    assert noting.heard == ["one", "two", "three"]


def test_who_picks_up_goes_on_with_what_was_said_meanwhile(here: World, noting: Noting) -> None:
    accept(here, "one")
    here.time += LATE
    accept(here, "two")

    here.core.pick_up(here.time)

    assert noting.heard == ["one", "two"]


def test_what_failed_when_picked_up_is_overtaken_and_tried_again(here: World, noting: Noting) -> None:
    accept(here, "one", "two")
    noting.fails_at = {"one"}
    here.time += LATE

    here.core.pick_up(here.time)
    assert noting.heard == ["two"]

    noting.fails_at = set()
    here.time += LATE
    here.core.pick_up(here.time)
    assert noting.heard == ["two", "one"]
