"""The last good version of every playbook outlives the process that read it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.store import Store, playbooks
from bot.store import tables as t

NOW = datetime(2027, 3, 15, 9, 30, tzinfo=UTC)
ONE = {"crm/initiative.yaml": "name: CRM\n", "crm/faq.md": "## Why?\n\0 ção \ud83d"}
TWO = {"crm/initiative.yaml": "name: New CRM\n"}


def keep(store: Store, version: str, files: dict[str, str], now: datetime = NOW, scope: str = "crm") -> bool:
    with store.begin() as tx:
        return playbooks.keep_version(tx, scope, version, files, now)


def in_force(store: Store) -> dict[str, dict[str, str]]:
    with store.read() as tx:
        return playbooks.versions_in_force(tx)


def test_what_was_kept_is_in_force_letter_by_letter(store: Store) -> None:
    assert keep(store, "v1", ONE)
    assert keep(store, "u1", {"units.yaml": "units: []"}, scope="")

    assert in_force(store) == {"crm": ONE, "": {"units.yaml": "units: []"}}


def test_the_same_version_again_is_no_news(store: Store) -> None:
    keep(store, "v1", ONE)

    assert not keep(store, "v1", ONE, NOW + timedelta(days=1))
    with store.read() as tx:
        assert playbooks.in_force_since(tx) == {"crm": NOW}


def test_going_back_to_an_earlier_version_works(store: Store) -> None:
    keep(store, "v1", ONE)
    keep(store, "v2", TWO)
    assert in_force(store) == {"crm": TWO}

    later = NOW + timedelta(days=1)
    assert keep(store, "v1", ONE, later)

    assert in_force(store) == {"crm": ONE}
    with store.read() as tx:
        assert playbooks.in_force_since(tx) == {"crm": later}


def test_a_retired_playbook_is_not_in_force_until_it_comes_back(store: Store) -> None:
    keep(store, "v1", ONE)
    with store.begin() as tx:
        playbooks.retire(tx, "crm")

    assert in_force(store) == {}
    assert keep(store, "v1", ONE)
    assert in_force(store) == {"crm": ONE}


def test_versions_do_not_pile_up(store: Store) -> None:
    for day in range(30):
        keep(store, f"v{day}", TWO, NOW + timedelta(days=day))

    with store.read() as tx:
        assert len(tx.execute(t.playbook_version.select()).all()) == playbooks.VERSIONS_KEPT
    assert in_force(store) == {"crm": TWO}
