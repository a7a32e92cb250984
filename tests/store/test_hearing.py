"""What is heard is handled once, in order, and leaves nothing behind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from bot.messages import Person, Place, Said
from bot.store import Seal, Store, hearing

NOW = datetime(2027, 3, 15, 9, 30, 12, tzinfo=UTC)
PLACE = Place("local", "acme", "ana")
ANA = Person("local", "acme", "U1", name="Ana", email="ana@example.com")


def said(event: str) -> Said:
    return Said(event, ANA, PLACE, f"why {event}?", answers={"picked": ("a", "b")})


def accept(store: Store, *events: str, conversation: str = "ana") -> list[bool]:
    with store.begin() as tx:
        return [hearing.accept(tx, said(event), conversation, NOW) for event in events]


def next_event(store: Store, conversation: str = "ana", now: datetime = NOW) -> str:
    with store.begin() as tx:
        found = hearing.next_waiting(tx, conversation, now)
    return found.said.event if found else ""


def finish_next(store: Store) -> None:
    with store.begin() as tx:
        found = hearing.next_waiting(tx, "ana", NOW)
        assert found is not None
        hearing.handled(tx, found.id, NOW)


def left_over(store: Store, now: datetime) -> list[str]:
    with store.begin() as tx:
        return [heard.said.event for heard in hearing.waiting(tx, now, 10)]


def test_a_repeated_event_is_heard_once(store: Store) -> None:
    assert accept(store, "E1", "E2", "E1") == [True, True, False]
    assert accept(store, "E2") == [False]


def test_a_repetition_is_recognised_after_the_event_was_handled(store: Store) -> None:
    accept(store, "E1")
    finish_next(store)

    assert accept(store, "E1") == [False]


def test_an_accepted_event_comes_back_as_it_was_said(store: Store) -> None:
    accept(store, "E1")

    with store.begin() as tx:
        heard = hearing.next_waiting(tx, "ana", NOW)

    assert heard is not None
    assert heard.said == said("E1")
    assert heard.conversation == "ana"


def test_events_of_a_conversation_come_in_the_order_they_were_heard(store: Store) -> None:
    accept(store, "E1", "E2")
    accept(store, "X1", conversation="ben")
    accept(store, "E3")

    order = []
    while event := next_event(store):
        order.append(event)
        finish_next(store)

    assert order == ["E1", "E2", "E3"]
    assert next_event(store, "ben") == "X1"


def test_an_event_is_handled_only_once(store: Store) -> None:
    accept(store, "E1")
    with store.begin() as tx:
        heard = hearing.next_waiting(tx, "ana", NOW)
        assert heard is not None
        assert hearing.handled(tx, heard.id, NOW)

    with store.begin() as tx:
        assert not hearing.handled(tx, heard.id, NOW)


def test_of_a_handled_event_only_the_day_stays(store: Store) -> None:
    accept(store, "E1")
    finish_next(store)

    with store.read() as tx:
        row = tx.execute(text("SELECT payload, conversation, try_at, received_at FROM heard")).one()

    assert row[:3] == (None, None, None)
    assert str(row.received_at).startswith("2027-03-16 00:00:00")


def test_an_event_is_left_to_whoever_heard_it_for_a_while(store: Store) -> None:
    accept(store, "E1")

    assert left_over(store, NOW + hearing.HANDLED_WITHIN - timedelta(seconds=1)) == []
    assert left_over(store, NOW + hearing.HANDLED_WITHIN) == ["E1"]


def test_what_is_being_picked_up_is_not_overtaken(store: Store) -> None:
    accept(store, "E1")
    late = NOW + hearing.HANDLED_WITHIN
    assert left_over(store, late) == ["E1"]
    accept(store, "E2")
    accept(store, "X1", conversation="ben")

    assert next_event(store, now=late) == ""
    assert next_event(store, "ben", late) == "X1"
    with store.begin() as tx:
        found = hearing.next_waiting(tx, "ana", late, picked={1})
        assert found is not None
        assert found.said.event == "E1"


def test_what_comes_after_an_event_that_is_being_picked_up_is_left_to_who_picked_it_up(store: Store) -> None:
    accept(store, "E1")
    late = NOW + hearing.HANDLED_WITHIN
    left_over(store, late - timedelta(seconds=1))
    left_over(store, late)
    accept(store, "E2")

    assert left_over(store, late + hearing.HANDLED_WITHIN - timedelta(seconds=1)) == []
    assert left_over(store, late + hearing.HANDLED_WITHIN) == ["E1", "E2"]


def test_what_failed_when_it_was_picked_up_is_charged_once_and_overtaken(store: Store) -> None:
    accept(store, "E1", "E2")
    late = NOW + hearing.HANDLED_WITHIN
    left_over(store, late)
    with store.begin() as tx:
        assert not hearing.failed(tx, 1, late)
        found = hearing.next_waiting(tx, "ana", late, picked={1, 2})
        assert found is not None
        assert found.said.event == "E2"
        assert tx.scalar(text("SELECT attempts FROM heard WHERE seq = 1")) == 1


def test_who_picked_up_and_died_does_not_hold_up_the_conversation_for_long(store: Store) -> None:
    accept(store, "E1")
    now = NOW
    for _ in range(3):
        now += timedelta(hours=3)
        left_over(store, now)
    accept(store, "E2")

    assert next_event(store, now=now + hearing.HANDLED_WITHIN - timedelta(seconds=1)) == ""
    assert next_event(store, now=now + hearing.HANDLED_WITHIN) == "E2"


def test_an_event_that_kills_its_process_is_given_up_in_the_end_and_that_is_told_once(store: Store) -> None:
    accept(store, "E1")

    now, given = NOW, []
    for _ in range(20):
        now += timedelta(hours=3)
        with store.begin() as tx:
            given += [(heard.said.event, heard.given_up) for heard in hearing.waiting(tx, now, 10)]

    assert given == [("E1", False)] * len(hearing.TRY_AGAIN_AFTER) + [("E1", True)]
    with store.read() as tx:
        assert hearing.counts(tx) == {"failed": 1}
        assert tx.scalar(text("SELECT payload FROM heard")) is None


def test_an_event_that_kills_its_process_takes_no_other_with_it(store: Store) -> None:
    accept(store, "killer")
    for n in range(20):
        accept(store, f"E{n}", conversation=f"conversation {n}")

    now, done = NOW, set()
    for _ in range(60):  # one life of the process each, ended by the killer
        now += timedelta(hours=3)
        with store.begin() as tx:
            given = hearing.waiting(tx, now, 50)
        for heard in given:
            if heard.said.event == "killer":
                break
            with store.begin() as tx:
                hearing.handled(tx, heard.id, now)
            done.add(heard.said.event)

    assert done == {f"E{n}" for n in range(20)}
    with store.read() as tx:
        assert hearing.counts(tx) == {"handled": 20, "failed": 1}


def test_an_event_that_is_given_up_does_not_end_the_picking_up(store: Store) -> None:
    accept(store, "killer")
    now = NOW
    for _ in hearing.TRY_AGAIN_AFTER:
        now += timedelta(hours=3)
        assert left_over(store, now) == ["killer"]
    accept(store, "E1")

    assert left_over(store, now + timedelta(hours=3)) == ["killer", "E1"]
    assert left_over(store, now + timedelta(hours=6)) == ["E1"]


def test_a_failed_event_waits_before_it_is_tried_again_and_holds_up_no_other(store: Store) -> None:
    accept(store, "E1", "E2")
    with store.begin() as tx:
        heard = hearing.next_waiting(tx, "ana", NOW)
        assert heard is not None
        assert not hearing.failed(tx, heard.id, NOW)

    assert next_event(store) == "E2"
    assert next_event(store, now=NOW + hearing.TRY_AGAIN_AFTER[0]) == "E1"


def test_an_event_that_always_fails_is_given_up(store: Store) -> None:
    accept(store, "E1")
    with store.begin() as tx:
        heard = hearing.next_waiting(tx, "ana", NOW)
        assert heard is not None
        given_up = [hearing.failed(tx, heard.id, NOW) for _ in range(7)]

    # After the last failure there is nothing left to fail.
    assert given_up == [False, False, False, False, False, True, False]


def test_an_unreadable_event_does_not_stop_its_conversation(store: Store, database_url: str) -> None:
    accept(store, "E1", "E2")
    with store.begin() as tx:
        other = Seal(["another secret"]).seal("not for this key")
        tx.execute(text("UPDATE heard SET payload = :other WHERE seq = 1"), {"other": other})

    assert next_event(store) == "E2"
    assert left_over(store, NOW + timedelta(hours=1)) == ["E2"]


def test_what_is_said_in_confidence_is_heard_once_and_leaves_no_time_of_day(store: Store) -> None:
    with store.begin() as tx:
        assert hearing.heard_first(tx, "local", "E1", NOW)
        assert not hearing.heard_first(tx, "local", "E1", NOW)
        row = tx.execute(text("SELECT payload, conversation, state, received_at FROM heard")).one()

    assert row[:3] == (None, None, "handled")
    assert str(row.received_at).startswith("2027-03-16 00:00:00")
    assert accept(store, "E1") == [False]


def test_traces_are_forgotten_a_day_later_and_waiting_events_never(store: Store) -> None:
    accept(store, "E1", "E2")
    finish_next(store)

    with store.begin() as tx:
        assert hearing.forget(tx, NOW) == 0
        assert hearing.forget(tx, NOW + timedelta(days=2)) == 1

    assert next_event(store) == "E2"
    assert accept(store, "E1") == [True]
