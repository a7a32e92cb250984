"""What was queued or sent can be changed, cancelled and taken back, and what may have arrived is looked for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.delivery.sender import Sender
from bot.messages import Absent, Card, Later, Limits, Outcome, Person, Place, Post, Refused, Sent, Unknown
from bot.store import Store, accounts, deliveries
from bot.store.deliveries import PATIENCE, Lane

START = datetime(2027, 3, 15, 9, 30, tzinfo=UTC)
LANE = Lane("local", "acme")
HERE = Place("local", "acme", "ana")


@dataclass
class Board:
    """A platform on which messages can be changed and, with history, looked up. `goes_wrong` are the next outcomes."""

    limits: Limits = field(default_factory=lambda: Limits(history=True))
    name: str = "local"
    shown: dict[str, str] = field(default_factory=dict)
    key_of: dict[str, str] = field(default_factory=dict)
    goes_wrong: list[Outcome] = field(default_factory=list)
    unreadable: list[Later | Refused] = field(default_factory=list)
    searched: list[tuple[datetime, datetime]] = field(default_factory=list)
    takes_all: bool = True
    calls: int = 0

    async def send(self, place: Place, card: Card, key: str) -> Outcome:
        self.calls += 1
        wrong = self.goes_wrong.pop(0) if self.goes_wrong else None
        id = f"m{self.calls}"
        if wrong is None or (self.takes_all and isinstance(wrong, Unknown)):
            self.shown[id], self.key_of[key] = card.body, id
        return wrong or Sent(id)

    async def edit(self, place: Place, message: str, card: Card) -> Outcome:
        self.calls += 1
        if self.goes_wrong:
            return self.goes_wrong.pop(0)
        self.shown[message] = card.body
        return Sent(message)

    async def delete(self, place: Place, message: str) -> Outcome:
        self.calls += 1
        if self.goes_wrong:
            return self.goes_wrong.pop(0)
        self.shown.pop(message, None)
        return Sent(message)

    async def find(self, place: Place, key: str, since: datetime, until: datetime) -> Sent | Absent | Later | Refused:
        self.searched.append((since, until))
        if self.unreadable:
            return self.unreadable.pop(0)
        return Sent(self.key_of[key]) if key in self.key_of else Absent()

    async def open_direct(self, account: str, workspace: str) -> Place | Refused | Later:
        return Place("local", workspace, f"direct of {account}")

    @property
    def bodies(self) -> list[str]:
        return sorted(self.shown.values())


@dataclass
class Office:
    """A store, a platform, and a clock that is set by the test."""

    store: Store
    pool: ThreadPoolExecutor
    board: Board = field(default_factory=Board)
    now: datetime = START

    def queue(self, *bodies: str, batch: str = "", **more: Any) -> None:
        with self.store.begin() as tx:
            posts = [Post(b, Card(b), place=HERE, batch=batch, **more) for b in bodies]
            deliveries.enqueue(tx, posts, self.now)

    def send(self) -> None:
        sender = Sender(self.store, {"local": self.board}, lambda: self.now, self.pool, chance=lambda: 0.0)
        asyncio.run(asyncio.wait_for(sender.drain(), 20))

    def later(self, by: timedelta) -> None:
        self.now += by
        self.send()

    def edit(self, key: str, body: str) -> bool:
        with self.store.begin() as tx:
            return deliveries.edit(tx, key, Card(body), self.now)

    def cancel(self, **what: str) -> int:
        with self.store.begin() as tx:
            return deliveries.cancel(tx, "changed our minds", self.now, **what)

    def recall(self, instead: str = "", **what: str) -> int:
        card = Card(instead) if instead else None
        with self.store.begin() as tx:
            return deliveries.recall(tx, "a mistake", self.now, instead=card, **what)

    def state(self, key: str) -> tuple[str, str]:
        with self.store.read() as tx:
            row = tx.execute(text("SELECT state, reason FROM delivery WHERE key = :key"), {"key": key}).one()
        return row.state, row.reason

    def doubts(self) -> int:
        with self.store.read() as tx:
            return deliveries.doubts(tx)

    def attempts(self, key: str) -> list[tuple[str, str, str]]:
        with self.store.read() as tx:
            return [(a.action, a.outcome, a.reason) for a in deliveries.attempts(tx, key)]


@pytest.fixture
def office(store: Store) -> Iterator[Office]:
    with ThreadPoolExecutor(2) as pool:
        yield Office(store, pool)


def test_an_edit_before_sending_costs_no_call(office: Office) -> None:
    office.queue("1")

    assert office.edit("1", "better")
    office.send()

    assert (office.board.bodies, office.board.calls) == (["better"], 1)


def test_what_was_sent_is_edited_and_the_last_edit_counts(office: Office) -> None:
    office.queue("1")
    office.send()

    assert office.edit("1", "better")
    assert office.edit("1", "best")
    office.send()

    assert (office.board.bodies, office.board.calls) == (["best"], 2)
    assert office.state("1")[0] == "sent"
    assert office.attempts("1") == [("post", "sent", ""), ("edit", "sent", "")]


def test_an_edit_that_must_wait_is_overtaken_by_a_later_one(office: Office) -> None:
    office.queue("1")
    office.send()
    office.board.goes_wrong = [Later(60, "ratelimited")]
    office.edit("1", "better")
    office.send()
    office.edit("1", "best")

    office.later(timedelta(seconds=61))

    assert office.board.bodies == ["best"]
    assert office.board.calls == 3


def test_an_edit_of_a_post_to_a_person_goes_to_their_conversation(office: Office) -> None:
    with office.store.begin() as tx:
        ana = accounts.identify(tx, Person("local", "acme", "U1"), START).key
        deliveries.enqueue(tx, [Post("1", Card("1"), person=ana)], START)
    office.send()

    assert office.edit("1", "better")
    office.send()

    assert office.board.bodies == ["better"]


def test_there_is_nothing_to_edit_in_what_is_unknown_a_reply_failed_or_taken_back(office: Office) -> None:
    office.queue("reply", reply=True)
    office.send()
    office.board.goes_wrong = [Refused("no")]
    office.queue("failed")
    office.send()
    office.queue("gone", "later gone")
    office.send()
    office.cancel(key="gone")
    office.recall(key="later gone")

    assert [office.edit(key, "x") for key in ("unknown", "reply", "failed", "later gone")] == [False] * 4
    assert office.edit("gone", "still there")


def test_an_edit_whose_outcome_is_unknown_is_made_again_and_is_no_doubt(office: Office) -> None:
    office.queue("1")
    office.send()
    office.board.goes_wrong = [Unknown("reset")]
    office.edit("1", "better")
    office.send()

    office.later(PATIENCE.settle)

    assert office.board.bodies == ["better"]
    assert (office.doubts(), office.board.searched) == (0, [])


def test_a_message_without_an_id_cannot_be_changed_and_that_is_said(office: Office) -> None:
    office.board.goes_wrong = [Sent("")]
    office.queue("1")
    office.send()
    office.edit("1", "better")
    office.send()

    assert ("edit", "refused", "the platform gave no id by which the message could be changed") in office.attempts("1")


def test_what_waits_is_cancelled_with_a_reason_and_emptied(office: Office) -> None:
    office.queue("1", "2", batch="news")
    office.queue("other")

    assert office.cancel(batch="news") == 2
    office.send()

    assert office.board.bodies == ["other"]
    assert office.state("1") == ("cancelled", "changed our minds")
    assert office.attempts("1") == [("post", "cancelled", "changed our minds")]
    with office.store.read() as tx:
        assert deliveries.progress(tx, "news") == {"cancelled": 2}
        assert tx.execute(text("SELECT card, content, conversation FROM delivery WHERE key = '1'")).one() == (None,) * 3


def test_a_recall_takes_back_what_was_sent_and_cancels_what_waits(office: Office) -> None:
    office.queue("1", "2", batch="news")
    office.send()
    office.queue("3", batch="news")
    office.queue("other")

    assert office.recall(batch="news") == 3
    assert office.recall(batch="news") == 0
    office.send()

    assert office.board.bodies == ["other"]
    assert [office.state(key) for key in ("1", "2", "3")] == [("cancelled", "a mistake")] * 3
    assert [a[:2] for a in office.attempts("1")] == [("post", "sent"), ("delete", "sent")]
    with office.store.read() as tx:
        assert deliveries.progress(tx, "news") == {"cancelled": 3}
        assert deliveries.progress(tx, "news", "delete") == {"sent": 2}


def test_a_recall_can_put_something_else_in_the_place(office: Office) -> None:
    office.queue("1", "2", batch="news")
    office.send()
    office.edit("1", "an edit that is overtaken")

    assert office.recall("Please ignore this", batch="news") == 2
    office.send()

    assert office.board.bodies == ["Please ignore this"] * 2
    assert office.state("1") == ("sent", "")


@pytest.mark.parametrize("outcome", [None, Later(1, "busy"), Unknown("reset"), Refused("no")])
def test_what_is_just_being_sent_is_taken_back_once_it_has_arrived(office: Office, outcome: Outcome | None) -> None:
    """Whatever comes of the call, in the end nobody sees it, and it is not sent again."""
    office.queue("1", batch="news")
    with office.store.begin() as tx:
        (claimed,) = deliveries.claim(tx, LANE, START, 9, history=True)
    office.board.goes_wrong = [outcome] if outcome else []

    assert office.recall(batch="news") == 1
    landed = asyncio.run(office.board.send(HERE, claimed.card, claimed.id))
    with office.store.begin() as tx:
        deliveries.record(tx, claimed.id, landed, START)
    for _ in range(3):
        office.later(PATIENCE.settle)

    assert office.board.bodies == []
    assert office.state("1")[0] in ("cancelled", "failed")


def test_a_recalled_post_that_did_not_arrive_is_not_sent_again(office: Office) -> None:
    office.board.takes_all = False
    office.board.goes_wrong = [Unknown("reset")]
    office.queue("1", batch="news")
    office.send()

    office.recall(batch="news")
    for _ in range(3):
        office.later(PATIENCE.settle)

    assert (office.board.bodies, office.board.calls) == ([], 1)
    assert office.state("1") == ("cancelled", "a mistake")


def test_a_deletion_the_platform_refuses_leaves_the_post_as_sent(office: Office) -> None:
    office.queue("1")
    office.send()
    office.recall(key="1")
    office.board.goes_wrong = [Refused("cant_delete_message")]
    office.send()

    assert office.state("1")[0] == "sent"
    assert office.attempts("1")[-1] == ("delete", "refused", "cant_delete_message")


def test_either_a_key_or_a_batch_is_named(office: Office) -> None:
    for wrong in ({}, {"key": "1", "batch": "2"}):
        with pytest.raises(ValueError, match="either a key or a batch"):
            office.cancel(**wrong)


def test_what_may_have_arrived_is_looked_for_and_not_sent_again(office: Office) -> None:
    office.board.goes_wrong = [Unknown("reset")]
    office.queue("1", "2")
    office.send()
    assert office.board.bodies == ["1"]

    office.later(PATIENCE.settle)

    assert (office.board.bodies, office.board.calls) == (["1", "2"], 2)
    assert office.doubts() == 0
    ((since, until),) = office.board.searched
    assert since < START
    assert until == office.now
    assert [a[1] for a in office.attempts("1")] == ["unknown", "sent"]


def test_what_did_not_arrive_is_sent_again_without_doubt(office: Office) -> None:
    office.board.takes_all = False
    office.board.goes_wrong = [Unknown("reset")]
    office.queue("1")
    office.send()

    office.later(PATIENCE.settle)

    assert (office.board.bodies, office.doubts()) == (["1"], 0)
    assert [a[1] for a in office.attempts("1")] == ["unknown", "absent", "sent"]


def test_where_history_cannot_be_read_it_is_sent_again_and_counted(office: Office) -> None:
    office.board.goes_wrong = [Unknown("reset")]
    office.board.unreadable = [Later(5, "busy"), Refused("missing_scope")]
    office.queue("1")
    office.send()

    office.later(PATIENCE.settle)
    assert (office.board.bodies, office.doubts()) == (["1"], 0)
    office.later(timedelta(seconds=6))

    assert (office.board.bodies, office.doubts()) == (["1", "1"], 1)


def test_where_there_is_no_history_it_is_sent_again_and_counted(office: Office) -> None:
    office.board.limits = Limits()
    office.board.goes_wrong = [Unknown("reset")]
    office.queue("1")
    office.send()
    assert office.doubts() == 0

    office.later(PATIENCE.settle)

    assert (office.board.bodies, office.doubts(), office.board.searched) == (["1", "1"], 1, [])


def test_what_a_dead_process_was_sending_is_looked_for_when_no_call_can_be_in_flight(office: Office) -> None:
    office.queue("1")
    with office.store.begin() as tx:
        (claimed,) = deliveries.claim(tx, LANE, START, 9, history=True)
    asyncio.run(office.board.send(HERE, claimed.card, claimed.id))

    office.later(PATIENCE.over)
    assert office.board.searched == []
    office.later(timedelta(seconds=1))

    assert (office.board.bodies, office.doubts()) == (["1"], 0)
    assert office.state("1")[0] == "sent"


def test_a_search_that_breaks_off_begins_where_the_first_attempt_did(office: Office) -> None:
    office.board.goes_wrong = [Unknown("reset")]
    office.queue("1")
    office.send()
    office.now += PATIENCE.settle
    with office.store.begin() as tx:
        (claimed,) = deliveries.claim(tx, LANE, office.now, 9, history=True)
    assert claimed.unsure_since == START

    office.later(PATIENCE.over + timedelta(seconds=1))

    assert office.board.searched[0][0] < START
    assert (office.board.bodies, office.doubts()) == (["1"], 0)
