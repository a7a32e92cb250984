"""Posts go into the outbox by the hundred thousand, each key once, and what many have in common is kept once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.messages import Card, Person, Place, Post, Sent
from bot.store import Store, accounts, contents, deliveries, people, sending
from bot.store.deliveries import Claimed, Lane
from bot.store.queueing import AT_ONCE

NOW = datetime(2027, 3, 15, 9, 30, tzinfo=UTC)
LANE = Lane("local", "acme")
NEWS = Card("The old system closes on 10 May.")


def place(name: object) -> Place:
    return Place("local", "acme", str(name))


def queue(store: Store, *posts: Post, now: datetime = NOW) -> int:
    with store.begin() as tx:
        return deliveries.enqueue(tx, posts, now)


def claim(store: Store, now: datetime = NOW, limit: int = 50) -> list[Claimed]:
    with store.begin() as tx:
        return deliveries.claim(tx, LANE, now, limit)


def bodies(store: Store, now: datetime = NOW) -> list[str]:
    return [claimed.card.body for claimed in claim(store, now)]


def scalar(store: Store, query: str) -> Any:
    with store.read() as tx:
        return tx.scalar(text(query))


def test_many_posts_are_queued_each_key_once_and_in_order(store: Store) -> None:
    total = 2 * AT_ONCE + 7
    posts = [Post(f"news:{n}", NEWS, place=place(n), batch="news") for n in range(total)]

    assert queue(store, *posts[: AT_ONCE + 3]) == AT_ONCE + 3
    assert queue(store, *posts, posts[0]) == AT_ONCE + 4
    assert queue(store, *posts) == 0

    with store.read() as tx:
        keys = tx.scalars(text("SELECT key FROM delivery ORDER BY seq")).all()
    assert list(keys) == [post.key for post in posts]


def test_what_a_batch_says_is_kept_once_and_cannot_be_read(store: Store) -> None:
    queue(store, *(Post(str(n), NEWS, place=place(n), batch="news") for n in range(5)))
    queue(store, *(Post(f"b{n}", NEWS, place=place(n), batch="again") for n in range(2)))
    queue(store, Post("alone", NEWS, place=place("alone"), batch="news"))

    assert scalar(store, "SELECT count(*) FROM content") == 2
    assert scalar(store, "SELECT count(*) FROM delivery WHERE card IS NOT NULL") == 1
    assert "May" not in scalar(store, "SELECT card FROM content")
    assert bodies(store) == [NEWS.body] * 6


def test_different_cards_of_a_batch_reach_their_own_recipients(store: Store) -> None:
    cards = [Card(f"Dear {n % 2}") for n in range(6)]
    queue(store, *(Post(str(n), card, place=place(n), batch="news") for n, card in enumerate(cards)))

    assert bodies(store) == [card.body for card in cards]


def test_content_goes_when_nothing_refers_to_it_any_more(store: Store) -> None:
    queue(store, *(Post(str(n), NEWS, place=place(n), batch="news") for n in range(2)))
    late = NOW + contents.KEPT_AT_LEAST + timedelta(days=1)
    with store.begin() as tx:
        assert contents.forget(tx, late) == 0
    for claimed in claim(store):
        with store.begin() as tx:
            deliveries.record(tx, claimed.id, Sent("m"), NOW)
    with store.begin() as tx:
        deliveries.forget(tx, older_than=late, replies_older_than=late, counted_older_than=late)

    assert scalar(store, "SELECT count(*) FROM content") == 0


def test_content_that_was_just_used_again_stays(store: Store) -> None:
    """Its delivery may not be committed yet."""
    with store.begin() as tx:
        contents.keep(tx, "news", NEWS, NOW)
        later = NOW + timedelta(days=30)
        contents.keep(tx, "news", NEWS, later)

        assert contents.forget(tx, later) == 0
        assert contents.forget(tx, later + contents.KEPT_AT_LEAST + timedelta(days=1)) == 1


def test_what_waits_for_its_right_moment_is_not_sent(store: Store) -> None:
    """It holds up nobody either. What is urgent, has no kind, or answers somebody does not wait."""
    here = place("ana")
    queue(store, Post("waits", Card("waits"), place=here, kind="news"))
    queue(store, Post("urgent", Card("urgent"), place=here, kind="news", urgent=True))
    queue(store, Post("reply", Card("reply"), place=place("ben"), kind="news", reply=True))
    queue(store, Post("own", Card("own"), place=place("cy")))

    assert [bodies(store), bodies(store), bodies(store)] == [["reply"], ["urgent", "own"], []]
    with store.begin() as tx:
        tx.execute(text("UPDATE delivery SET timed = (1 = 1) WHERE key = 'waits'"))
        tx.execute(text("UPDATE delivery SET state = 'sent', conversation = NULL WHERE key = 'urgent'"))
    assert bodies(store) == ["waits"]


def test_nothing_is_sent_before_its_time(store: Store) -> None:
    queue(store, Post("1", Card("1"), place=place("ana"), not_before=NOW + timedelta(hours=1)))
    queue(store, Post("2", Card("2"), place=place("ana"), not_before=NOW - timedelta(hours=1)))

    assert bodies(store) == ["2"]
    assert row_of(store, "2") == NOW


def row_of(store: Store, key: str) -> datetime:
    from bot.store import tables as t

    with store.read() as tx:
        found = tx.execute(t.delivery.select().where(t.delivery.c.key == key)).one()
    moment: datetime = found.not_before
    return moment


def test_what_is_for_one_person_does_not_wait_behind_what_goes_to_many(store: Store) -> None:
    queue(store, *(Post(f"n{n}", NEWS, place=place(n), batch="news") for n in range(3)))
    queue(store, Post("mine", Card("mine"), place=place(0)))

    assert bodies(store) == ["mine"]
    assert bodies(store) == [NEWS.body] * 2


def test_a_post_goes_where_the_person_wants_it_and_takes_messages(store: Store) -> None:
    where = Place("slack", "T1", "D1")
    both = [
        Person("local", "acme", "U1", email="ana@example.com"),
        Person("slack", "T1", "U2", email="ana@example.com"),
    ]
    with store.begin() as tx:
        (ana,) = {accounts.identify(tx, account, NOW).key for account in both}
        accounts.remember_direct(tx, both[1], where)

    def platform(key: str) -> str:
        queue(store, Post(key, Card("a"), person=ana))
        return str(scalar(store, f"SELECT platform FROM delivery WHERE key = '{key}'"))  # noqa: S608 - our own words

    assert platform("written to") == "slack"
    with store.begin() as tx:
        people.set_setting(tx, ana, people.PLATFORM_SETTING, "local")
    assert platform("chosen") == "local"
    with store.begin() as tx:
        tx.execute(text("UPDATE identity SET refused = 'inactive' WHERE platform = 'local'"))
    assert platform("refused") == "slack"


@pytest.mark.parametrize("rank", [0, 2])
def test_a_claim_sorts_nothing_and_reads_only_what_it_takes(store: Store, rank: int) -> None:
    """A hundred thousand queued messages must not slow down a reply."""
    queue(store, *(Post(f"n{n}", NEWS, place=place(n), batch="news") for n in range(300)))
    with store.begin() as tx:
        here = {"platform": LANE.platform, "workspace": LANE.workspace}
        query = sending._DUE.params(**here, rank=rank, now=NOW, limit=20)
        sql = str(query.compile(tx.get_bind(), compile_kwargs={"literal_binds": True})).replace(":", r"\:")
        explain = "EXPLAIN QUERY PLAN " if store.embedded else "EXPLAIN "
        if not store.embedded:
            # So small a table would be read whole.
            tx.execute(text("SET LOCAL enable_seqscan = off"))
            tx.execute(text("SET LOCAL enable_bitmapscan = off"))
        plan = "\n".join(str(line[-1]) for line in tx.execute(text(explain + sql)))

    assert plan.count("ix_delivery_queued") == 1
    assert "ix_delivery_waiting" in plan
    assert plan.count("SEARCH" if store.embedded else "Index Scan") == 3
    assert all(word not in plan for word in ("Sort", "TEMP B-TREE", "SCAN", "Seq Scan", "Hash"))


def test_the_backlog_is_told_by_lane(store: Store) -> None:
    queue(store, Post("1", Card("a"), place=place("ana"), reply=True), now=NOW - timedelta(seconds=7))
    queue(store, Post("2", Card("a"), place=place("ana"), reply=True))
    queue(store, Post("3", Card("a"), place=place("ben"), kind="news"))
    queue(store, Post("4", Card("a"), place=place("cy")))

    with store.read() as tx:
        assert deliveries.waiting(tx, NOW) == {(LANE, True): (2, 7.0), (LANE, False): (2, 0.0)}
