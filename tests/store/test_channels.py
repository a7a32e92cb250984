"""Which channels are for whom: bound, read back, refused and released, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.messages import Place
from bot.store import Store, channels
from bot.store import tables as t
from bot.store.channels import Binding

SALES = Place("local", "w1", "c-sales", kind="channel")
TODAY = date(2026, 11, 23)


def test_a_channel_is_for_what_it_was_bound_to_whatever_the_thread(store: Store) -> None:
    with store.begin() as tx:
        channels.bind(tx, Binding(replace(SALES, thread="17"), "", "sales"), "p1", TODAY)
        channels.bind(tx, Binding(SALES, "phones", "leaders"), "p1", TODAY)
        channels.bind(tx, Binding(SALES, "phones", "leaders"), "p2", TODAY)

    with store.read() as tx:
        assert channels.bindings_of(tx, SALES) == [Binding(SALES, "", "sales"), Binding(SALES, "phones", "leaders")]
        assert channels.bindings_of(tx, replace(SALES, conversation="other")) == []
        assert len(channels.all_bindings(tx)) == 2


def test_a_refused_channel_says_why_until_it_is_bound_again(store: Store) -> None:
    with store.begin() as tx:
        channels.bind(tx, Binding(SALES, "", "sales"), "p1", TODAY)
        channels.refuse(tx, SALES, "archived")
        assert channels.bindings_of(tx, SALES) == [Binding(SALES, "", "sales", "archived")]
        channels.bind(tx, Binding(SALES, "", "sales"), "p1", TODAY)

        assert channels.bindings_of(tx, SALES) == [Binding(SALES, "", "sales")]


def test_a_released_channel_is_for_nobody(store: Store) -> None:
    with store.begin() as tx:
        channels.bind(tx, Binding(SALES, "", "sales"), "p1", TODAY)

        assert channels.release(tx, SALES) == 1
        assert channels.all_bindings(tx) == []


def test_the_database_alone_does_not_say_which_channel_it_is(store: Store) -> None:
    with store.begin() as tx:
        channels.bind(tx, Binding(SALES, "", "sales"), "p1", TODAY)
        row = tx.execute(t.channel.select()).one()

    assert "c-sales" not in " ".join(str(value) for value in row)
