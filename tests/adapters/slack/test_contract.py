"""Slack takes the exam of all adapters, with its own client calling a Slack that refuses what Slack refuses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, TypeVar

import pytest

from adapters.slack import parse, render
from adapters.slack.api import Api, Credentials
from adapters.slack.installs import Install, Installs
from adapters.slack.platform import Slack
from bot.messages import Absent, Card, Later, Limits, Outcome, Place, Refused, Sent, Unknown
from tests.adapters.contract import AdapterContract, Platform
from tests.adapters.slack import fake as faults
from tests.adapters.slack import payloads as slack
from tests.adapters.slack.deployment import TOKEN, settled_town
from tests.adapters.slack.fake import Channel, FakeSlack
from tests.adapters.slack.payloads import ANA, BOT, CHANNEL, DIRECT, KNOWN, TEAM

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
CARD = Card(body="Hello")
HERE = Place("slack", TEAM, DIRECT)
THERE = Place("slack", TEAM, CHANNEL, kind="channel")
CALL_SECONDS = 5.0
SHORT_SECONDS = 0.3
Result = TypeVar("Result")
Doing = Callable[[Slack, FakeSlack], Awaitable[Result]]


@asynccontextmanager
async def connected(seconds: float = CALL_SECONDS) -> AsyncIterator[tuple[Slack, FakeSlack]]:
    """The adapter's sending half, in front of a fresh Slack."""
    fake = settled_town(FakeSlack())
    with ThreadPoolExecutor(1) as pool:
        async with fake.serving():
            api = Api(Credentials(api_url=f"{fake.address}/api/"), seconds, seconds)
            installs = Installs(Install("", TOKEN), None, api.renew, pool, lambda: NOW)
            try:
                yield Slack(api.call, api.respond, api.upload, installs, fake.now), fake
            finally:
                await api.close()


def do(doing: Doing[Result], seconds: float = CALL_SECONDS) -> Result:
    """What comes of it, where a call takes no longer than this."""

    async def run() -> Result:
        async with connected(seconds) as (adapter, fake):
            return await doing(adapter, fake)

    return asyncio.run(run())


class Single:
    """The adapter for tests that make one call at a time, each in a loop of its own: one Slack for each call."""

    name = "slack"
    limits = Limits()

    async def send(self, place: Place, card: Card, key: str) -> Outcome:
        """As the adapter's."""
        async with connected() as (adapter, _):
            return await adapter.send(place, card, key)

    async def open_direct(self, account: str, workspace: str) -> Place | Refused | Later:
        """As the adapter's."""
        async with connected() as (adapter, _):
            return await adapter.open_direct(account, workspace)

    async def edit(self, place: Place, message: str, card: Card) -> Outcome:
        """As the adapter's."""
        async with connected() as (adapter, _):
            return await adapter.edit(place, message, card)

    async def delete(self, place: Place, message: str) -> Outcome:
        """As the adapter's."""
        async with connected() as (adapter, _):
            return await adapter.delete(place, message)

    async def find(self, place: Place, key: str, since: datetime, until: datetime) -> Sent | Absent | Later | Refused:
        """As the adapter's."""
        async with connected() as (adapter, _):
            return await adapter.find(place, key, since, until)


def shown(message: dict[str, Any]) -> str:
    """All text of a message, as it is read on the screen."""
    return "\n".join(_texts(message["blocks"]))


def _texts(found: Any) -> list[str]:
    if isinstance(found, list):
        return ["".join(_texts(one)) if _is_inline(one) else text for one in found for text in (_texts(one) or [""])]
    if not isinstance(found, dict):
        return []
    own = [found[key] for key in ("text", "url", "image_url", "alt_text") if isinstance(found.get(key), str)]
    return own + [text for value in found.values() for text in _texts(value)]


def _is_inline(one: Any) -> bool:
    return isinstance(one, dict) and one.get("type") in ("text", "link")


class TestSlack(AdapterContract):
    """The laws, on Slack."""

    platform: ClassVar[Platform] = Platform(
        parse=lambda payload: parse.said(payload, KNOWN),
        render=render.message,
        shown=shown,
        longest=12_000,
        adapter=Single,
        typed=slack.typed,
        mentioned=slack.mentioned,
        pressed=slack.pressed,
        handed_in=lambda event, says, answers: slack.handed_in(event, slack.form(says, answers), answers),
        own=lambda text: slack.typed("e9", text, user=BOT, bot_id="B0BOT"),
        known_account=ANA,
        workspace=TEAM,
    )


# What Slack answers, and what the delivery engine is told.


WRONG: dict[str, tuple[faults.Fault, type, str]] = {
    "too often": (faults.limited(7), Later, "less often"),
    "503": (faults.broken(503), Later, "503"),
    "500": (faults.broken(500), Unknown, "500"),
    "502, and done": (faults.broken(502, done=True), Unknown, "502"),
    "no JSON, and done": (faults.broken(200, done=True), Unknown, "unreadable"),
    "internal error": (faults.refused("internal_error"), Unknown, "internal_error"),
    "unavailable": (faults.refused("service_unavailable"), Later, "service_unavailable"),
    "reset": (faults.reset(), Unknown, "connection broke"),
    "reset, and done": (faults.reset(done=True), Unknown, "connection broke"),
    "no answer, and done": (faults.stalled(SHORT_SECONDS * 2, done=True), Unknown, "in time"),
    "too long": (faults.refused("msg_too_long"), Refused, "too long"),
    "inactive": (faults.refused("account_inactive"), Refused, "not installed"),
    "restricted": (faults.refused("restricted_action"), Refused, "does not let apps post"),
    "unknown": (faults.refused("a_word_of_2031"), Refused, "a_word_of_2031"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_goes_wrong_with_a_message(wrong: str) -> None:
    """What was certainly not done is done later, what perhaps was is unknown, and what never will be is refused."""
    fault, outcome, reason = WRONG[wrong]

    async def send(adapter: Slack, fake: FakeSlack) -> Outcome:
        fake.fail("chat.postMessage", fault)
        return await adapter.send(HERE, CARD, "k1")

    came = do(send, SHORT_SECONDS if wrong.startswith("no answer") else CALL_SECONDS)
    assert isinstance(came, outcome)
    assert reason in getattr(came, "reason", "")
    if wrong == "too often":
        assert came == Later(7.0, "Slack asks to be called less often")


def test_a_slack_that_cannot_be_reached_certainly_took_nothing() -> None:
    async def send(adapter: Slack, fake: FakeSlack) -> Outcome:
        api = Api(Credentials(api_url="http://127.0.0.1:1/api/"), CALL_SECONDS, CALL_SECONDS)
        away = Slack(api.call, api.respond, api.upload, adapter.installs, fake.now)
        came = await away.send(HERE, CARD, "k1")
        await api.close()
        return came

    assert do(send) == Later(5.0, "Slack cannot be reached")


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        ("C0NONE", "does not exist"),
        ("C0OTHERS", "invite it"),
        ("C0OLD", "archived"),
        ("U0NOBODY", "does not exist"),
    ],
)
def test_where_the_bot_cannot_write_it_is_refused_in_plain_words(where: str, reason: str) -> None:
    async def send(adapter: Slack, fake: FakeSlack) -> Outcome:
        fake.channels["C0OTHERS"] = Channel("C0OTHERS", {ANA}, TEAM)
        fake.channels["C0OLD"] = Channel("C0OLD", {BOT}, TEAM, archived=True)
        return await adapter.send(Place("slack", TEAM, where, kind="channel"), CARD, "k1")

    came = do(send)
    assert isinstance(came, Refused)
    assert reason in came.reason


def test_a_revoked_token_is_refused_and_reported_once(caplog: pytest.LogCaptureFixture) -> None:
    async def send(adapter: Slack, fake: FakeSlack) -> list[Outcome]:
        came = [await adapter.send(HERE, CARD, "k0")]
        fake.teams[TEAM].tokens.clear()
        came += [await adapter.send(HERE, CARD, f"k{n}") for n in (1, 2)]
        fake.teams[TEAM].tokens.append(TOKEN)
        return [*came, await adapter.send(HERE, CARD, "k3")]

    first, *refused, last = do(send)
    assert isinstance(first, Sent)
    assert isinstance(last, Sent)
    assert refused == [Refused("the app's token was revoked; install it again")] * 2
    assert [one.getMessage() for one in caplog.records if "revoked" in one.getMessage()] == [
        f"Slack, workspace {TEAM}: the app's token was revoked; install it again"
    ]


def test_a_message_is_changed_and_taken_back() -> None:
    async def change(adapter: Slack, fake: FakeSlack) -> list[Outcome]:
        sent = await adapter.send(HERE, CARD, "k1")
        assert isinstance(sent, Sent)
        came = [await adapter.edit(HERE, sent.id, Card(body="Other"))]
        assert [one["text"] for one in fake.posted(DIRECT)] == ["Other"]
        fake.fail("chat.update", faults.reset())
        came.append(await adapter.edit(HERE, sent.id, Card(body="Third")))
        came += [await adapter.delete(HERE, sent.id), await adapter.delete(HERE, sent.id)]
        assert fake.posted(DIRECT) == []
        return [*came, await adapter.edit(HERE, sent.id, CARD)]

    edited, doubtful, deleted, gone, late = do(change)
    assert isinstance(edited, Sent)
    assert isinstance(doubtful, Later), "it can be done again, so there is no doubt"
    assert isinstance(deleted, Sent)
    assert isinstance(gone, Sent)
    assert late == Refused("the message is not there any more")


def test_a_message_is_found_by_its_key_where_the_bot_can_read() -> None:
    since, until = NOW - timedelta(minutes=1), NOW + timedelta(minutes=1)

    async def find(adapter: Slack, fake: FakeSlack) -> list[Any]:
        sent = await adapter.send(HERE, CARD, "k1")
        found = [await adapter.find(HERE, key, since, until) for key in ("k1", "k2")]
        assert found[0] == sent
        found.append(await adapter.find(THERE, "k1", since, until))
        fake.fail("conversations.history", faults.limited(60))
        return [*found[1:], await adapter.find(HERE, "k1", since, until)]

    absent, unread, later = do(find)
    assert absent == Absent()
    assert unread == Refused("the app does not read channels")
    assert later == Later(60.0, "Slack asks to be called less often")


def test_nothing_but_the_random_id_goes_into_what_the_workspace_can_read() -> None:
    async def send(adapter: Slack, fake: FakeSlack) -> str:
        await adapter.send(HERE, CARD, "k1")
        return json.dumps(fake.posted(DIRECT)[0]["metadata"])

    assert json.loads(do(send)) == {"event_type": "throughline_delivery", "event_payload": {"id": "k1"}}
