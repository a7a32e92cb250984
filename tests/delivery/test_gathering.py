"""What waits for its recipient's right moment comes at that moment, once, not too often, and together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

from sqlalchemy import delete, select, text, update

from bot.delivery.gathering import REST, gather
from bot.delivery.kinds import AHEAD
from bot.messages import Card, Person, Place, Post
from bot.playbook.model import Playbooks
from bot.store import Store, accounts, deliveries, people
from bot.store import gathering as waiting
from bot.store import tables as t
from tests.delivery.organisation import MONDAY, fate, initiative, listed, playbooks, send_what_is_released, unit

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BOOKS = playbooks(initiative("crm", ["sales", "finance", "desk"]))
NIGHT = datetime(2027, 3, 15, 2, tzinfo=UTC)
NINE = datetime(2027, 3, 15, 9, tzinfo=UTC)


def post(person: str, key: str, kind: str = "milestones", **more: Any) -> Post:
    return Post(key=key, card=Card(f"Text of {key}.", title=key.title()), person=person, kind=kind, **more)


def queue(store: Store, now: datetime, *posts: Post) -> None:
    with store.begin() as tx:
        deliveries.enqueue(tx, posts, now)


def tick(store: Store, now: datetime, books: Playbooks = BOOKS) -> list[str]:
    """The clock ticks, and what it released is sent; returns the keys."""
    gather(store, books, now)
    with store.begin() as tx:
        return send_what_is_released(tx, now)


def sent_card(store: Store, key: str) -> Card:
    with store.read() as tx:
        id = waiting.id_of(tx, key)
        found = waiting.cards(tx, [id or ""])
    assert found is not None
    return found[0]


def set_for(store: Store, person: str, name: str, value: str) -> None:
    with store.begin() as tx:
        people.set_setting(tx, person, name, value)


def test_it_waits_for_working_time_and_then_it_goes(store: Store) -> None:
    """Decided at night, sent in the morning."""
    ana = listed(store, "ana")
    queue(store, NIGHT, post(ana, "a"))

    assert tick(store, NIGHT) == []
    assert fate(store, "a")[:2] == ("queued", False)
    assert tick(store, NINE - timedelta(seconds=1)) == []
    assert tick(store, NINE) == ["a"]
    assert tick(store, NINE + DAY) == []


def test_within_working_time_it_goes_at_once(store: Store) -> None:
    """There is nothing to wait for."""
    ana = listed(store, "ana")
    queue(store, MONDAY, post(ana, "a"))

    assert tick(store, MONDAY) == ["a"]


def test_it_is_not_before_the_time_it_was_given(store: Store) -> None:
    """A post can be for later."""
    ana = listed(store, "ana")
    queue(store, MONDAY, post(ana, "a", not_before=MONDAY + 2 * HOUR))

    assert tick(store, MONDAY + HOUR) == []
    assert tick(store, MONDAY + 2 * HOUR) == ["a"]


def test_everybody_has_their_own_morning(store: Store) -> None:
    """Zone and hours are the recipient's: here of the unit, the directory, and a setting."""
    keys = {name: listed(store, name, "desk" if name == "priya" else "sales") for name in ("ana", "priya", "early")}
    set_for(store, keys["early"], "hours", "06:00-10:00")
    queue(store, NIGHT, *(post(key, name) for name, key in keys.items()))

    assert tick(store, NIGHT) == []
    assert tick(store, datetime(2027, 3, 15, 3, 30, tzinfo=UTC)) == ["priya"]
    assert tick(store, datetime(2027, 3, 15, 6, 0, tzinfo=UTC)) == ["early"]
    assert tick(store, NINE) == ["ana"]


def test_what_is_urgent_or_about_ones_own_affairs_does_not_wait(store: Store) -> None:
    """The night is no reason, and neither is a switch."""
    ana = listed(store, "ana")
    set_for(store, ana, "off", "milestones")
    queue(store, NIGHT, post(ana, "stop", urgent=True), post(ana, "answer", kind=""))

    assert tick(store, NIGHT) == ["stop", "answer"]


def test_what_is_switched_off_is_not_sent(store: Store) -> None:
    """Also if it was switched off while it waited."""
    ana = listed(store, "ana")
    queue(store, NIGHT, post(ana, "a"), post(ana, "b", kind="wins"))
    tick(store, NIGHT)
    set_for(store, ana, "off", "milestones,surveys")

    assert tick(store, NINE) == ["b"]
    assert fate(store, "a") == ("suppressed", True, "switched off: milestones")


def test_who_has_left_is_erased_or_refused_gets_nothing(store: Store) -> None:
    """Each with the reason."""
    left, erased, refused = (listed(store, name) for name in ("left", "erased", "refused"))
    queue(store, NIGHT, *(post(key, name) for name, key in (("l", left), ("e", erased), ("r", refused))))
    with store.begin() as tx:
        people.mark_left(tx, [left], NIGHT)
        tx.execute(delete(t.person).where(t.person.c.key == erased))
        blocked = update(t.identity).where(t.identity.c.person == refused)
        tx.execute(blocked.values(refused="the bot is blocked"))

    assert tick(store, NINE) == []
    assert fate(store, "l") == ("suppressed", True, "the person has left")
    assert fate(store, "e") == ("failed", True, "the person is no longer known")
    assert fate(store, "r") == ("failed", True, "the bot is blocked")


def test_somebody_who_moved_is_written_to_where_they_are_now(store: Store) -> None:
    """One platform for each person, the one they chose last."""
    ana = listed(store, "ana")
    queue(store, NIGHT, post(ana, "a"))
    with store.begin() as tx:
        accounts.identify(tx, Person("other", "acme", "ana", email="ana@example.com"), NIGHT)
        people.set_setting(tx, ana, "platform", "other")

    tick(store, NINE)

    with store.read() as tx:
        assert tx.scalar(select(t.delivery.c.platform).where(t.delivery.c.key == "a")) == "other"
        assert {row.platform for row in tx.execute(select(t.lane))} == {"local", "other"}


def test_what_is_due_at_the_same_moment_comes_as_one(store: Store) -> None:
    """Titles and first lines, in the reader's language, and each can be seen whole."""
    rui = listed(store, "rui", "finance")
    one, two = (Card("First line.\nSecond line.", title=title) for title in ("*One*", ""))
    queue(store, NIGHT, replace(post(rui, "one"), card=one), replace(post(rui, "two", kind="wins"), card=two))

    (key,) = tick(store, NINE)

    card = sent_card(store, key)
    assert card.title == "2 mensagens em uma só"
    assert card.body.split("\n\n")[1:] == ["**1. \\*One\\***\nFirst line.", "**2.** First line."]
    assert [c.label for c in card.choices] == ["Ver 1", "Ver 2"]
    shown = [c.says.removeprefix("gathered ") for c in card.choices]
    with store.read() as tx:
        digest = waiting.id_of(tx, key)
        assert [waiting.gathered(tx, rui, id) for id in shown] == [one, two]
        assert waiting.gathered(tx, "somebody else", shown[0]) is None
    assert fate(store, "one") == ("suppressed", True, f"in a digest: {digest}")
    assert fate(store, "two") == ("suppressed", True, f"in a digest: {digest}")


def test_what_was_taken_back_is_not_shown_any_more(store: Store) -> None:
    """The digest stays, its button says so."""
    ana = listed(store, "ana")
    queue(store, NIGHT, post(ana, "a", batch="news"), post(ana, "b"))
    (key,) = tick(store, NINE)
    shown = sent_card(store, key).choices[0].says.removeprefix("gathered ")

    with store.begin() as tx:
        deliveries.recall(tx, "wrong date", NINE, batch="news")

    with store.read() as tx:
        assert waiting.gathered(tx, ana, shown) is None


def test_what_comes_shortly_after_a_message_is_gathered(store: Store) -> None:
    """Two announcements that were expanded one after the other do not ring twice."""
    ana = listed(store, "ana")
    queue(store, MONDAY, post(ana, "a"))
    assert tick(store, MONDAY) == ["a"]
    queue(store, MONDAY, post(ana, "b"), post(ana, "c"))

    assert tick(store, MONDAY + timedelta(seconds=5)) == []
    assert tick(store, MONDAY + REST - timedelta(seconds=1)) == []
    (key,) = tick(store, MONDAY + REST)
    assert len(sent_card(store, key).choices) == 2


def test_the_cap_holds_over_all_initiatives_and_the_rest_waits_for_the_next_week(store: Store) -> None:
    """The strictest counts; the urgent one passes and is counted."""
    books = playbooks(initiative("crm", ["sales"], cap=3), initiative("erp", ["sales"], cap=2))
    ana = listed(store, "ana")
    queue(store, MONDAY, post(ana, "a"))
    assert tick(store, MONDAY, books) == ["a"]
    queue(store, MONDAY + DAY, post(ana, "urgent", urgent=True))
    assert tick(store, MONDAY + DAY, books) == ["urgent"]
    queue(store, MONDAY + 2 * DAY, post(ana, "b"))
    queue(store, MONDAY + 3 * DAY, post(ana, "again", urgent=True), post(ana, "c"))

    assert tick(store, MONDAY + 3 * DAY, books) == ["again"]
    assert tick(store, MONDAY + 4 * DAY, books) == []
    (key,) = tick(store, NINE + 7 * DAY, books)
    assert len(sent_card(store, key).choices) == 2


def test_the_cap_does_not_hold_back_what_change_agents_get_ahead(store: Store) -> None:
    """It is counted, waits for working time, and can be switched off with the dates."""
    ana = listed(store, "ana")
    books = playbooks(initiative("crm", ["sales"], cap=1))
    queue(store, MONDAY, post(ana, "survey", kind="surveys"))
    assert tick(store, MONDAY, books) == ["survey"]
    queue(store, MONDAY + DAY, post(ana, "a"), post(ana, "ahead", kind=AHEAD))
    queue(store, NIGHT + 3 * DAY, post(ana, "next", kind=AHEAD))

    assert tick(store, MONDAY + DAY, books) == ["ahead"]
    assert tick(store, NIGHT + 3 * DAY, books) == []
    set_for(store, ana, "off", "milestones")
    assert tick(store, NINE + 7 * DAY, books) == []
    assert fate(store, "next") == ("suppressed", True, "switched off: ahead")


def test_an_urgent_message_of_a_later_day_holds_nothing_up(store: Store) -> None:
    """It is counted in its week, and there is nothing to rest from yet."""
    ana = listed(store, "ana")
    queue(store, MONDAY, post(ana, "later", urgent=True, not_before=MONDAY + 3 * DAY), post(ana, "a"))
    assert tick(store, MONDAY) == ["a"]
    queue(store, MONDAY + DAY, post(ana, "b"))
    assert tick(store, MONDAY + DAY) == ["b"]
    queue(store, MONDAY + 2 * DAY, post(ana, "c"))

    assert tick(store, MONDAY + 2 * DAY) == []
    assert tick(store, MONDAY + 3 * DAY) == ["later"]
    assert tick(store, NINE + 7 * DAY) == ["c"]


def test_who_is_affected_by_nothing_has_the_usual_cap(store: Store) -> None:
    """Three."""
    ana = listed(store, "ana", "elsewhere")
    sent = []
    for day in range(5):
        queue(store, MONDAY + day * DAY, post(ana, f"p{day}"))
        sent += tick(store, MONDAY + day * DAY)

    assert sent == ["p0", "p1", "p2"]


def test_a_cap_of_none_lets_nothing_pass_but_what_is_urgent(store: Store) -> None:
    """Waiting for next week would be waiting for ever."""
    books = playbooks(initiative("crm", ["sales"], cap=0))
    ana = listed(store, "ana")
    queue(store, MONDAY, post(ana, "a"), post(ana, "b", urgent=True))

    assert tick(store, MONDAY, books) == ["b"]
    assert fate(store, "a")[0] == "suppressed"


def test_what_is_not_worth_waiting_for_is_not_sent(store: Store) -> None:
    """After a fortnight's closure a survey is over; good news is still good."""
    books = playbooks(
        initiative("crm", ["sales"]), units=[unit("sales", holidays=[f"2027-03-{n}" for n in range(15, 29)])]
    )
    ana = listed(store, "ana")
    queue(store, NIGHT, post(ana, "survey", kind="surveys"), post(ana, "win", kind="wins"))

    assert tick(store, NIGHT, books) == []
    assert fate(store, "survey")[0] == "suppressed"
    assert "too late" in fate(store, "survey")[2]
    assert tick(store, datetime(2027, 3, 29, 8, tzinfo=UTC), books) == ["win"]


def test_what_cannot_be_read_is_left_to_the_sender(store: Store) -> None:
    """It says why, and the others are not held up."""
    ana, eva = listed(store, "ana"), listed(store, "eva")
    queue(store, NIGHT, post(ana, "a"), post(ana, "b"), post(eva, "e"))
    with store.begin() as tx:
        tx.execute(update(t.delivery).where(t.delivery.c.key == "a").values(card="spoiled"))

    assert sorted(tick(store, NINE)) == ["a", "b", "e"]


def test_what_goes_to_a_place_needs_no_persons_moment(store: Store) -> None:
    """Whoever queued it has chosen it."""
    queue(store, NIGHT, Post("channel", Card("News"), place=Place("local", "acme", "c", kind="channel"), kind="wins"))

    assert tick(store, NIGHT) == ["channel"]


def test_two_clocks_decide_once(store: Store) -> None:
    """Everybody gets one message, whoever decides."""
    names = [f"p{n}" for n in range(30)]
    keys = [listed(store, name) for name in names]
    queue(store, NIGHT, *(post(key, f"{name}-{n}") for name, key in zip(names, keys, strict=True) for n in (1, 2)))
    together = Barrier(2)

    def clock() -> None:
        together.wait()
        for _ in range(5):
            gather(store, BOOKS, NINE)

    with ThreadPoolExecutor(2) as pool:
        for job in [pool.submit(clock) for _ in range(2)]:
            job.result()

    with store.begin() as tx:
        sent = send_what_is_released(tx, NINE)
        states = [row.state for row in tx.execute(select(t.delivery.c.state))]
    assert len(sent) == 30
    assert all(key.startswith("gathered:") for key in sent)
    assert sorted(set(states)) == ["sent", "suppressed"]


def test_a_tick_is_bounded_and_what_is_left_is_decided_at_the_next(store: Store) -> None:
    """A hundred thousand messages are not decided while everything else waits."""
    keys = [listed(store, f"p{n}") for n in range(7)]
    queue(store, MONDAY, *(post(key, f"k{n}") for n, key in enumerate(keys)))

    assert gather(store, BOOKS, MONDAY, at_most=0) == 0
    assert gather(store, BOOKS, MONDAY) == 7
    assert gather(store, BOOKS, MONDAY) == 0


def test_what_waits_is_found_by_an_index(store: Store) -> None:
    """The rows that are decided cost nothing."""
    explain = "EXPLAIN QUERY PLAN" if store.embedded else "EXPLAIN"
    query = (
        "SELECT person FROM delivery WHERE NOT delivery.timed AND delivery.state = 'queued'"
        " AND not_before <= '2027-03-15' ORDER BY not_before, seq LIMIT 500"
    )
    with store.begin() as tx:
        if not store.embedded:
            tx.execute(text("SET LOCAL enable_seqscan = off"))
        plan = " ".join(str(row) for row in tx.execute(text(f"{explain} {query}")))

    assert "ix_delivery_untimed" in plan
