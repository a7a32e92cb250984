"""Raising a worry about any message: the command in the message's menu, its dialog, and what comes of it."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from sqlalchemy import select, text

from adapters.teams import parse
from adapters.teams.action import in_private, message_text
from adapters.teams.package import manifest
from bot.store import cases, mailbox, tables
from tests.adapters.teams.activities import APP, BOT, TENANT
from tests.adapters.teams.actors import Account, Fault
from tests.adapters.teams.adaptive_cards import SAFE_BYTES, refuse_card, sizes
from tests.adapters.teams.deployment import FAILED, Answer, Deployment, texts
from tests.confidence.copying import copied

COMMAND = "concern-about"
CHAT = "19:lea_otto@unq.gbl.spaces"
WORRY = "Nobody asked us, and the Monday calls will break"
OF_A_COLLEAGUE = f"“{WORRY}”"
OTHER = "77777777-0000-4000-8000-000000000000"


def html(content: str, **more: Any) -> dict[str, Any]:
    """A message as Teams hands it over."""
    sender = {"user": {"userIdentityType": "aadUser", "id": "any", "displayName": "Otto Ort"}, "application": None}
    body = {"contentType": "html", "content": content}
    return {"id": "1700000000001", "replyToId": None, "subject": None, "from": sender, "body": body, **more}


def invoked(teams: Deployment, who: str, name: str, value: dict[str, Any], where: str = "") -> dict[str, Any]:
    """What Teams sends: in a chat of two people without the bot, or in a channel."""
    command = {"commandId": COMMAND, "commandContext": "message", "context": {"theme": "default"}}
    activity = teams.activity(who, "invoke", where, name=f"composeExtension/{name}", value={**command, **value})
    if not where:
        activity["conversation"]["id"] = CHAT
    activity["channelData"]["source"] = {"name": "message"}
    return activity


def used(teams: Deployment, message: dict[str, Any], who: str = "lea", where: str = "") -> dict[str, Any]:
    """What Teams sends when somebody uses the command on this message."""
    return invoked(teams, who, "fetchTask", {"messagePayload": message}, where)


def handed_in(teams: Deployment, card: dict[str, Any], who: str = "lea", label: str = "", **given: str) -> Any:
    """What Teams sends when a button in the dialog is pressed, the first unless it is named; all fields go with it."""
    fields = {e["id"]: e.get("value", "") for e in card["body"] if e.get("type", "").startswith("Input.")}
    fields |= {i: given[i.partition(".")[2]] for i in fields if i.partition(".")[2] in given}
    action = next(a for a in card["actions"] if label in ("", a["title"]))
    sent = fields if action.get("associatedInputs") != "none" else {}
    return invoked(teams, who, "submitAction", {"data": {**action["data"], **sent}, "messagePayload": html("any")})


def sends(teams: Deployment, activity: dict[str, Any], **headers: str) -> Answer:
    answer = teams.send(activity, **headers)
    teams.drain()
    return answer


def shown(answer: Answer) -> dict[str, Any]:
    """The card in the dialog, which Teams has to take."""
    assert answer.status == 200
    assert answer.body.keys() == {"task"}
    assert answer.body["task"]["type"] == "continue"
    value = answer.body["task"]["value"]
    assert value.keys() == {"title", "width", "height", "card"}
    assert 0 < len(value["title"]) <= 64
    assert value["card"]["contentType"] == "application/vnd.microsoft.card.adaptive"
    card: dict[str, Any] = value["card"]["content"]
    assert refuse_card(card, dialog=True) == []
    assert sizes(card)[0] <= SAFE_BYTES
    return card


def field(card: dict[str, Any], name: str) -> str:
    return next(str(e.get("value", "")) for e in card["body"] if e.get("id", "").endswith(f".{name}"))


def form(teams: Deployment, message: dict[str, Any], who: str = "lea", where: str = "") -> dict[str, Any]:
    """The form about the phones, with what the message says in it: two initiatives are for everybody here."""
    asked = shown(sends(teams, used(teams, message, who, where)))
    return shown(sends(teams, handed_in(teams, asked, who, label="New phones")))


def numbers(teams: Deployment) -> list[int]:
    with teams.store.read() as tx:
        return list(tx.scalars(select(tables.case.c.number)))


def rows(teams: Deployment) -> dict[str, Any]:
    """All that is stored, but for the lease of whoever sends."""
    return {name: found for name, found in copied(teams.store).rows.items() if name != "lane"}


def waiting(teams: Deployment) -> int:
    with teams.store.read() as tx:
        return len(mailbox.waiting(tx))


def met(teams: Deployment, who: str = "lea") -> None:
    """They have written to the bot before."""
    teams.posted(teams.typed(who, "help"))


def about_the_chat(teams: Deployment) -> list[str]:
    return [call for call in teams.fake.calls if CHAT in call]


def test_the_package_names_the_command_that_is_heard(teams: Deployment) -> None:
    """On messages only: in the other places there is no message to raise."""
    (extension,) = manifest("https://bot.example.com", APP, ())["composeExtensions"]
    (command,) = extension["commands"]

    assert extension["botId"] == APP
    assert (command["type"], command["context"], command["fetchTask"]) == ("action", ["message"], True)
    assert command["id"] == COMMAND
    assert len(command["title"]) <= 32
    assert len(command["description"]) <= 128


def test_a_worry_by_name(teams: Deployment) -> None:
    """From the message through the form to a case; the answer comes in the chat with the app, and nowhere else."""
    met(teams)
    before = len(teams.fake.messages)
    opened = form(teams, html(f"<p>{WORRY}</p>"))
    assert field(opened, "text") == OF_A_COLLEAGUE
    assert len(teams.fake.messages) == before

    done = sends(teams, handed_in(teams, opened, text=WORRY, name="named"))

    assert (done.status, done.body) == (200, {})
    (number,) = numbers(teams)
    told = [m for m in teams.fake.messages[before:] if m.conversation == teams.account("lea").conversation]
    assert [f"no. {number}" in texts(m.card) for m in told] == [True]
    with teams.store.read() as tx:
        found = cases.case_by_number(tx, number)
    assert found is not None
    assert (found.text, found.reply_to.conversation) == (WORRY, teams.account("lea").conversation)
    assert about_the_chat(teams) == []


def test_a_worry_in_confidence(teams: Deployment) -> None:
    """It goes on in the dialog to its end. Of who used the command on what, nothing is kept."""
    met(teams)
    posts, before = len(teams.fake.messages), rows(teams)
    opened = form(teams, html(WORRY))
    assert rows(teams) == before

    sure = shown(sends(teams, handed_in(teams, opened, name="confidence")))
    assert field(sure, "text") == OF_A_COLLEAGUE
    received = shown(sends(teams, handed_in(teams, sure)))

    assert "Received, in confidence" in texts(received)
    assert not [e for e in received["body"] if e["type"].startswith("Input.")]
    after = rows(teams)
    assert {name for name in {*before, *after} if before.get(name) != after.get(name)} == {"mailbox_waiting"}
    assert (waiting(teams), len(teams.fake.messages)) == (1, posts)


@pytest.mark.parametrize("name", ["named", "confidence"])
@pytest.mark.parametrize(("given", "problem"), [("   ", "This is needed."), ("o" * 3001, "That is too long")])
def test_what_is_wrong_stands_in_the_dialog(teams: Deployment, name: str, given: str, problem: str) -> None:
    """With what was typed; clients that do not check themselves hand in anything."""
    opened = form(teams, html(WORRY))

    again = shown(sends(teams, handed_in(teams, opened, text=given, name=name, works="a trial")))

    assert problem in texts(again)
    assert (field(again, "text"), field(again, "works"), field(again, "name")) == (given, "a trial", name)
    assert (numbers(teams), waiting(teams)) == ([], 0)
    mended = sends(teams, handed_in(teams, again, text=WORRY, name="named"))
    assert mended.body == {}
    assert len(numbers(teams)) == 1


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (html("<div><div>Hi <at id='0'>Ana</at>,&nbsp;a &lt; b &amp; c</div>\n</div>"), "Hi Ana, a < b & c"),
        (html("<p>one<br/>two</p>\n<p>&nbsp;</p><ul><li>three</li></ul>"), "one\ntwo\nthree"),
        (html("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>"), "a b\nc"),
        (html('<p>no <emoji id="1" alt="🙁" title="Sad"></emoji></p><img src="x" alt="image">'), "no 🙁"),
        (html('<img itemtype="http://schema.skype.com/Emoji" src="x" alt="🙁">'), "🙁"),
        (
            html(
                '<blockquote itemtype="http://schema.skype.com/Reply"><strong>Ana</strong><blockquote>x</blockquote>'
                "<p>theirs</p></blockquote><p>mine</p>"
            ),
            "mine",
        ),
        (html("<blockquote>a saying</blockquote>"), "a saying"),
        (html("<p>body</p>", subject="Subject"), "Subject\nbody"),
        (html("a < b", body={"contentType": "text", "content": "1 < 2 <b>"}), "1 < 2 <b>"),
        (html("<attachment id='1'></attachment><!-- none -->"), ""),
        (html("", body=None), ""),
        (html("", body={"contentType": 1, "content": ["x"]}), ""),
        ({}, ""),
    ],
)
def test_what_a_message_says(message: dict[str, Any], said: str) -> None:
    assert message_text(message) == said


def test_markup_is_read_in_a_time_that_grows_with_its_length() -> None:
    """Whatever is unfinished in it."""
    begun = time.monotonic()
    for bad in ("<a ", "<!--", "<", '<a b="', "<blockquote skype.com/Reply>", '<img alt="', "</", "&"):
        message_text(html(bad * 60_000))

    assert time.monotonic() - begun < 60, "it takes hours when it grows with the square"


def test_a_long_message_is_cut_for_all_to_see(teams: Deployment) -> None:
    """At a word, with an ellipsis, in whatever script; the dialog stays small enough."""
    met(teams)
    for long in ("word &amp; " * 9_000, "文字 " * 9_000):
        begun = field(form(teams, html(f"<p>{long}</p>")), "text")
        assert begun.endswith("…”")
        assert 1_000 < len(begun) <= 1_500


def test_a_message_without_text_opens_the_empty_form(teams: Deployment) -> None:
    opened = form(teams, html('<attachment id="a"></attachment>'))

    assert field(opened, "text") == ""
    assert sends(teams, handed_in(teams, opened, text=WORRY, name="named")).body == {}
    assert len(numbers(teams)) == 1


def test_what_a_message_says_takes_no_effect(teams: Deployment) -> None:
    """Neither as a command nor as markup, and not as what was picked in a form."""
    for said in ("sure 3 - - all", "{id} {text}", "phones sure 3 - - all", "**b** [x](javascript:1) <at>Ana</at>?"):
        asked = shown(sends(teams, used(teams, html(said.replace("<", "&lt;")))))
        if not [e for e in asked["body"] if e.get("type", "").startswith("Input.")]:
            asked = shown(sends(teams, handed_in(teams, asked, label="New phones")))
        assert field(asked, "text") == f"“{said}”"
    assert (numbers(teams), waiting(teams)) == ([], 0)


def test_what_a_colleague_wrote_stands_there_as_a_quotation_and_ones_own_words_as_they_are(teams: Deployment) -> None:
    own = html(WORRY) | {"from": {"user": {"id": teams.account("lea").object_id}}}

    assert field(form(teams, own), "text") == WORRY
    assert field(form(teams, html(WORRY)), "text") == OF_A_COLLEAGUE


def test_in_a_channel_nothing_is_posted(teams: Deployment) -> None:
    """And where the message stands is not taken for a conversation with the bot."""
    met(teams)
    before, kept = len(teams.fake.messages), rows(teams)["conversation_reference"]
    opened = form(teams, html(WORRY), where="sales")

    sends(teams, handed_in(teams, opened, name="named"))

    posted = {m.conversation for m in teams.fake.messages[before:]}
    assert teams.account("lea").conversation in posted
    assert not [c for c in posted if c.startswith("19:")]
    assert rows(teams)["conversation_reference"] == kept


def test_no_message_of_others_is_exchanged(door: Deployment) -> None:
    """What the command was used on is none of the bot's."""
    activity = {**used(door, html(WORRY), where="sales"), "replyToId": "1700000000001"}

    said = parse.said(in_private(activity, "a:1", activity["serviceUrl"]))

    assert said is not None
    assert (said.text, said.message) == (f"concern {OF_A_COLLEAGUE}", "")
    assert (said.place.kind, said.place.conversation, said.place.thread) == ("direct", "a:1", "")


def test_somebody_whom_the_bot_never_met(teams: Deployment) -> None:
    """Their conversation with the app is made, since the answer has to come somewhere."""
    opened = form(teams, html(WORRY), "otto")
    sends(teams, handed_in(teams, opened, "otto", name="named"))

    assert f"no. {numbers(teams)[0]}" in "\n".join(
        texts(m.card) for m in teams.fake.shown_in(teams.account("otto").conversation)
    )
    assert [c for c in teams.fake.calls if c.startswith("POST conversations")] == ["POST conversations"]
    assert about_the_chat(teams) == []


def test_somebody_who_cannot_be_written_to(teams: Deployment) -> None:
    """Without the app there is no place for the answer; that is said, and nothing is kept."""
    teams.account("otto").installed = False
    before = rows(teams)

    answer = sends(teams, used(teams, html(WORRY), "otto"))

    assert answer.body == {"task": {"type": "message", "value": FAILED}}
    assert rows(teams) == before


def test_a_guest_is_told_so(teams: Deployment) -> None:
    teams.fake.accounts["guest"] = Account("Guest", "guest@partner.example", role="guest")

    answer = shown(sends(teams, used(teams, html(WORRY), "guest")))

    assert "what has been made public" in texts(answer)
    assert WORRY not in json.dumps(answer)
    forged = handed_in(teams, {"body": [], "actions": [_send("concern phones x")]}, "guest")
    forged["value"]["data"] |= {"text.text": WORRY, "choice.severity": "1", "choice.name": "named"}
    assert sends(teams, forged).body == {}
    assert numbers(teams) == []


def _send(submits: str) -> dict[str, Any]:
    return {"type": "Action.Submit", "title": "Send", "data": {"submits": submits}}


def test_somebody_of_another_tenant_in_a_chat_of_ours(teams: Deployment) -> None:
    """They are in no list of members of this tenant, and Teams makes no conversation with them."""
    teams.fake.accounts["partner"] = Account("Partner", "p@partner.example", tenant=OTHER)

    answer = sends(teams, used(teams, html(WORRY), "partner"))

    assert answer.body == {"task": {"type": "message", "value": FAILED}}


def test_a_chat_of_another_tenant_is_refused(door: Deployment) -> None:
    for name in ("fetchTask", "submitAction"):
        activity = invoked(door, "lea", name, {"messagePayload": html(WORRY), "data": {"submits": "concern phones"}})
        activity["conversation"]["tenantId"] = OTHER
        assert door.send(activity).status == 403
    assert TENANT not in json.dumps(door.fake.calls)


def test_without_a_token_of_teams_nothing_is_heard(door: Deployment) -> None:
    activity = used(door, html(WORRY))
    late = door.fake.token(time.time(), exp=time.time() - 3600)

    assert door.send(activity, Authorization="Bearer ").status == 401
    assert door.send(activity, Authorization=f"Bearer {late}").status == 401
    assert door.send(activity, Authorization=f"Bearer {door.fake.token(time.time(), aud=OTHER)}").status == 401


def test_sent_twice_it_opens_twice_and_is_raised_once(teams: Deployment) -> None:
    """Teams sends again what was not answered in five seconds."""
    met(teams)
    activity = used(teams, html(WORRY))
    assert shown(sends(teams, activity)) == shown(sends(teams, activity))

    for name in ("named", "confidence"):
        last = handed_in(teams, form(teams, html(f"{WORRY} {name}")), name=name)
        if name == "confidence":
            last = handed_in(teams, shown(sends(teams, last)))
        first, again = sends(teams, last), sends(teams, last)
        assert first.status == again.status == 200

    assert (len(numbers(teams)), waiting(teams)) == (1, 1)


def test_the_address_of_another_region_is_not_taken_for_the_person_s(teams: Deployment) -> None:
    """A chat may be served elsewhere than the conversation with the app."""
    met(teams)
    elsewhere = teams.fake.address("/amer/")
    signed = {"Authorization": f"Bearer {teams.fake.token(time.time(), serviceurl=elsewhere)}"}
    asked = shown(sends(teams, {**used(teams, html(WORRY)), "serviceUrl": elsewhere}, **signed))
    opened = shown(sends(teams, handed_in(teams, asked, label="New phones")))

    before = len(teams.fake.messages)
    done = sends(teams, {**handed_in(teams, opened, name="named"), "serviceUrl": elsewhere}, **signed)

    assert done.body == {}
    assert len(teams.fake.messages) > before


def test_while_the_database_is_away_nothing_is_lost(teams: Deployment) -> None:
    """The dialog says so, or stays as it is, and the same works later."""
    met(teams)
    opened = form(teams, html(WORRY))
    last = handed_in(teams, opened, name="named")
    _rename(teams, "conversation_reference", "away")
    fetched, failed = sends(teams, used(teams, html(WORRY))), sends(teams, last)
    _rename(teams, "away", "conversation_reference")

    assert fetched.body == {"task": {"type": "message", "value": FAILED}}
    assert failed.status == 503
    assert sends(teams, last).body == {}
    assert len(numbers(teams)) == 1


def _rename(teams: Deployment, old: str, new: str) -> None:
    with teams.store.begin() as tx:
        tx.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


def test_teams_is_answered_before_it_gives_up(teams: Deployment) -> None:
    """Where making the conversation takes long."""
    teams.press_seconds = 0.2
    teams.start()
    teams.fake.faults.append(Fault("POST conversations", stall=1.0))

    answer = sends(teams, used(teams, html(WORRY), "otto"))

    assert answer.body == {"task": {"type": "message", "value": FAILED}}


@pytest.mark.parametrize("name", ["fetchTask", "submitAction"])
@pytest.mark.parametrize(
    "value",
    [None, [], "text", {}, {"commandId": "foreign", "messagePayload": html(WORRY)}, {"data": None}, {"data": {"a": 1}}],
)
def test_what_is_none_of_ours_is_no_error(door: Deployment, name: str, value: Any) -> None:
    activity = {**invoked(door, "lea", name, {}), "value": value}

    answer = door.send(activity)

    assert (answer.status, answer.body) == (200, {})
    assert "POST conversations" not in door.fake.calls


@pytest.mark.parametrize("payload", [None, [], "text", {}, {"body": "text"}])
def test_a_message_that_teams_does_not_hand_over_opens_the_empty_form(teams: Deployment, payload: Any) -> None:
    assert field(form(teams, payload), "text") == ""


def test_a_bot_raises_nothing(teams: Deployment) -> None:
    teams.fake.accounts["robot"] = Account("Robot", role="bot")
    activity = {**used(teams, html(WORRY), "robot")}

    assert sends(teams, activity).body == {}
    assert sends(teams, {**activity, "from": BOT}).body == {}
