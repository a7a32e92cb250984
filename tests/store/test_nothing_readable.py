"""Whoever gets hold of the database without the secret reads neither what was said nor who asked without a name."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.messages import Card, Choice, Person, Place, Post, Said, Sent
from bot.store import Seal, Store, accounts, case_history, cases, conversations, deliveries, feedback, gaps, hearing
from bot.store.tables import counter, metadata

NOW = datetime(2027, 3, 15, 9, 30, 12, tzinfo=UTC)
WORDS = "canary-words"
ACCOUNT, CONVERSATION = "canary-account", "canary-conversation"
ANA = Person("slack", "T1", ACCOUNT, name="Ana", email="ana@example.com")
HERE = Place("slack", "T1", CONVERSATION)
SAID = Said("canary-event", ANA, HERE, f"why {WORDS}?", answers={"text": WORDS})


def everything(store: Store) -> list[tuple[str, str]]:
    """Every value of every row, as (table, text)."""
    with store.read() as tx:
        return [
            (table.name, str(value))
            for table in metadata.sorted_tables
            for row in tx.execute(table.select())
            for value in row
        ]


def holding(store: Store, canary: str) -> set[str]:
    """The tables in which this can be read."""
    return {table for table, value in everything(store) if canary in value}


def nothing() -> None:
    """The moment before anything is handled."""


def heard(store: Store) -> str:
    """Ana has written; returns her key."""
    with store.begin() as tx:
        ana = accounts.identify(tx, ANA, NOW)
        hearing.accept(tx, SAID, f"conversation of {CONVERSATION}", NOW)
    return ana.key


def handle(store: Store, ana: str, named: bool) -> None:
    key = f"conversation of {CONVERSATION}"
    with store.begin() as tx:
        conversations.hold(tx, key, NOW)
        waiting = hearing.next_waiting(tx, key, NOW)
        assert waiting is not None
        case = case_history.open_case(
            tx,
            kind="question",
            initiative="crm",
            unit="payroll" if named else "",
            text=WORDS,
            asker=ana if named else None,
            reply_to=HERE,
            owner="pm@example.com",
            due_at=NOW,
            now=NOW,
        )
        gaps.record_gap(
            tx,
            initiative="crm",
            locale="en",
            text=WORDS,
            words=WORDS,
            passage="crm/faq#pay",
            person=ana,
            today=NOW.date(),
        )
        feedback.vote(tx, passage="crm/faq#pay", hash="v1", person=ana, helpful=True)
        card = Card(WORDS, title=WORDS, choices=(Choice(WORDS, WORDS),))
        reply = Post(f"slack:{SAID.event}:0", card, place=HERE, reply=True)
        told = Post(f"case:{case.number}:new", card, place=Place("slack", "T1", "D-of-the-owner"))
        deliveries.enqueue(tx, [reply, told], NOW)
        conversations.keep(tx, key, {"form": {"answers": WORDS, "person": ana}}, NOW)
        hearing.handled(tx, waiting.id, NOW)


def answer(store: Store) -> None:
    with store.begin() as tx:
        (case,) = cases.cases_of(tx, "pm@example.com")
        case_history.change_state(tx, case.id, "answered", actor="pm", now=NOW, text=WORDS)
        post = Post(f"case:{case.number}:answer", Card(WORDS), place=case.reply_to, reply=True)
        deliveries.enqueue(tx, [post], NOW)


def send(store: Store) -> None:
    while True:
        with store.begin() as tx:
            claimed = deliveries.claim(tx, deliveries.Lane("slack", "T1"), NOW, 20)
            for delivery in claimed:
                deliveries.record(tx, delivery.id, Sent("canary-message-id"), NOW)
        if not claimed:
            return


@pytest.mark.parametrize("named", [True, False])
def test_what_people_write_cannot_be_read_at_any_moment(store: Store, named: bool) -> None:
    ana = heard(store)
    assert holding(store, WORDS) == set()

    handle(store, ana, named)
    answer(store)
    assert holding(store, WORDS) == set()

    send(store)
    assert holding(store, WORDS) == set()


def test_where_and_when_somebody_asked_cannot_be_read(store: Store) -> None:
    ana = heard(store)
    steps: tuple[Callable[[], None], ...] = (
        nothing,
        lambda: handle(store, ana, named=True),
        lambda: answer(store),
        lambda: send(store),
    )
    for step in steps:
        step()
        assert holding(store, CONVERSATION) == set()
        assert holding(store, SAID.event) == set()
        assert holding(store, ACCOUNT) == {"identity"}


def test_who_asked_without_a_name_cannot_be_read_at_any_moment(store: Store) -> None:
    ana = heard(store)
    steps: tuple[Callable[[], None], ...] = (
        nothing,
        lambda: handle(store, ana, named=False),
        lambda: answer(store),
        lambda: send(store),
    )
    for step in steps:
        step()
        assert holding(store, ana) == {"person", "identity"}


def test_afterwards_no_row_tells_the_time_at_which_somebody_asked_without_a_name(store: Store) -> None:
    ana = heard(store)
    handle(store, ana, named=False)
    answer(store)
    send(store)

    # What is left with a time of day is the message to the owner, of which the asker's rows know nothing.
    assert holding(store, "09:30:12") == {"delivery", "delivery_attempt"}
    exact = [value for table, value in everything(store) if table == "delivery" and "09:30:12" in value]
    assert len(exact) == 3


def test_a_deleted_text_is_not_left_over_in_the_sqlite_file(tmp_path: Path, migrated_file: Path, seal: Seal) -> None:
    path = tmp_path / "throughline.db"
    shutil.copy(migrated_file, path)
    store = Store.open(f"sqlite:///{path}", secret=seal)
    with store.begin() as tx:
        tx.execute(counter.insert().values(name=WORDS, value=1))
    with store.begin() as tx:
        tx.execute(counter.delete())
    store.close()

    assert WORDS.encode() not in path.read_bytes()
