"""Who is let in and what is done with each activity: tokens, keys, tenants, and every type that Teams sends."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jwt
import pytest
from sqlalchemy import select, text

from adapters.teams import parse
from adapters.teams.app import Access
from adapters.teams.keys import LOOKS
from bot.messages import Card, Place, Sent
from bot.store import tables
from tests.adapters.teams.activities import TENANT
from tests.adapters.teams.actors import Account, Fault, key_pair
from tests.adapters.teams.deployment import Deployment, buttons, texts

OTHER = "77777777-0000-4000-8000-000000000000"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def recorded(teams: Deployment) -> int:
    """How many events, references and deliveries there are."""
    counted = (tables.heard, tables.conversation_reference, tables.account_reference, tables.delivery)
    with teams.store.read() as tx:
        return sum(len(tx.execute(select(table)).all()) for table in counted)


def unsigned(teams: Deployment) -> str:
    """A token that says it needs no signature."""
    _, claims, _ = teams.fake.token(time.time()).split(".")
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": "k1"}).encode()).rstrip(b"=").decode()
    return f"{head}.{claims}."


def foreign(teams: Deployment) -> str:
    """A token with the right key's name, signed by somebody else."""
    claims = jwt.decode(teams.fake.token(time.time()), options={"verify_signature": False})
    return jwt.encode(claims, key_pair("somebody else's"), algorithm="RS256", headers={"kid": "k1"})


def nameless(teams: Deployment) -> str:
    """A token that names no key."""
    claims = jwt.decode(teams.fake.token(time.time()), options={"verify_signature": False})
    return jwt.encode(claims, key_pair("k1"), algorithm="RS256")


def shared_secret(teams: Deployment) -> str:
    """A token signed with a secret instead of a key."""
    claims = jwt.decode(teams.fake.token(time.time()), options={"verify_signature": False})
    return jwt.encode(claims, "x" * 32, algorithm="HS256", headers={"kid": "k1"})


EMULATOR = "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"
WRONG = {
    "expired": lambda t: bearer(t.fake.token(time.time() - 3600)),
    "not yet valid": lambda t: bearer(t.fake.token(time.time(), nbf=time.time() + 3600)),
    "endless": lambda t: bearer(t.fake.token(time.time(), exp=None)),
    "bad signature": lambda t: bearer(foreign(t)),
    "no signature": lambda t: bearer(unsigned(t)),
    "signed with a secret": lambda t: bearer(shared_secret(t)),
    "unknown key": lambda t: bearer(t.fake.token(time.time(), key="k9")),
    "no key": lambda t: bearer(nameless(t)),
    "wrong audience": lambda t: bearer(t.fake.token(time.time(), aud=OTHER)),
    "no audience": lambda t: bearer(t.fake.token(time.time(), aud=None)),
    "wrong issuer": lambda t: bearer(t.fake.token(time.time(), iss="https://evil.example")),
    "no issuer": lambda t: bearer(t.fake.token(time.time(), iss=None)),
    "emulator": lambda t: bearer(t.fake.token(time.time(), iss=EMULATOR, ver="1.0", appid=OTHER)),
    "wrong serviceUrl": lambda t: bearer(t.fake.token(time.time(), serviceurl=t.fake.service + "x")),
    "serviceUrl without its last slash": lambda t: bearer(t.fake.token(time.time(), serviceurl=t.fake.service[:-1])),
    "no serviceUrl": lambda t: bearer(t.fake.token(time.time(), serviceurl=None)),
    "garbage": lambda t: bearer("garbage"),
    "garbage in three parts": lambda t: bearer("a.b.c"),
    "two tokens": lambda t: bearer("a b"),
    "empty": lambda t: bearer(""),
    "none": lambda t: {"X-None": "1"},
    "basic": lambda t: {"Authorization": "Basic YTpi"},
    "not a word": lambda t: {"Authorization": "Bearer"},
}


@pytest.mark.parametrize("headers", WRONG.values(), ids=WRONG)
def test_a_bad_token_is_401_and_nothing_is_recorded(door: Deployment, headers: Any) -> None:
    answer = door.send(door.typed("lea", "hello"), **headers(door))

    assert answer.status == 401
    assert recorded(door) == 0


def test_a_key_that_is_not_endorsed_for_teams_is_401(teams: Deployment) -> None:
    """A key for other channels, and one for none beside others that are endorsed."""
    teams.fake.keys = {"k1": ["webchat"], "k2": None}

    answers = [
        teams.send(teams.typed("lea", "hello"), **bearer(teams.fake.token(time.time(), key=key)))
        for key in ("k1", "k2")
    ]

    assert [a.status for a in answers] == [401, 401]
    assert recorded(teams) == 0


def test_an_issuer_of_others_is_refused_before_any_key_is_fetched(teams: Deployment) -> None:
    """Emulator tokens would be checked against keys of another host, which the SDK cannot be told to leave."""
    for issuer in (EMULATOR, "https://evil.example"):
        teams.send(teams.typed("lea", "hello"), **bearer(teams.fake.token(time.time(), iss=issuer, appid=OTHER)))

    assert teams.fake.calls == []


def test_a_rolled_key_works_with_the_next_request(teams: Deployment) -> None:
    assert teams.send(teams.typed("lea", "hello")).status == 200

    teams.fake.roll_keys("k2")

    assert teams.send(teams.typed("lea", "hello")).status == 200
    assert teams.send(teams.typed("lea", "hello"), **bearer(teams.fake.token(time.time(), key="k1"))).status == 401


def test_unknown_keys_do_not_make_the_bot_call_out_without_end(teams: Deployment) -> None:
    for number in range(2 * LOOKS):
        answer = teams.send(teams.typed("lea", "x"), **bearer(teams.fake.token(time.time(), key=f"k{number + 5}")))
        assert answer.status == 401

    assert teams.fake.calls.count("keys") == LOOKS
    assert teams.send(teams.typed("lea", "hello")).status == 200


@pytest.mark.parametrize("fault", [Fault("metadata", 500), Fault("keys", 404), Fault("metadata", stall=5)])
def test_without_keys_it_is_503_and_then_works_again(teams: Deployment, fault: Fault) -> None:
    teams.call_seconds = 1.0
    teams.start()
    teams.fake.faults.append(fault)

    assert teams.send(teams.typed("lea", "hello")).status == 503
    assert recorded(teams) == 0
    assert teams.send(teams.typed("lea", "hello")).status == 200


def test_the_loop_goes_on_while_keys_are_fetched(teams: Deployment) -> None:
    """The SDK would hold up everything else."""
    teams.fake.faults.append(Fault("metadata", stall=0.4))

    async def both() -> tuple[int, int]:
        headers = bearer(teams.fake.token(time.time()))
        waiting = asyncio.create_task(teams.post(teams.typed("lea", "hello"), headers))
        turns = 0
        while not waiting.done():
            await asyncio.sleep(0.01)
            turns += 1
        await teams.hearing.finish()
        return (await waiting).status, turns

    status, turns = teams.runner.run(both())

    assert status == 200
    assert turns > 4


def of_tenant(activity: dict[str, Any], conversation: str | None, data: str | None) -> dict[str, Any]:
    where = {k: v for k, v in activity["conversation"].items() if k != "tenantId"}
    where |= {"tenantId": conversation} if conversation else {}
    return {**activity, "conversation": where, "channelData": {"tenant": {"id": data}} if data else {}}


@pytest.mark.parametrize(("conversation", "data"), [(OTHER, OTHER), (None, OTHER), (OTHER, None), (None, None)])
def test_a_conversation_of_another_tenant_is_403(door: Deployment, conversation: str | None, data: str | None) -> None:
    activity = of_tenant(door.typed("lea", "hello"), conversation, data)

    assert door.send(activity).status == 403
    assert recorded(door) == 0


@pytest.mark.parametrize("field", [{"channelId": "webchat"}, {"channelId": "directline"}])
def test_another_channel_is_not_teams(teams: Deployment, field: dict[str, str]) -> None:
    """Where anybody can write what the tenant is."""
    teams.fake.keys = {"k1": ["msteams", "webchat", "directline"]}

    assert teams.send({**teams.typed("lea", "hello"), **field}).status == 403
    assert recorded(teams) == 0


def test_a_host_that_is_not_allowed_is_403(door: Deployment) -> None:
    """Even where the token says so: the bot's own token is sent there."""
    address = "https://smba.trafficmanager.net/emea/"
    activity = {**door.typed("lea", "hello"), "serviceUrl": address}

    answer = door.send(activity, **bearer(door.fake.token(time.time(), serviceurl=address)))

    assert answer.status == 403
    assert recorded(door) == 0


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"x"', b"\xff", b"[" * 100_000])
def test_bad_json_is_400(door: Deployment, content: bytes) -> None:
    async def post() -> int:
        return (await door.post(content, bearer(door.fake.token(time.time())))).status

    assert door.runner.run(post()) == 400


def test_no_content_type_is_no_matter(teams: Deployment) -> None:
    content = json.dumps(teams.typed("lea", "hello")).encode()

    async def post() -> int:
        headers = {**bearer(teams.fake.token(time.time())), "Content-Type": ""}
        answer = await teams.post(content, headers)
        await teams.hearing.finish()
        return answer.status

    assert teams.runner.run(post()) == 200


@pytest.mark.parametrize(
    "more",
    [
        {"timestamp": "garbage", "entities": [1, None], "membersAdded": "x", "value": "{"},
        {"from": "lea"},
        {"from": []},
        {"conversation": None},
        {"text": 5},
        {"type": 7},
        {"type": None},
        {"text": "half an emoji \ud83d and \u0000"},
    ],
)
def test_an_odd_activity_is_no_error(teams: Deployment, more: dict[str, Any]) -> None:
    """What Teams may send one day must not be sent again and again."""
    conversation = {"conversation": {"tenantId": teams.typed("lea", "")["conversation"]["tenantId"]}}
    activity = {**teams.typed("lea", "hello"), **more}
    activity = activity if activity["conversation"] else {**activity, **conversation}

    assert teams.send(activity).status == 200


def test_half_configured_is_refused() -> None:
    """Without an app id or tenants anybody could speak."""
    for app, tenants in (("", {OTHER}), (OTHER, set()), (OTHER, {""})):
        with pytest.raises(ValueError, match="anybody could speak"):
            Access(app, frozenset(tenants))


def test_a_message_is_answered_where_it_was_written(teams: Deployment) -> None:
    posted = teams.posted(teams.typed("lea", "can i keep my number?"))

    assert {m.conversation for m in posted} == {teams.account("lea").conversation}
    assert "Your number moves to the new phone by itself" in texts(posted[-1].card)


def test_a_message_delivered_twice_is_answered_once(teams: Deployment) -> None:
    activity = teams.typed("lea", "can i keep my number?")
    teams.posted(activity)

    assert teams.posted(activity) == []


def test_the_same_activity_id_in_two_conversations_is_two_messages(teams: Deployment) -> None:
    teams.posted({**teams.typed("lea", "hello"), "id": "1"})

    assert teams.posted({**teams.typed("pm", "hello"), "id": "1"})


def test_a_mention_is_answered_in_its_thread(teams: Deployment) -> None:
    teams.add_to_team("sales")
    activity = teams.typed("lea", "can i keep my number?", "sales")

    posted = teams.posted(activity)

    assert activity["conversation"]["id"] in {m.conversation for m in posted}
    answer = next(m for m in posted if m.conversation == activity["conversation"]["id"])
    assert "Your number moves" in texts(answer.card)


def test_where_nobody_looked_guests_are_taken_to_read_along(teams: Deployment) -> None:
    """The first answer in a channel that nobody told of holds only what is public; the second what its members may."""
    for expected in ("I don't know", "Your number moves"):
        posted = teams.posted(teams.typed("lea", "can i keep my number?", "sales"))
        answers = [m for m in posted if m.conversation.startswith("19:")]
        assert expected in texts(answers[0].card)


def test_a_mention_in_a_group_chat_is_answered_there(teams: Deployment) -> None:
    activity = teams.typed("lea", "can i keep my number?", "sales")
    group = "19:group@thread.v2"
    teams.fake.channels[group] = ["lea"]
    activity["conversation"] |= {"id": group, "conversationType": "groupChat"}
    activity["channelData"] = {"tenant": activity["channelData"]["tenant"]}

    assert group in {m.conversation for m in teams.posted(activity)}


def test_what_does_not_mention_the_bot_is_not_for_it(teams: Deployment) -> None:
    """With the administrator's consent it hears everything in a channel."""
    activity = teams.activity("lea", "message", "sales", text="can i keep my number?")

    assert teams.posted(activity) == []
    assert recorded(teams) == 0


def test_a_reply_below_a_post_of_the_bot_need_not_mention_it(teams: Deployment) -> None:
    teams.posted(teams.typed("lea", "hello", "sales"))
    place = Place("teams", TENANT, teams.channel("sales"), kind="channel")
    sent = teams.runner.run(teams.teams.send(place, Card(body="News"), "k"))
    assert isinstance(sent, Sent)

    posted = teams.posted(teams.activity("lea", "message", "sales", sent.id, text="can i keep my number?"))

    assert [m.conversation for m in posted] == [f"{teams.channel('sales')};messageid={sent.id}"]


def test_installing_greets_and_upgrading_does_not(teams: Deployment) -> None:
    update = teams.activity("lea", "installationUpdate", action="add")

    posted = teams.posted(update)

    assert "What changes for me?" in buttons(posted[0].card)
    assert teams.posted(teams.activity("lea", "installationUpdate", action="add-upgrade")) == []


def test_being_added_to_a_team_says_nothing_and_asks_once_who_reads_there(teams: Deployment) -> None:
    """The SDK would ask for each member that was added."""
    added = [{"id": f"29:{n}"} for n in range(300)]

    assert teams.add_to_team("sales", *added) == []
    assert [call.split()[1] for call in teams.fake.calls if call.startswith("GET")] == ["pagedmembers"]


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("messageUpdate", {"channelData": {"eventType": "editMessage"}, "text": "when?"}),
        ("messageDelete", {"channelData": {"eventType": "softDeleteMessage"}}),
        ("typing", {}),
        ("endOfConversation", {}),
        ("event", {"name": "application/vnd.microsoft.readReceipt", "value": {}}),
        ("conversationUpdate", {"channelData": {"eventType": "teamRenamed"}}),
        ("messageReaction", {"reactionsRemoved": [{"type": "like"}]}),
        ("somethingNew", {}),
    ],
)
def test_what_says_nothing_is_taken(teams: Deployment, kind: str, more: dict[str, Any]) -> None:
    activity = teams.activity("lea", kind)
    more = {**more, "channelData": {**activity["channelData"], **more.get("channelData", {})}}

    assert teams.posted({**activity, **more}) == []


def test_what_was_accepted_survives_the_end_of_the_process(teams: Deployment) -> None:
    """Another process answers it, and has to find out where that is and who said it."""
    said = parse.said(teams.typed("lea", "can i keep my number?"))
    assert said is not None
    teams.core.accept(replace(said, person=replace(said.person, bare=True)))
    teams.start()

    teams.time += timedelta(minutes=1)
    teams.tick()
    teams.drain()

    assert "Your number moves" in texts(teams.fake.messages[-1].card)


def test_no_database_is_503_and_the_repetition_is_answered(teams: Deployment) -> None:
    activity = teams.typed("lea", "can i keep my number?")
    with teams.store.begin() as tx:
        tx.execute(text("ALTER TABLE heard RENAME TO away"))
    assert teams.send(activity).status == 503
    with teams.store.begin() as tx:
        tx.execute(text("ALTER TABLE away RENAME TO heard"))

    assert "Your number moves" in texts(teams.posted(activity)[-1].card)


def test_who_is_not_of_the_organisation_is_told_apart(teams: Deployment) -> None:
    """A guest, and somebody of another tenant in a conversation of ours: heard, as no members."""
    teams.fake.accounts["guest"] = Account("Gus", "gus@partner.example", role="guest")
    teams.fake.accounts["partner"] = Account("Pat", "pat@partner.example", tenant=OTHER)
    for who in ("guest", "partner", "lea"):
        teams.posted(teams.typed(who, "hello"))

    with teams.store.read() as tx:
        rows = tx.execute(select(tables.identity.c.account, tables.identity.c.member)).all()
    members = {row.account: row.member for row in rows}
    assert {who: members[teams.account(who).object_id] for who in ("guest", "partner", "lea")} == {
        "guest": False,
        "partner": False,
        "lea": True,
    }
