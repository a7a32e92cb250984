"""Eight threads at once, on several databases: nothing doubled, nothing out of order, nothing lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import TypeVar

from bot.messages import Card, Person, Place, Post, Said, Sent
from bot.store import Store, accounts, audit, case_history, conversations, deliveries, hearing, occurrences, playbooks
from bot.store import tables as t

NOW = datetime(2027, 3, 15, 9, 30, tzinfo=UTC)
HERE = Place("local", "acme", "ana")
ANA = Person("local", "acme", "U1", name="Ana", email="ana@example.com")
THREADS = 8
Result = TypeVar("Result")


def at_once(work: Callable[[int], Result]) -> list[Result]:
    """What the work gives in each of eight threads that begin together."""
    together = Barrier(THREADS)

    def start(number: int) -> Result:
        together.wait()
        return work(number)

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(start, range(THREADS)))


def said(event: str) -> Said:
    return Said(event, ANA, HERE, "why?")


def test_each_event_is_heard_by_one_thread(store: Store) -> None:
    def hear(_: int) -> list[str]:
        heard = []
        for n in range(10):
            with store.begin() as tx:
                if hearing.accept(tx, said(f"E{n}"), "ana", NOW):
                    heard.append(f"E{n}")
        return heard

    everything = [event for heard in at_once(hear) for event in heard]

    assert sorted(everything) == sorted(f"E{n}" for n in range(10))


def test_a_conversation_is_handled_in_order_and_by_one_thread_at_a_time(store: Store) -> None:
    events = [f"E{n}" for n in range(24)]
    with store.begin() as tx:
        for event in events:
            hearing.accept(tx, said(event), "ana", NOW)

    def handle(_: int) -> None:
        while True:
            with store.begin() as tx:
                state = conversations.hold(tx, "ana", NOW)
                heard = hearing.next_waiting(tx, "ana", NOW)
                if heard is None:
                    return
                state["order"] = [*state.get("order", []), heard.said.event]
                conversations.keep(tx, "ana", state, NOW)
                hearing.handled(tx, heard.id, NOW)

    at_once(handle)

    with store.begin() as tx:
        assert conversations.hold(tx, "ana", NOW) == {"order": events}


def test_left_over_events_are_picked_up_once(store: Store) -> None:
    with store.begin() as tx:
        for n in range(40):
            hearing.accept(tx, said(f"E{n}"), f"conversation {n}", NOW)

    def pick_up(_: int) -> list[str]:
        with store.begin() as tx:
            return [heard.said.event for heard in hearing.waiting(tx, NOW + hearing.HANDLED_WITHIN, 5)]

    picked = [event for events in at_once(pick_up) for event in events]

    assert len(picked) == len(set(picked)) == 40


def test_no_delivery_is_claimed_twice_and_each_conversation_stays_in_order(store: Store) -> None:
    places = [Place("local", "acme", str(n)) for n in range(6)]
    with store.begin() as tx:
        for n in range(8):
            posts = [Post(f"{place.conversation}:{n}", Card(str(n)), place=place) for place in places]
            deliveries.enqueue(tx, posts, NOW)
    sent: list[tuple[str, str]] = []

    def send(_: int) -> None:
        while True:
            with store.begin() as tx:
                claimed = deliveries.claim(tx, deliveries.Lane("local", "acme"), NOW, 3)
            for delivery in claimed:
                assert delivery.place is not None
                sent.append((delivery.place.conversation, delivery.card.body))
                with store.begin() as tx:
                    deliveries.record(tx, delivery.id, Sent(""), NOW)
            with store.read() as tx:
                if not claimed and deliveries.counts(tx).keys() == {"sent"}:
                    return

    at_once(send)

    assert set(Counter(sent).values()) == {1}
    for place in places:
        assert [body for where, body in sent if where == place.conversation] == [str(n) for n in range(8)]


def test_one_account_makes_one_person(store: Store) -> None:
    several = [
        ANA,
        Person("teams", "tenant", "29:1", name="Ana", email="ana@example.com"),
        Person("local", "acme", "G1", name="Guest", email="guest@example.com", member=False),
    ]

    def meet(number: int) -> list[str]:
        keys = []
        for person in several[number % 2 :] + several[: number % 2]:
            with store.begin() as tx:
                keys.append((person.account, accounts.identify(tx, person, NOW).key))
        return [key for _, key in sorted(keys)]

    met = at_once(meet)

    assert len({tuple(keys) for keys in met}) == 1
    assert len(set(met[0])) == 2
    with store.read() as tx:
        assert len(tx.execute(t.person.select()).all()) == 2


def test_case_numbers_are_unique_and_without_holes(store: Store) -> None:
    def raise_cases(_: int) -> list[int]:
        numbers = []
        for _ in range(5):
            with store.begin() as tx:
                case = case_history.open_case(
                    tx,
                    kind="question",
                    initiative="crm",
                    unit="",
                    text="why?",
                    asker="a",
                    reply_to=HERE,
                    owner="pm@example.com",
                    due_at=NOW,
                    now=NOW,
                )
                numbers.append(case.number)
        return numbers

    assert sorted(number for numbers in at_once(raise_cases) for number in numbers) == list(range(1, 41))


def test_a_state_is_changed_by_one_press(store: Store) -> None:
    with store.begin() as tx:
        case = case_history.open_case(
            tx,
            kind="question",
            initiative="crm",
            unit="",
            text="why?",
            asker="a",
            reply_to=HERE,
            owner="pm@example.com",
            due_at=NOW,
            now=NOW,
        )

    def press(number: int) -> bool:
        with store.begin() as tx:
            return case_history.change_state(tx, case.id, "answered", actor="pm", now=NOW, text=str(number))

    assert sorted(at_once(press)) == [False] * 7 + [True]


def test_an_occurrence_and_a_version_are_taken_once(store: Store) -> None:
    def take(_: int) -> tuple[bool, bool]:
        with store.begin() as tx:
            first = occurrences.first_time(tx, "pulse", NOW)
        with store.begin() as tx:
            playbooks.keep_version(tx, "crm", "v1", {"a": "b"}, NOW)
            return first, playbooks.keep_version(tx, "crm", "v1", {"a": "b"}, NOW)

    taken = at_once(take)

    assert sorted(first for first, _ in taken) == [False] * 7 + [True]
    assert not any(again for _, again in taken)
    with store.read() as tx:
        assert playbooks.versions_in_force(tx) == {"crm": {"a": "b"}}


def test_the_audit_chain_is_made_by_one_thread_at_a_time(store: Store) -> None:
    def work(number: int) -> None:
        for n in range(5):
            with store.begin() as tx:
                audit.note(tx, f"person{number}", "did", str(n), NOW)
            with store.begin() as tx:
                audit.chain(tx)

    at_once(work)

    with store.read() as tx:
        assert audit.verify(tx) is None
        assert audit.length(tx) == 40
