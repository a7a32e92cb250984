"""A picture behind an address: signed, expiring, unreadable in the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.store import Store, pictures
from bot.store import tables as t

NOW = datetime(2027, 3, 2, 9, 30, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def read(store: Store, token: str, later: timedelta = timedelta()) -> bytes | None:
    with store.read() as tx:
        return pictures.read(tx, token, NOW + later)


def keep(store: Store) -> str:
    with store.begin() as tx:
        return pictures.keep(tx, PNG, NOW)


def test_a_picture_is_seen_until_it_expires(store: Store) -> None:
    token = keep(store)

    assert read(store, token) == PNG
    assert read(store, token, timedelta(days=30)) == PNG
    assert read(store, token, timedelta(days=31)) is None
    with store.begin() as tx:
        assert pictures.forget(tx, (NOW + timedelta(days=31)).date()) == 1


@pytest.mark.parametrize("wrong", ["", "x", "é" * 90, "0" * 104])
def test_nothing_else_is_an_address(store: Store, wrong: str) -> None:
    keep(store)

    assert read(store, wrong) is None


def test_nobody_can_lengthen_its_life(store: Store) -> None:
    token = keep(store)

    assert read(store, token[:32] + "20990101" + token[40:]) is None
    assert read(store, token[:-1] + ("0" if token[-1] != "0" else "1")) is None


def test_it_is_sealed(store: Store) -> None:
    keep(store)

    with store.read() as tx:
        assert "iVBOR" not in str(list(tx.execute(select(t.picture.c.content))))
