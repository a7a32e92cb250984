"""A conversation keeps where it stands, and is forgotten by age."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from bot.store import Store, conversations, occurrences

NOW = datetime(2027, 3, 15, 9, 30, tzinfo=UTC)
STATE = {"topic": {"initiative": "crm"}, "answers": {"why": "weil 🙂 \ud83d"}}


def state(store: Store, key: str = "ana") -> dict[str, object]:
    with store.begin() as tx:
        return conversations.hold(tx, key, NOW)


def test_a_new_conversation_has_no_state(store: Store) -> None:
    assert state(store) == {}


def test_what_is_kept_is_there_the_next_time(store: Store) -> None:
    with store.begin() as tx:
        conversations.hold(tx, "ana", NOW)
        conversations.keep(tx, "ana", STATE, NOW)

    assert state(store) == STATE
    assert state(store, "ben") == {}


def test_a_conversation_can_be_emptied(store: Store) -> None:
    with store.begin() as tx:
        conversations.hold(tx, "ana", NOW)
        conversations.keep(tx, "ana", STATE, NOW)
        conversations.keep(tx, "ana", {}, NOW)

    assert state(store) == {}


def test_only_what_was_not_used_for_long_is_forgotten(store: Store) -> None:
    with store.begin() as tx:
        for key, used in (("ana", NOW - timedelta(days=91)), ("ben", NOW)):
            conversations.hold(tx, key, used)
            conversations.keep(tx, key, STATE, used)
        assert conversations.forget(tx, date(2027, 3, 1)) == 1

    assert state(store) == {}
    assert state(store, "ben") == STATE


def test_an_occurrence_happens_once(store: Store) -> None:
    with store.begin() as tx:
        assert occurrences.first_time(tx, "pulse:2027-03-15T09:30", NOW)
    with store.begin() as tx:
        assert not occurrences.first_time(tx, "pulse:2027-03-15T09:30", NOW)
        assert occurrences.first_time(tx, "pulse:2027-03-22T09:30", NOW)
        assert occurrences.forget(tx, NOW + timedelta(days=1)) == 2
