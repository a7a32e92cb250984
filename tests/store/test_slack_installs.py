"""Installs: sealed, one a workspace, renewed by one process alone; begun installations end once and in time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

from bot.store import Store, slack_installs
from bot.store.tables import install, install_begun

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def keep(store: Store, content: str, workspace: str = "T1") -> None:
    with store.begin() as tx:
        slack_installs.keep(tx, workspace, content)


def test_an_install_comes_back_and_is_replaced(store: Store) -> None:
    keep(store, "first")
    keep(store, "second")
    keep(store, "other", "T2")
    with store.read() as tx:
        assert slack_installs.find(tx, "T1") == "second"
        assert slack_installs.find(tx, "T3") is None
        assert slack_installs.workspaces(tx) == ["T1", "T2"]
    with store.begin() as tx:
        assert slack_installs.forget(tx, "T1")
        assert not slack_installs.forget(tx, "T1")
    with store.read() as tx:
        assert slack_installs.find(tx, "T1") is None


def test_nothing_of_an_install_can_be_read(store: Store) -> None:
    keep(store, "xoxb-canary")
    with store.begin() as tx:
        word = slack_installs.begin(tx, NOW)
    with store.read() as tx:
        rows = [*tx.execute(install.select()), *tx.execute(install_begun.select())]
    stored = " ".join(str(value) for row in rows for value in row)
    assert "canary" not in stored
    assert word not in stored


def test_only_one_process_renews_a_token(store: Store) -> None:
    keep(store, "old")
    together = Barrier(4)

    def renew(_: int) -> str | None:
        together.wait()
        with store.begin() as tx:
            return slack_installs.begin_renewal(tx, "T1", NOW)

    with ThreadPoolExecutor(4) as threads:
        given = list(threads.map(renew, range(4)))
    assert sorted(given, key=str) == [None, None, None, "old"]


def test_a_renewal_that_broke_off_is_another_ones_after_a_minute(store: Store) -> None:
    keep(store, "old")
    with store.begin() as tx:
        assert slack_installs.begin_renewal(tx, "T1", NOW) == "old"
        assert slack_installs.begin_renewal(tx, "T1", NOW + timedelta(seconds=59)) is None
        assert slack_installs.begin_renewal(tx, "T1", NOW + timedelta(seconds=61)) == "old"
        slack_installs.keep(tx, "T1", "new")
        assert slack_installs.begin_renewal(tx, "T1", NOW + timedelta(seconds=62)) == "new"
        assert slack_installs.begin_renewal(tx, "T9", NOW) is None


def test_what_was_begun_ends_once_and_in_time(store: Store) -> None:
    with store.begin() as tx:
        word, late = slack_installs.begin(tx, NOW), slack_installs.begin(tx, NOW)
        assert word != late
        assert slack_installs.end(tx, word, NOW + timedelta(minutes=9))
        assert not slack_installs.end(tx, word, NOW + timedelta(minutes=9))
        assert not slack_installs.end(tx, "anything", NOW)
        assert not slack_installs.end(tx, late, NOW + timedelta(minutes=11))


def test_what_was_begun_and_never_ended_is_forgotten(store: Store) -> None:
    with store.begin() as tx:
        slack_installs.begin(tx, NOW)
        slack_installs.begin(tx, NOW + timedelta(minutes=11))
    with store.read() as tx:
        assert len(tx.execute(install_begun.select()).all()) == 1
