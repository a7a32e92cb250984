"""The outbox: nothing is lost, nothing is sent twice unless counted, order is kept, replies leave no trace."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.messages import Card, Later, Outcome, Person, Place, Post, Refused, Sent, Unknown
from bot.store import Seal, Store, accounts, deliveries
from bot.store.deliveries import Claimed, Lane

NOW = datetime(2027, 3, 15, 9, 30, tzinfo=UTC)
HERE = Place("local", "acme", "ana", thread="7", outsiders=True)
THERE = Place("local", "acme", "ben")
LANE = Lane("local", "acme")
PATIENCE = deliveries.PATIENCE


def post(key: str, place: Place | None = HERE, **more: Any) -> Post:
    return Post(key, Card(f"body of {key}", title="T"), place=place, **more)


def queue(store: Store, *posts: Post, now: datetime = NOW) -> int:
    with store.begin() as tx:
        return deliveries.enqueue(tx, posts, now)


def claim(store: Store, now: datetime = NOW, limit: int = 20) -> list[Claimed]:
    with store.begin() as tx:
        return deliveries.claim(tx, LANE, now, limit)


def bodies(claimed: list[Claimed]) -> list[str]:
    return [one.card.body.removeprefix("body of ") for one in claimed]


def record(store: Store, claimed: Claimed, outcome: Outcome, now: datetime = NOW) -> None:
    with store.begin() as tx:
        deliveries.record(tx, claimed.id, outcome, now)


def counts(store: Store) -> dict[str, int]:
    with store.read() as tx:
        return deliveries.counts(tx)


def row(store: Store, columns: str) -> tuple[Any, ...]:
    with store.read() as tx:
        return tuple(tx.execute(text(f"SELECT {columns} FROM delivery")).one())  # noqa: S608 - our own words


def test_the_same_key_is_queued_once(store: Store) -> None:
    assert queue(store, post("a"), post("a"), post("b", reply=True), post("b", reply=True)) == 2
    assert queue(store, post("a"), post("b", reply=True)) == 0


def test_what_is_claimed_is_what_was_queued(store: Store) -> None:
    queue(store, post("a", reply=True))

    (claimed,) = claim(store)

    assert (claimed.place, claimed.card, claimed.reply) == (HERE, Card("body of a", title="T"), True)
    assert (claimed.platform, claimed.workspace) == ("local", "acme")


def test_nothing_is_claimed_twice(store: Store) -> None:
    queue(store, post("a"))

    assert [len(claim(store)), len(claim(store))] == [1, 0]


def test_replies_go_before_everything_else_and_older_before_newer(store: Store) -> None:
    places = [Place("local", "acme", str(n)) for n in range(4)]
    queue(store, post("1", places[0]), post("2", places[1]))
    queue(store, post("3", places[2], reply=True), post("4", places[3], reply=True))

    assert [bodies(claim(store)), bodies(claim(store))] == [["3", "4"], ["1", "2"]]


def test_one_conversation_gets_one_message_at_a_time_in_order(store: Store) -> None:
    queue(store, post("1"), post("2"), post("3"), post("other", THERE))

    first, other = claim(store)
    assert bodies([first, other]) == ["1", "other"]
    assert claim(store) == []

    record(store, first, Sent("m1"))
    assert bodies(claim(store)) == ["2"]


def test_a_message_that_must_wait_holds_up_those_behind_it(store: Store) -> None:
    queue(store, post("1"), post("2"))
    record(store, claim(store)[0], Later(60))

    assert claim(store, NOW + timedelta(seconds=59)) == []
    assert bodies(claim(store, NOW + timedelta(seconds=60))) == ["1"]


@pytest.mark.parametrize("elsewhere", [Place("slack", "acme", "C1"), Place("local", "T1", "C1")])
def test_other_lanes_are_left_alone(store: Store, elsewhere: Place) -> None:
    queue(store, post("1", elsewhere))

    assert claim(store) == []


def test_a_refused_message_has_failed_and_says_why(store: Store) -> None:
    queue(store, post("1"))
    record(store, claim(store)[0], Refused("channel_not_found\0"))

    assert row(store, "state, reason, conversation") == ("failed", "channel_not_found", None)
    assert claim(store, NOW + timedelta(days=1)) == []


def test_a_platform_is_not_asked_for_ever(store: Store) -> None:
    queue(store, post("1"))

    record(store, claim(store)[0], Later(60))
    late = NOW + PATIENCE.give_up
    record(store, claim(store, late)[0], Later(60), late)

    assert counts(store) == {"failed": 1}


def test_what_waited_for_its_moment_for_long_is_asked_for_as_long_as_everything(store: Store) -> None:
    queue(store, post("1", not_before=NOW + timedelta(days=30)))

    late = NOW + timedelta(days=30)
    assert claim(store) == []
    record(store, claim(store, late)[0], Later(60), late)

    assert counts(store) == {"queued": 1}


def test_after_a_doubt_a_message_is_sent_again_and_the_doubt_counted(store: Store) -> None:
    queue(store, post("1"))
    record(store, claim(store)[0], Unknown("broken pipe"))

    assert claim(store, NOW + PATIENCE.settle - timedelta(seconds=1)) == []
    assert bodies(claim(store, NOW + PATIENCE.settle)) == ["1"]
    assert row(store, "doubts, attempts") == (1, 2)


def test_a_platform_that_never_answers_does_not_get_the_message_for_ever(store: Store) -> None:
    queue(store, post("1"))
    now, tries = NOW, 0
    for _ in range(20):
        now += timedelta(minutes=1)
        for claimed in claim(store, now):
            tries += 1
            record(store, claimed, Unknown("timeout"), now)

    assert tries == PATIENCE.doubts + 1
    assert counts(store) == {"failed": 1}


def test_what_a_dead_process_was_sending_is_sent_again_when_its_call_must_have_ended(store: Store) -> None:
    queue(store, post("1"))
    claim(store)
    late = NOW + PATIENCE.over + timedelta(seconds=1)

    with store.begin() as tx:
        assert deliveries.recover(tx, LANE, NOW + PATIENCE.over) == 0
        assert deliveries.recover(tx, Lane("local", "other"), late) == 0
        assert deliveries.recover(tx, LANE, late) == 1

    assert bodies(claim(store, late)) == ["1"]
    assert row(store, "doubts") == (1,)


def test_what_this_process_is_sending_is_not_taken_for_lost(store: Store) -> None:
    queue(store, post("1"))
    (mine,) = claim(store)

    with store.begin() as tx:
        assert deliveries.recover(tx, LANE, NOW + timedelta(days=1), {mine.id}) == 0


def test_an_answer_that_comes_late_still_prevents_a_second_message(store: Store) -> None:
    queue(store, post("1"))
    (claimed,) = claim(store)
    later = NOW + timedelta(minutes=5)
    with store.begin() as tx:
        deliveries.recover(tx, LANE, later)

    record(store, claimed, Sent("m1"), later)

    assert claim(store, later) == []
    assert counts(store) == {"sent": 1}


def test_a_late_failure_does_not_undo_what_was_sent(store: Store) -> None:
    queue(store, post("1"))
    (claimed,) = claim(store)
    record(store, claimed, Sent("m1"))

    record(store, claimed, Refused("gone"))

    assert row(store, "state, platform_id") == ("sent", "m1")


@pytest.mark.parametrize("outcome", [Sent("m1"), Refused("gone")])
def test_a_reply_is_wiped_when_it_is_done(store: Store, outcome: Outcome) -> None:
    queue(store, post("question 17 of U1", reply=True))
    record(store, claim(store)[0], outcome)

    wiped = row(store, "card, place, person, conversation, platform_id, sending_since")
    key, *times = row(store, "key, created_at, not_before, sent_at")
    assert wiped == (None, None, None, None, "", None)
    assert "17" not in key
    assert all(str(time).startswith("2027-03-16 00:00:00") for time in times)
    with store.read() as tx:
        assert tx.scalar(text("SELECT count(*) FROM delivery_attempt")) == 0


def test_a_wiped_reply_to_a_person_does_not_name_them(store: Store) -> None:
    with store.begin() as tx:
        ana = accounts.identify(tx, Person("local", "acme", "U1"), NOW)
    queue(store, post("1", None, person=ana.key, reply=True))
    record(store, claim(store)[0], Sent("m1"))

    assert row(store, "person, place, card") == (None, None, None)


def test_what_is_no_reply_keeps_its_history(store: Store) -> None:
    queue(store, post("1"))
    record(store, claim(store)[0], Later(1, "ratelimited"))
    record(store, claim(store, NOW + timedelta(seconds=1))[0], Sent("m1"))

    with store.read() as tx:
        attempts = tx.execute(text("SELECT outcome, reason FROM delivery_attempt ORDER BY id")).all()
    assert [tuple(attempt) for attempt in attempts] == [("later", "ratelimited"), ("sent", "")]
    assert row(store, "key, state") == ("1", "sent")


def test_a_post_to_a_person_goes_to_their_account(store: Store) -> None:
    account = Person("local", "acme", "U1", email="ana@example.com")
    with store.begin() as tx:
        ana = accounts.identify(tx, account, NOW)
    queue(store, post("1", None, person=ana.key))
    queue(store, post("2", None, person=ana.key))

    (unopened,) = claim(store)
    record(store, unopened, Sent("m1"))
    with store.begin() as tx:
        accounts.remember_direct(tx, account, HERE)
    (opened,) = claim(store)

    assert (unopened.account, unopened.place) == ("U1", None)
    assert (opened.account, opened.place) == ("U1", HERE)


def test_a_post_to_somebody_without_account_has_failed_and_says_so(store: Store) -> None:
    queue(store, post("1", None, person="nobody"))

    assert row(store, "state, reason") == ("failed", "no account on any platform")


def test_a_message_that_cannot_be_opened_waits_and_holds_up_no_other(store: Store, seal: Seal) -> None:
    queue(store, post("1"), post("2", THERE))
    with store.begin() as tx:
        other = Seal(["another secret"]).seal("{}")
        tx.execute(text("UPDATE delivery SET card = :other WHERE key = '1'"), {"other": other})

    assert bodies(claim(store)) == ["2"]
    assert counts(store) == {"queued": 1, "sending": 1}


def test_old_deliveries_are_forgotten_replies_first(store: Store) -> None:
    places = [Place("local", "acme", str(n)) for n in range(3)]
    queue(store, post("1", places[0]), post("2", places[1], reply=True), post("waits", places[2]))
    for claimed in claim(store) + claim(store):
        if "waits" not in claimed.card.body:
            record(store, claimed, Sent("m"))

    with store.begin() as tx:
        a_week_on = NOW + timedelta(days=7)
        ages = {"replies_older_than": a_week_on, "counted_older_than": a_week_on}
        assert deliveries.forget(tx, older_than=NOW, **ages) == 1
        assert deliveries.forget(tx, older_than=a_week_on, **ages) == 1
        assert deliveries.counts(tx) == {"sending": 1}


def test_what_the_bot_wrote_of_its_own_accord_stays_until_it_is_counted_no_more(store: Store) -> None:
    """However short messages are kept, the weekly cap needs them."""
    queue(store, Post("1", Card("news"), place=Place("local", "acme", "1"), kind="milestones"))
    for claimed in claim(store):
        record(store, claimed, Sent("m"))
    later = NOW + timedelta(days=2)

    with store.begin() as tx:
        assert deliveries.forget(tx, older_than=later, replies_older_than=later, counted_older_than=NOW) == 0
        assert deliveries.forget(tx, older_than=later, replies_older_than=later, counted_older_than=later) == 1
