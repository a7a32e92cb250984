"""Where conversations and people are: kept, changed, closed, forgotten, never readable; on both kinds of database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from adapters.teams.references import account_reference, conversation_reference, shared_team
from bot.store import Store, tables
from bot.store.teams_references import References, forget_account
from tests.adapters.teams import activities
from tests.adapters.teams.activities import ANA, TENANT

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HERE = "a:1abc"


def kept(store: Store) -> References:
    return References(store, lambda: NOW)


def test_a_conversation_is_kept_changed_and_closed(store: Store) -> None:
    references = kept(store)
    assert references.conversation(TENANT, HERE) is None

    references.keep_conversation(TENANT, HERE, {"serviceUrl": "https://one.example/"})
    references.note_outsiders(TENANT, HERE, True)
    references.keep_conversation(TENANT, HERE, {"serviceUrl": "https://two.example/"})
    open_one = references.conversation(TENANT, HERE)
    references.close_conversation(TENANT, HERE)
    closed_one = references.conversation(TENANT, HERE)

    assert open_one
    assert closed_one
    assert (open_one.reference, open_one.outsiders, open_one.looked_on, open_one.closed) == (
        {"serviceUrl": "https://two.example/"},
        True,
        NOW.date(),
        False,
    )
    assert closed_one.closed
    assert references.conversation("another tenant", HERE) is None


def test_the_newest_conversation_of_a_tenant_that_is_open(store: Store) -> None:
    references = kept(store)
    references.keep_conversation(TENANT, "a", {"serviceUrl": "https://closed.example/"})
    references.close_conversation(TENANT, "a")
    references.keep_conversation(TENANT, "b", {"serviceUrl": "https://open.example/"})

    assert references.newest(TENANT) == {"serviceUrl": "https://open.example/"}
    assert references.newest("another tenant") is None


def test_a_person_is_forgotten_with_their_conversation(store: Store) -> None:
    references = kept(store)
    references.keep_conversation(TENANT, HERE, {"serviceUrl": "https://one.example/"})
    references.keep_account(TENANT, ANA, {"id": "29:ana", "conversation": HERE})

    with store.begin() as tx:
        gone = forget_account(tx, TENANT, ANA)

    assert gone == 2
    assert references.account(TENANT, ANA) is None
    assert references.conversation(TENANT, HERE) is None


def test_nothing_of_it_can_be_read_in_the_database(store: Store) -> None:
    references = kept(store)
    activity = activities.typed("why?")
    references.keep_conversation(TENANT, HERE, conversation_reference(activity))
    references.keep_account(TENANT, ANA, account_reference(activity, None))

    with store.read() as tx:
        rows: list[Any] = [*tx.execute(select(tables.conversation_reference))]
        rows += tx.execute(select(tables.account_reference))
    values = [str(value) for row in rows for value in row]
    assert len(rows) == 2
    assert not [v for v in values if any(word in v for word in (TENANT, HERE, ANA, "29:ana", "trafficmanager"))]


def test_what_is_kept_of_an_activity() -> None:
    """The raw JSON holds more than the SDK's objects do; names and words are left out."""
    channel = activities.mentioned("why?") | {"channelData": {"tenant": {"id": TENANT}, "team": {"id": "19:team"}}}

    assert conversation_reference(channel) == {
        "serviceUrl": activities.SERVICE,
        "conversation": "19:sales@thread.tacv2",
        "kind": "channel",
        "bot": activities.BOT["id"],
        "team": "19:team",
        "channel": "",
    }
    assert shared_team(channel) == "19:team"
    assert shared_team(channel | {"channelData": {"team": {"id": "x"}, "channel": {"type": "private"}}}) == ""


def test_where_somebody_is_met_adds_up() -> None:
    """Their direct conversation stays known while they speak in a channel, and the other way round."""
    first = account_reference(activities.typed("why?"), None)
    both = account_reference(activities.mentioned("why?"), first)

    assert (first["conversation"], first["met"]) == ("a:1abc", "")
    assert (both["conversation"], both["met"], both["id"]) == ("a:1abc", "19:sales@thread.tacv2", "29:ana")
