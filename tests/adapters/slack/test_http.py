"""Slack over HTTP: what is let in, what is refused, and what people see, with Slack's own libraries in between."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import time
from typing import Any

import pytest

from adapters.slack.inside import Inside
from bot.messages import Card, Said
from bot.store import Store, hearing, people
from tests.adapters.slack import payloads as slack
from tests.adapters.slack.deployment import Deployment, Way, account, deployed, settled_town
from tests.adapters.slack.fake import Channel, FakeSlack
from tests.adapters.slack.payloads import ANA, BOT, CHANNEL, DIRECT, TEAM
from tests.adapters.slack.somebody import buttons

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
JSON = "application/json"
TAKEN = Card(body="Taken by Ana.")
Scene = Callable[[Deployment], Awaitable[None]]


def play(store: Store, folder: Path, scene: Scene, way: Way | None = None) -> None:
    """Runs a scene in front of a fresh Slack, which must have had nothing to refuse for its form."""

    async def run() -> None:
        fake = FakeSlack()
        async with fake.serving(), deployed(store, folder, lambda: NOW, settled_town(fake), way) as here:
            await scene(here)
            assert fake.refused == []

    asyncio.run(run())


def heard(store: Store) -> dict[str, int]:
    """How much was recorded, by state."""
    with store.read() as tx:
        return hearing.counts(tx)


def texts(here: Deployment, channel: str = DIRECT) -> list[str]:
    """What the bot posted there."""
    return [one["text"] for one in here.fake.posted(channel)]


# What is let in.


def test_what_slack_did_not_sign_is_refused_and_nothing_of_it_recorded(sqlite_store: Store, small: Path) -> None:
    async def scene(here: Deployment) -> None:
        body = json.dumps(slack.typed("Ev1", "why new phones?"))
        forged = {"X-Slack-Signature": "v0=" + "0" * 64}
        unsigned = {"X-Slack-Signature": ""}
        nothing = {"X-Slack-Signature": "", "X-Slack-Request-Timestamp": ""}
        timeless = {"X-Slack-Request-Timestamp": "now"}
        for headers in (forged, unsigned, nothing, timeless):
            assert (await here.side.post(body, JSON, headers)).status == 401
        assert (await here.side.post(body, JSON, {}, at=time() - 301)).status == 401
        assert (await here.side.post(body, JSON, {}, at=time() + 301)).status == 401
        assert (await here.side.post(body + " ", JSON, {}, at=time() - 295)).status == 200
        await here.settle()

    play(sqlite_store, small, scene)
    assert heard(sqlite_store) == {"handled": 1}


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[]",
        '"a"',
        "1",
        "{}",
        '{"type": "event_callback"}',
        '{"type": "event_callback", "event": []}',
        '{"type": "event_callback", "event": {"type": "message", "channel_type": "im", "user": "U1"}}',
        '{"type": "block_actions", "team": {"id": "T1"}, "actions": []}',
        '{"type": "view_submission", "user": {"id": "U1"}, "view": {"id": "V1"}}',
        "payload=%7B",
        "payload=[]",
        "\udcff",
    ],
)
def test_what_is_no_payload_is_refused_and_not_sent_again(body: str, sqlite_store: Store, small: Path) -> None:
    async def scene(here: Deployment) -> None:
        kind = JSON if not body.startswith("payload") else "application/x-www-form-urlencoded"
        raw = body.encode("utf-8", "surrogateescape").decode("latin-1")
        acked = await here.side.post(raw, kind, {})
        assert acked.status == (200 if body == "{}" else 400)
        await here.settle()
        assert here.fake.count("chat.postMessage") == 0

    play(sqlite_store, small, scene)
    assert heard(sqlite_store) == {}


def test_slack_is_told_that_it_is_its_address(sqlite_store: Store, small: Path) -> None:
    async def scene(here: Deployment) -> None:
        asked = json.dumps({"type": "url_verification", "challenge": "c", "token": "t"})
        assert (await here.side.post(asked, JSON, {})).body == {"challenge": "c"}
        checked = await here.side.post("ssl_check=1&token=t", "application/x-www-form-urlencoded", {})
        assert checked.status == 200

    play(sqlite_store, small, scene)


def test_what_says_nothing_is_acknowledged_and_not_recorded(sqlite_store: Store, small: Path) -> None:
    im = {"type": "message", "channel": DIRECT, "channel_type": "im"}
    changed = {**im, "subtype": "message_changed", "message": {"user": ANA, "text": "x", "ts": slack.NOW}}
    deleted = {**im, "subtype": "message_deleted", "hidden": True, "previous_message": {"user": ANA, "text": "x"}}
    said_by_others: list[dict[str, Any]] = [
        changed,
        deleted,
        {**im, "user": "U0OTHER", "bot_id": "B0OTHER", "text": "I am a bot"},
        {**im, "user": BOT, "text": "I am this bot"},
        {**im, "subtype": "bot_message", "bot_id": "B1", "text": "x"},
        {"type": "channel_rename", "channel": {"id": CHANNEL, "name": "new"}},
        {"type": "member_joined_channel", "user": ANA, "channel": CHANNEL},
        {"type": "something_that_comes_in_2031", "whatever": [1]},
    ]

    async def scene(here: Deployment) -> None:
        for number, inner in enumerate(said_by_others):
            assert (await here.side.event(slack.event(f"Ev{number}", **inner))).status == 200
        limits = {"type": "app_rate_limited", "team_id": TEAM, "minute_rate_limited": 1, "api_app_id": "A0APP"}
        assert (await here.side.event(limits)).status == 200
        closed = {"type": "view_closed", "team": {"id": TEAM}, "user": {"id": ANA}, "view": {"id": "V1"}}
        assert (await here.side.interact(closed)).status == 200
        await here.settle()
        assert texts(here) == []

    play(sqlite_store, small, scene)
    assert heard(sqlite_store) == {}


def test_a_workspace_of_a_named_enterprise_is_served(sqlite_store: Store, small: Path) -> None:
    async def scene(here: Deployment) -> None:
        lea = here.somebody(account(here.fake, "lea"))
        event = slack.typed("Ev1", "hello", user=lea.account, channel=lea.direct.id)
        event["authorizations"][0]["enterprise_id"] = "E0ALL"
        await here.side.event(event)
        await here.settle()
        for number, more in enumerate(
            ({"enterprise": {"id": "E0ALL"}}, {"team": {"id": TEAM, "enterprise_id": "E0ALL"}})
        ):
            await here.side.interact(lea.pressing("Who sees what?") | more)
            await here.settle()
            assert len(texts(here, lea.direct.id)) == number + 2
        await lea.presses("Who sees what?")
        await here.settle()
        assert len(texts(here, lea.direct.id)) == 3

    play(sqlite_store, small, scene, Way(credentials={"teams": frozenset({"E0ALL"})}))


def test_a_workspace_that_is_not_named_is_not_served(sqlite_store: Store, small: Path) -> None:
    async def scene(here: Deployment) -> None:
        elsewhere = slack.typed("Ev1", "why new phones?")
        elsewhere["authorizations"][0]["team_id"] = elsewhere["team_id"] = "T0ELSEWHERE"
        assert (await here.side.event(elsewhere)).status == 200
        assert (await here.side.event(slack.typed("Ev2", "why new phones?"))).status == 200
        await here.settle()

    play(sqlite_store, small, scene, Way(credentials={"teams": frozenset({TEAM})}))
    assert heard(sqlite_store) == {"handled": 1}


# What is said.


def test_who_writes_is_welcomed_and_answered_and_looked_up_once(sqlite_store: Store, small: Path) -> None:
    async def scene(here: Deployment) -> None:
        lea = here.somebody(account(here.fake, "lea"))
        acked = await lea.says("why new phones?")
        assert (acked.status, acked.body) == (200, "")
        await here.settle()
        welcome, answer = texts(here, lea.direct.id)
        assert welcome.startswith("Hi Lea.")
        assert "security updates" in answer
        await lea.says("when?")
        await here.settle()
        assert here.fake.count("users.info") == 1
        ids = [one["metadata"]["event_payload"] for one in here.fake.posted(lea.direct.id)]
        assert all(set(one) == {"id"} for one in ids)

    play(sqlite_store, small, scene)
    with sqlite_store.read() as tx:
        assert people.person_by_email(tx, "lea@example.com") is not None


def test_an_acknowledgement_waits_for_nothing_of_slacks(sqlite_store: Store, small: Path) -> None:
    async def scene(here: Deployment) -> None:
        await here.side.event(slack.typed("Ev1", "why new phones?"))
        assert here.fake.count("users.info") == 0
        assert here.fake.count("chat.postMessage") == 0

    play(sqlite_store, small, scene)


def test_a_mention_is_answered_in_its_thread_and_personal_words_in_private(sqlite_store: Store, small: Path) -> None:
    async def scene(here: Deployment) -> None:
        lea = here.somebody(account(here.fake, "lea"))
        await lea.mentions(CHANNEL, "why new phones?")
        await here.settle()
        asked = here.fake.channels[CHANNEL].messages[0]
        (answer,) = here.fake.posted(CHANNEL)
        assert answer["thread_ts"] == asked["ts"]
        assert "security updates" in answer["text"]
        assert texts(here, lea.direct.id)[0].startswith("Hi Lea.")

    play(sqlite_store, small, scene)


def test_guests_and_strangers_see_only_what_is_public(sqlite_store: Store, small: Path) -> None:
    async def scene(here: Deployment) -> None:
        shared = here.fake.channels["C0SHARED"] = Channel("C0SHARED", {BOT}, TEAM, shared=True)
        people_asking = {
            account(here.fake, "lea"): False,
            account(here.fake, "gus", is_restricted=True): True,
            account(here.fake, "eva", is_stranger=True): True,
            account(here.fake, "tom", team_id="T0ELSEWHERE"): True,
        }
        for one, outside in people_asking.items():
            asking = here.somebody(one)
            await asking.says("why new phones?")
            await here.settle()
            told = " ".join(texts(here, asking.direct.id))
            assert ("security updates" not in told) == outside, one
        await here.somebody("U0LEA").mentions("C0SHARED", "why new phones?")
        await here.settle()
        assert "security updates" not in " ".join(texts(here, shared.id))

    play(sqlite_store, small, scene)


@pytest.mark.parametrize("retries", [1, 3])
def test_what_slack_sends_again_is_heard_once(retries: int, store: Store, small: Path) -> None:
    async def scene(here: Deployment) -> None:
        payload = slack.typed("Ev1", "why new phones?")
        for number in range(retries + 1):
            body = json.dumps(payload)
            headers = {"X-Slack-Retry-Num": str(number)} if number else {}
            assert (await here.side.post(body, JSON, headers)).status == 200
        await here.settle()
        assert len(texts(here)) == 2

    play(store, small, scene)
    assert heard(store) == {"handled": 1}


def test_what_two_processes_hear_at_once_is_answered_once(store: Store, small: Path) -> None:
    async def run() -> None:
        fake = settled_town(FakeSlack())
        process = partial(deployed, store, small, lambda: NOW, fake)
        async with fake.serving(), process() as one, process() as other:
            payload = slack.typed("Ev1", "why new phones?")
            acked = await asyncio.gather(*(side.event(payload) for side in (one.side, other.side) * 3))
            assert {one.status for one in acked} == {200}
            await asyncio.gather(one.app.finish(), other.app.finish())
            await one.settle()
            await other.settle()
            assert len(texts(one)) == 2

    asyncio.run(run())
    assert heard(store) == {"handled": 1}


def test_a_mention_that_comes_twice_as_two_events_is_answered_once(sqlite_store: Store, small: Path) -> None:
    """Where the bot may read a channel, a mention is told as a mention and as a message, in any order."""

    async def scene(here: Deployment) -> None:
        mention = slack.mentioned("Ev1", "why new phones?")
        inner = {**mention["event"], "type": "message", "channel_type": "channel", "parent_user_id": BOT}
        here.fake.channels[CHANNEL].messages.append({"ts": slack.NOW, "user": ANA, "text": "?"})
        await here.side.event(slack.event("Ev2", **inner))
        await here.side.event(mention)
        await here.settle()
        assert len(texts(here, CHANNEL)) == 1

    play(sqlite_store, small, scene)


# What is pressed and handed in.


def test_a_press_is_answered_where_it_was_pressed(sqlite_store: Store, small: Path) -> None:
    async def scene(here: Deployment) -> None:
        lea = here.somebody(account(here.fake, "lea"))
        await lea.says("hello")
        await here.settle()
        acked = await lea.presses("What changes for me?")
        assert (acked.status, acked.body) == (200, "")
        await here.settle()
        assert len(texts(here, lea.direct.id)) == 2

    play(sqlite_store, small, scene)


async def asking_the_team(here: Deployment) -> Any:
    """Lea has the form open that asks the project team."""
    lea = here.somebody(account(here.fake, "lea"))
    await lea.says("why new phones?")
    await here.settle()
    await lea.commands("ask-owner phones")
    await here.settle()
    assert lea.looks() is not None
    return lea


def test_a_form_opens_keeps_what_was_typed_and_closes(sqlite_store: Store, small: Path) -> None:
    async def scene(here: Deployment) -> None:
        lea = await asking_the_team(here)
        before = texts(here, lea.direct.id)
        acked = await lea.hands_in(text="", name="named")
        assert list(lea.errors.values()) == ["This is needed."]
        assert next(iter(lea.errors)) in [block.get("block_id") for block in lea.screen["blocks"]]
        again = await lea.hands_in(text="", name="named")
        assert again.body == acked.body, "handed in twice with the same fault, it says the same"
        await lea.hands_in(text="Do the phones have a torch?", name="named")
        assert lea.screen is None
        await here.settle()
        (done,) = texts(here, lea.direct.id)[len(before) :]
        assert done.startswith("Done:")

    play(sqlite_store, small, scene)


def test_a_form_that_is_handed_in_twice_counts_once(sqlite_store: Store, small: Path) -> None:
    async def scene(here: Deployment) -> None:
        lea = await asking_the_team(here)
        payload = lea.handing_in(text="Do the phones have a torch?", name="named")
        first, second = [await here.side.interact(payload) for _ in range(2)]
        assert (first.status, first.body) == (second.status, second.body) == (200, "")
        await here.settle()
        assert sum(text.startswith("Done:") for text in texts(here, lea.direct.id)) == 1

    play(sqlite_store, small, scene)


def test_a_form_that_cannot_be_opened_any_more_is_a_button_away(sqlite_store: Store, small: Path) -> None:
    async def scene(here: Deployment) -> None:
        lea = here.somebody(account(here.fake, "lea"))
        await lea.says("why new phones?")
        await here.settle()
        payload = slack.command(here.fake.trigger(lea.account), "ask-owner phones", user_id=lea.account)
        payload["response_url"] = here.fake.response_address(lea.account, CHANNEL)
        here.fake.ahead += 4
        await here.side.command(payload)
        await here.settle()
        assert lea.looks() is None
        (told,) = here.fake.whispers
        assert told["text"].startswith("Ask the project team")
        assert "couldn't open that form in time" in told["text"]
        (button,) = buttons(told)
        pressed = slack.pressed(here.fake.trigger(lea.account), button["value"], user={"id": lea.account})
        await here.side.interact(pressed)
        await here.settle()
        opened = lea.looks()
        assert opened is not None
        assert opened["title"]["text"] == "Ask the project team"

    play(sqlite_store, small, scene)


def test_a_command_in_a_channel_is_answered_in_private(sqlite_store: Store, small: Path) -> None:
    async def scene(here: Deployment) -> None:
        here.fake.channels[CHANNEL].members.discard(BOT)
        lea = here.somebody(account(here.fake, "lea"))
        acked = await lea.commands("why new phones?", CHANNEL)
        assert acked.body == {"response_type": "ephemeral", "text": "I have sent you that directly."}
        await here.settle()
        assert texts(here, CHANNEL) == []
        assert "security updates" in texts(here, lea.direct.id)[1]
        assert (await lea.commands("when?")).body == ""

    play(sqlite_store, small, scene)


def test_shortcuts_open_forms_and_take_over_a_message(sqlite_store: Store, small: Path) -> None:
    async def scene(here: Deployment) -> None:
        lea = here.somebody(account(here.fake, "lea"))
        await lea.shortcut("settings")
        await here.settle()
        assert texts(here, lea.direct.id)
        await lea.shortcut("ask-about", "why new phones?")
        await here.settle()
        assert "security updates" in texts(here, lea.direct.id)[-1]

    play(sqlite_store, small, scene)


def test_a_card_that_has_done_its_duty_is_exchanged_for_everybody(sqlite_store: Store, small: Path) -> None:
    @dataclass(frozen=True)
    class Exchanged:
        new: bool = True
        cards: tuple[Card, ...] = ()
        problems: dict[str, str] = field(default_factory=dict)
        form: Card | None = None
        instead: Card | None = TAKEN

    def exchanging(inside: Inside) -> Inside:
        return replace(inside, hear=lambda said, wanted: Exchanged())

    async def scene(here: Deployment) -> None:
        ana = here.somebody()
        for faults in ((), (_gone,)):
            await ana.says("hello")
            await here.settle()
            here.fake.fail("response_url", *faults)
            await ana.presses("Quem vê o quê?")
            await here.settle()
            (changed,) = [one for one in here.fake.posted(DIRECT) if one.get("edited")]
            assert changed["text"] == "Taken by Ana."
            assert buttons(changed) == []
            here.fake.channels[DIRECT].messages.clear()
            with sqlite_store.begin() as tx:
                key = people.person_by_email(tx, "ana.prado@example.com")
                assert key is not None
                people.set_setting(tx, key.key, "welcomed", "")
        assert here.fake.count("chat.update") == 1

    play(sqlite_store, small, scene, Way(around=exchanging))


async def _gone(request: Any, act: Any) -> Any:
    from aiohttp import web

    return web.Response(status=404, text="expired_url")


# Somebody's own page, and what happens to channels.


def test_a_page_of_ones_own_shows_what_there_is(sqlite_store: Store, small: Path) -> None:
    async def scene(here: Deployment) -> None:
        lea = here.somebody(account(here.fake, "lea"))
        assert (await lea.opens_home()).status == 200
        await here.settle()
        assert here.fake.homes[lea.account]["type"] == "home"
        assert texts(here, lea.direct.id) == []

    play(sqlite_store, small, scene)


def test_a_channel_that_is_no_more_is_reported(sqlite_store: Store, small: Path) -> None:
    async def scene(here: Deployment) -> None:
        for number, kind in enumerate(("channel_archive", "group_deleted")):
            await here.side.event(slack.event(f"Ev{number}", type=kind, channel=CHANNEL, user=ANA))
        left: dict[str, Any] = {"type": "member_left_channel", "channel": CHANNEL}
        await here.side.event(slack.event("Ev7", **left, user=BOT))
        await here.side.event(slack.event("Ev8", **left, user=ANA))
        moved: dict[str, Any] = {"type": "channel_id_changed", "old_channel_id": CHANNEL, "new_channel_id": "C0NEW"}
        await here.side.event(slack.event("Ev9", **moved))
        reasons = [reason for place, reason in here.gone if place.conversation == CHANNEL]
        assert reasons == [
            "the channel is archived",
            "the channel was deleted",
            "the bot was taken out of the channel",
        ]
        assert [(place.conversation, new) for place, new in here.moved] == [(CHANNEL, "C0NEW")]

    play(sqlite_store, small, scene)


def test_what_cannot_be_recorded_slack_sends_again(sqlite_store: Store, small: Path) -> None:
    from bot.store import StoreUnavailable

    away = [True, True]

    def unreliable(inside: Inside) -> Inside:
        def accept(said: Said) -> bool:
            if away:
                away.pop()
                raise StoreUnavailable("away")
            return inside.accept(said)

        return replace(inside, accept=accept)

    async def scene(here: Deployment) -> None:
        acked = await here.side.event(slack.typed("Ev1", "why new phones?"))
        assert acked.status == 503
        acked = await here.side.event(slack.typed("Ev1", "why new phones?"), retries=3)
        assert acked.status == 200
        await here.settle()
        assert len(texts(here)) == 2

    play(sqlite_store, small, scene, Way(around=unreliable))
