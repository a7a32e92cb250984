"""The kept messages of the local page: their order, their pages, and that nothing in them can be read."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

from bot.messages import Card
from bot.store import Store, local_clock, web_messages
from bot.store.tables import web_message

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def add(store: Store, key: str, place: str = "here", thread: int = 0, text: str = "hello") -> int:
    """Keeps one message in a transaction of its own."""
    with store.begin() as tx:
        return web_messages.add(tx, key=key, place=place, thread=thread, sender="ana", text=text, now=NOW)


def test_what_was_said_comes_back(store: Store) -> None:
    card = Card("body", title="title")
    with store.begin() as tx:
        number = web_messages.add(tx, key="k", place="here", card=card, now=NOW)
        web_messages.hand_in(tx, number)
    with store.read() as tx:
        found = web_messages.message(tx, number)
        assert web_messages.message(tx, number + 1) is None
        newest = web_messages.newest(tx)
    assert found == web_messages.Message(number, "here", 0, "", "", "typed", card, True, NOW, changed=newest)
    assert newest > number


def test_the_same_key_is_the_same_message(store: Store) -> None:
    first, other = add(store, "k"), add(store, "other")
    assert add(store, "k", text="again") == first
    with store.read() as tx:
        assert [m.number for m in web_messages.since(tx, 0, ["here"])] == [first, other]


def test_what_is_read_up_to_a_number_misses_nothing_before_it(store: Store) -> None:
    """Many write and change at once; whoever reads on from what was counted last misses no message and no change."""
    together, seen, last = Barrier(5), list[int](), 0
    latest = dict[int, bool]()

    def write(writer: int) -> None:
        together.wait()
        for n in range(15):
            number = posted(store, f"{writer}-{n}", "first")
            with store.begin() as tx:
                assert web_messages.change(tx, number, Card("last"))

    with ThreadPoolExecutor(4) as threads:
        writing = [threads.submit(write, writer) for writer in range(4)]
        together.wait()
        ended, found = False, list[web_messages.Message]()
        while found or not ended:
            ended = all(job.done() for job in writing)
            with store.read() as tx:
                found = web_messages.since(tx, last, ["here"], limit=7)
            seen += [m.changed for m in found]
            latest |= {m.number: bool(m.card and m.card.body == "last") for m in found}
            last = seen[-1] if seen else 0
    assert seen == sorted(set(seen))
    assert len(latest) == 60
    assert all(latest.values())


def posted(store: Store, key: str, body: str, thread: int = 0) -> int:
    """Keeps one card in a transaction of its own."""
    with store.begin() as tx:
        return web_messages.add(tx, key=key, place="here", thread=thread, card=Card(body), now=NOW)


def test_what_changed_is_told_once_as_it_is_now(store: Store) -> None:
    """Whoever has read up to a count is told of changes after it, each message once, the last change at the end."""
    first, second, said = posted(store, "a", "one"), posted(store, "b", "two"), add(store, "c")
    with store.begin() as tx:
        assert web_messages.change(tx, first, Card("uno"))
        assert web_messages.change(tx, first, Card("um"))
        web_messages.hand_in(tx, second)
    with store.read() as tx:
        told = web_messages.since(tx, said, ["here"])
        everything = web_messages.since(tx, 0, ["here"])
        assert web_messages.since(tx, told[-1].changed, ["here"]) == []
        assert told[-1].changed == web_messages.newest(tx)
    assert [(m.number, m.card and m.card.body, m.edited, m.done) for m in told] == [
        (first, "um", True, False),
        (second, "two", False, True),
    ]
    assert [m.number for m in everything] == [said, first, second]


def test_the_same_card_again_is_no_change(store: Store) -> None:
    """As when the first call's answer was lost and it was made again."""
    number = posted(store, "a", "one")
    with store.begin() as tx:
        assert web_messages.change(tx, number, Card("two"))
        found = web_messages.message(tx, number)
        assert web_messages.change(tx, number, Card("two"))
        assert web_messages.message(tx, number) == found


def test_only_what_the_bot_posted_is_changed_or_taken_back(store: Store) -> None:
    """What people said stays; so does what is not there, and what is gone already."""
    said, gone = add(store, "a", text="mine"), posted(store, "b", "one")
    with store.begin() as tx:
        web_messages.remove(tx, gone)
        web_messages.remove(tx, said)
        assert not any(web_messages.change(tx, number, Card("two")) for number in (said, gone, 99, 0))
        assert [m.text for m in web_messages.page(tx, "here")] == ["mine"]
        assert web_messages.number_of(tx, "b") == gone


def test_what_is_taken_back_is_wiped_and_shown_only_where_somebody_replied(store: Store) -> None:
    """Its replies stay readable; a taken back reply is not there; places in a page are not used up by it."""
    alone, root = posted(store, "a", "one"), posted(store, "b", "two")
    reply, answer = add(store, "c", thread=root), posted(store, "d", "three", thread=root)
    with store.begin() as tx:
        for number in (alone, root, answer):
            web_messages.remove(tx, number)
    with store.read() as tx:
        shown = web_messages.page(tx, "here", limit=1)
        told = web_messages.since(tx, answer, ["here"])
        kept = [tx.seal.open(row.content) for row in tx.execute(web_message.select())]
    assert [(m.number, m.removed) for m in shown] == [(root, True), (reply, False)]
    assert [(m.number, m.removed, m.card, m.place) for m in told] == [
        (number, True, None, "here") for number in (alone, root, answer)
    ]
    assert not [content for content in kept if "two" in content or "three" in content]


def test_a_page_has_the_newest_with_their_replies(store: Store) -> None:
    numbers = [add(store, str(n)) for n in range(5)]
    reply = add(store, "reply", thread=numbers[3])
    add(store, "elsewhere", place="there")
    with store.read() as tx:
        newest = [m.number for m in web_messages.page(tx, "here", limit=2)]
        older = [m.number for m in web_messages.page(tx, "here", before=numbers[3], limit=2)]
        assert web_messages.page(tx, "nowhere") == []
    assert newest == [numbers[3], reply, numbers[4]]
    assert older == [numbers[1], numbers[2]]


def test_nothing_of_a_message_can_be_read(store: Store) -> None:
    add(store, "canary-key", place="canary-place", text="canary-text")
    with store.read() as tx:
        stored = " ".join(str(value) for row in tx.execute(web_message.select()) for value in row)
    assert "canary" not in stored
    assert "ana" not in stored


def test_old_messages_are_forgotten(store: Store) -> None:
    add(store, "old")
    with store.begin() as tx:
        new = web_messages.add(tx, key="new", place="here", now=NOW + timedelta(days=1))
        assert web_messages.forget(tx, NOW + timedelta(hours=1)) == 1
        assert [m.number for m in web_messages.since(tx, 0, ["here"])] == [new]


def test_the_clock_stays_moved(store: Store) -> None:
    with store.begin() as tx:
        assert local_clock.ahead(tx) == timedelta()
        local_clock.set_ahead(tx, timedelta(days=3))
    with store.begin() as tx:
        assert local_clock.ahead(tx) == timedelta(days=3)
        local_clock.set_ahead(tx, timedelta())
    with store.read() as tx:
        assert local_clock.ahead(tx) == timedelta()
