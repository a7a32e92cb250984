"""A bakery whose people were asked: rounds with answers that were cast into the box and closed by the clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from bot.playbook.model import Playbooks
from bot.pulse.ballots import Ballot, length
from bot.pulse.report import Report, report
from bot.pulse.rounds import snapshot_of
from bot.store import Store, ballots, participation, people, surveys
from bot.store.surveys import New, Round, Snapshot
from tests.world import World, world

FOLDER = Path(__file__).parent.parent / "transcripts" / "playbooks" / "bakery"
NOW = datetime(2027, 2, 1, 10, 0, tzinfo=UTC)
BAKEHOUSE = ("bob", "bea", "ben", "bill", "bert", "boris", "bonnie")
SHOP = ("sam", "sue", "sol", "sid", "sky", "stan")
VANS = ("vic", "val")
GREETED = ("hanna", "piet", "bob", "bea", "sue", "vic")
WEEK = timedelta(days=7)

Said = Mapping[str, Any]


@dataclass
class Bakery:
    """The world with its rounds."""

    here: World

    @property
    def books(self) -> Playbooks:
        """What is in force."""
        return self.here.library.current.playbooks

    def round(
        self, answers: Mapping[str, Said], template: str = "ready", asked: Iterable[str] = (), named: bool = False
    ) -> Round:
        """A round opened now in which all of the bakery (or those `asked`) are asked and these answer, by name, and
        that the clock closes a week later."""
        initiative = self.books.initiatives["ovens"]
        snapshot = snapshot_of(self.books, initiative, template)
        assert snapshot is not None
        round = self._open(snapshot, tuple(asked) or (*BAKEHOUSE, *SHOP, *VANS), named)
        with self.here.store.begin() as tx:
            for name, said in answers.items():
                person = self._person(name)
                assert participation.answered(tx, round.id, person[0])
                ballot = Ballot.of(person[1], said).to_json()
                size = length(snapshot.template)
                if named:
                    assert ballots.put_named(tx, round.id, person[0], ballot, size)
                else:
                    ballots.put_in(tx, round.id, uuid4().hex, ballot, size)
        self.later(WEEK)
        with self.here.store.read() as tx:
            found = surveys.round(tx, round.id)
        assert found is not None
        return found

    def _open(self, snapshot: Snapshot, asked: tuple[str, ...], named: bool) -> Round:
        new = New(
            initiative="ovens",
            template=snapshot.template.id,
            hash="h",
            snapshot=snapshot,
            occurrence=uuid4().hex,
            audience="all-affected",
            share=1.0,
            cycle=1,
            minimum=snapshot.template.minimum_group,
            named=named,
            zone="Europe/Lisbon",
            opened_at=self.here.time,
            closes_at=self.here.time + WEEK,
        )
        with self.here.store.begin() as tx:
            found = surveys.open_round(tx, new, [self._person(name) for name in asked])
        assert found is not None
        return found

    def _person(self, name: str) -> tuple[str, str]:
        with self.here.store.read() as tx:
            person = people.person_by_email(tx, f"{name}@example.com")
        assert person is not None
        return person.key, person.unit

    def later(self, time: timedelta) -> list[tuple[str, dict[str, Any]]]:
        """Time passes; what was posted meanwhile, and to whom."""
        before, end = len(self.here.platform.posted), self.here.time + time
        while self.here.time < end:
            self.here.time = min(end, self.here.time + timedelta(hours=24))
            self.here.core.tick(self.here.time)
            self.here.drain()
        return [(place.conversation, card) for place, card in self.here.platform.posted[before:]]

    def report(self, round: Round) -> Report:
        """The report of a closed round."""
        with self.here.store.read() as tx:
            found = report(tx, self.books, round)
        assert found is not None
        return found

    def told(self, who: str) -> str:
        """Everything this person was ever written, as text."""
        return "\n".join(
            str(card) for place, card in self.here.platform.posted if place.conversation == f"direct:{who}"
        )


@contextmanager
def bakery(store: Store) -> Iterator[Bakery]:
    """The bakery; some have talked to the bot, so that they can be written to."""
    with world(store, FOLDER, NOW, forms=frozenset({"local"})) as here:
        for who in GREETED:
            here.says(who, "thanks")
        yield Bakery(here)


def said(why: int, can: int, words: str = "", missing: tuple[int, ...] = ()) -> Said:
    """What somebody answers to `ready`."""
    found: dict[str, Any] = {"know-why": why, "can-do": can}
    if missing:
        found["missing"] = missing
    return found | ({"words": words} if words else {})
