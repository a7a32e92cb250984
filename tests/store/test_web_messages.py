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
    assert found == web_messages.Message(number, "here", 0, "", "", "typed", card, True, NOW)


def test_the_same_key_is_the_same_message(store: Store) -> None:
    first, other = add(store, "k"), add(store, "other")
    assert add(store, "k", text="again") == first
    with store.read() as tx:
        assert [m.number for m in web_messages.since(tx, 0, ["here"])] == [first, other]


def test_what_is_read_up_to_a_number_misses_nothing_before_it(store: Store) -> None:
    """Many write at once; whoever reads on from the last number seen gets every message, once, in order."""
    together, seen, last = Barrier(5), list[int](), 0

    def write(writer: int) -> None:
        together.wait()
        for n in range(15):
            add(store, f"{writer}-{n}")

    with ThreadPoolExecutor(4) as threads:
        writing = [threads.submit(write, writer) for writer in range(4)]
        together.wait()
        ended, found = False, list[web_messages.Message]()
        while found or not ended:
            ended = all(job.done() for job in writing)
            with store.read() as tx:
                found = web_messages.since(tx, last, ["here"], limit=7)
            seen += [m.number for m in found]
            last = seen[-1] if seen else 0
    assert len(seen) == len(set(seen)) == 60
    assert seen == sorted(seen)


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
