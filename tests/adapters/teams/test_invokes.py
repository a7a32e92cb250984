"""Presses and forms: exchanged cards, dialogs with their errors, fields in the message, and what is not known."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from tests.adapters.teams.actors import Message
from tests.adapters.teams.deployment import FAILED, Answer, Deployment, buttons, texts

NOTHING = {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": ""}


def field_names(card: dict[str, Any]) -> list[str]:
    return [element["id"] for element in card["body"] if element.get("type", "").startswith("Input.")]


def dialog_of(answer: Answer) -> dict[str, Any]:
    assert answer.status == 200
    assert answer.body["task"]["type"] == "continue"
    card: dict[str, Any] = answer.body["task"]["value"]["card"]["content"]
    return card


def button(card: dict[str, Any], label: str) -> dict[str, Any]:
    return buttons(card)[label]


def form_message(teams: Deployment) -> Message:
    """The message with the button that opens the question form."""
    return teams.posted(teams.typed("lea", "ask the team phones"))[-1]


def opener(message: Message) -> dict[str, Any]:
    return next(a for a in message.card["actions"] if a["data"].get("msteams", {}).get("type") == "task/fetch")


def test_a_press_is_answered_at_once_and_its_cards_are_posted(teams: Deployment) -> None:
    message = teams.posted(teams.typed("lea", "can i keep my number?"))[-1]

    answer = teams.execute("lea", button(message.card, "That helps"), message)

    assert (answer.status, answer.body) == (200, NOTHING)
    assert "Good to know" in texts(teams.fake.messages[-1].card)


def test_a_press_delivered_twice_counts_once(teams: Deployment) -> None:
    message = teams.posted(teams.typed("lea", "can i keep my number?"))[-1]
    action = button(message.card, "That helps")
    value = {"action": {"type": "Action.Execute", "data": action["data"]}, "trigger": "manual"}
    press = teams.activity("lea", "invoke", name="adaptiveCard/action", value=value, replyToId=message.id)

    first, again = teams.posted(press), teams.posted(press)

    assert len(first) == 1
    assert again == []


def test_a_press_of_an_old_client_comes_as_a_message(teams: Deployment) -> None:
    message = teams.posted(teams.typed("lea", "can i keep my number?"))[-1]
    fallback = button(message.card, "That helps")["fallback"]

    posted = teams.posted(teams.activity("lea", "message", value=fallback["data"], replyToId=message.id))

    assert "Good to know" in texts(posted[-1].card)


def test_a_whole_form_in_a_dialog(teams: Deployment) -> None:
    """Opened, handed in with a fault, shown again with what was typed, handed in, closed, answered in the chat."""
    message = form_message(teams)
    dialog = dialog_of(teams.fetch("lea", opener(message), message))
    names = field_names(dialog)
    send = dialog["actions"][0]
    before = len(teams.fake.messages)

    wrong = {names[0]: "Do they have a torch?", names[1]: ""}
    again = dialog_of(_hand_in(teams, send, message, wrong))
    fields = {f["id"]: f.get("value", "") for f in again["body"] if f.get("id") in names}
    assert fields[names[0]] == "Do they have a torch?"
    assert [e for e in again["body"] if e.get("color") == "Attention"]
    assert len(teams.fake.messages) == before

    done = _hand_in(teams, send, message, {names[0]: "Do they have a torch?", names[1]: "named"})
    assert (done.status, done.body) == (200, {})
    assert "Pavel Manager has your question" in texts(teams.fake.messages[-1].card)


def _hand_in(teams: Deployment, send: dict[str, Any], message: Message, fields: dict[str, str]) -> Answer:
    value = {"data": {**send["data"], **fields}, "context": {"theme": "default"}}
    return teams.invoke("lea", "task/submit", value, message)


def test_a_whole_form_inline_where_there_are_no_dialogs(teams: Deployment) -> None:
    """The button comes as a message; the form then stands in the message itself."""
    message = form_message(teams)
    said = opener(message)["data"]
    teams.send(teams.activity("lea", "message", value=said, replyToId=message.id))
    form = teams.fake.find(message.id).card
    names = field_names(form)
    send = form["actions"][0]
    assert names

    answer = teams.execute("lea", send, message, **{names[0]: "A torch?", names[1]: ""})
    again = answer.body["value"]
    assert answer.body["type"] == "application/vnd.microsoft.card.adaptive"
    assert next(f["value"] for f in again["body"] if f.get("id") == names[0]) == "A torch?"
    assert [e for e in again["body"] if e.get("color") == "Attention"]

    done = teams.execute("lea", send, message, **{names[0]: "A torch?", names[1]: "named"})
    assert "Pavel Manager has your question" in texts(teams.fake.messages[-1].card)
    assert "Pavel Manager has your question" in texts(done.body["value"])
    assert field_names(teams.fake.find(message.id).card) == []


def test_in_a_channel_nobody_sees_what_somebody_fills_in(teams: Deployment) -> None:
    """There a message is exchanged for all; the form is posted instead, directly where it is personal."""
    teams.add_to_team("sales")
    asked = teams.typed("lea", "can i keep my number?", "sales")
    teams.posted(asked)
    message = teams.fake.shown_in(teams.channel("sales"))[-1]
    before = dict(message.activity)
    thread = message.conversation.partition(";messageid=")[2]
    said = {"says": "settings hours"}

    posted = teams.posted(teams.activity("lea", "message", "sales", thread, value=said, replyToId=message.id))

    assert message.activity == before
    forms = [m for m in posted if "Hours" in texts(m.card)]
    assert [m.conversation for m in forms] == [teams.account("lea").conversation]


def test_a_form_with_faults_from_an_old_client_is_shown_again_in_its_message(teams: Deployment) -> None:
    message = form_message(teams)
    teams.send(teams.activity("lea", "message", value=opener(message)["data"], replyToId=message.id))
    form = teams.fake.find(message.id).card
    names = field_names(form)
    data = {**form["actions"][0]["fallback"]["data"], names[0]: "A torch?", names[1]: ""}

    teams.send(teams.activity("lea", "message", value=data, replyToId=message.id))

    again = teams.fake.find(message.id).card
    assert next(f["value"] for f in again["body"] if f.get("id") == names[0]) == "A torch?"
    assert [e for e in again["body"] if e.get("color") == "Attention"]


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        "text",
        {"action": None},
        {"action": {"type": "Action.Submit", "data": {}}},
        {"action": {"type": "Action.Execute"}},
        {"action": {"type": "Action.Execute", "data": {"foreign": 1}}},
        {"action": {"type": "Action.Execute", "data": {"says": "hello"}}, "trigger": "automatic"},
    ],
)
def test_a_press_that_is_none_of_ours_is_no_error(door: Deployment, value: Any) -> None:
    """The SDK answers some of these with 500."""
    answer = door.send(door.activity("lea", "invoke", name="adaptiveCard/action", value=value))

    assert (answer.status, answer.body) == (200, NOTHING)


@pytest.mark.parametrize("name", ["task/fetch", "task/submit"])
@pytest.mark.parametrize("value", [None, {}, {"data": None}, {"data": {"foreign": 1}}, []])
def test_a_dialog_that_is_none_of_ours_is_no_error(door: Deployment, name: str, value: Any) -> None:
    answer = door.send(door.activity("lea", "invoke", name=name, value=value))

    assert (answer.status, answer.body) == (200, {})


@pytest.mark.parametrize(
    "name",
    [
        "composeExtension/query",
        "application/search",
        "message/submitAction",
        "message/fetchTask",
        "signin/verifyState",
        "fileConsent/invoke",
        "config/fetch",
        "no/such",
        "",
        None,
    ],
)
def test_an_invoke_that_nobody_takes_is_501(door: Deployment, name: str | None) -> None:
    more = {"name": name} if name is not None else {}

    assert door.send(door.activity("lea", "invoke", value={}, **more)).status == 501


def test_a_message_back_button_is_a_message(teams: Deployment) -> None:
    """Its text is what is said."""
    posted = teams.posted(teams.activity("lea", "message", text="can i keep my number?", value={"other": 1}))

    assert "Your number moves" in texts(posted[-1].card)


def away(teams: Deployment, table: str = "heard", back: bool = False) -> None:
    old, new = ("away", table) if back else (table, "away")
    with teams.store.begin() as tx:
        tx.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


def test_a_press_that_fails_is_said_and_works_again(teams: Deployment) -> None:
    message = teams.posted(teams.typed("lea", "can i keep my number?"))[-1]
    action = button(message.card, "That helps")
    away(teams)
    failed = teams.execute("lea", action, message)
    away(teams, back=True)

    assert failed.status == 200
    assert failed.body["type"] == "application/vnd.microsoft.error"
    assert failed.body["value"]["message"] == FAILED
    teams.execute("lea", action, message)
    assert "Good to know" in texts(teams.fake.messages[-1].card)


def test_a_dialog_that_fails_keeps_its_fields(teams: Deployment) -> None:
    """Teams closes a dialog only where the answer says so."""
    message = form_message(teams)
    dialog = dialog_of(teams.fetch("lea", opener(message), message))
    names = field_names(dialog)
    away(teams)
    fetched = teams.fetch("lea", opener(message), message)
    failed = _hand_in(teams, dialog["actions"][0], message, {names[0]: "A torch?", names[1]: "named"})
    away(teams, back=True)

    assert fetched.body == {"task": {"type": "message", "value": FAILED}}
    assert failed.status == 503
    _hand_in(teams, dialog["actions"][0], message, {names[0]: "A torch?", names[1]: "named"})
    assert "Pavel Manager has your question" in texts(teams.fake.messages[-1].card)


def test_a_press_that_takes_too_long_is_an_error_in_time(teams: Deployment) -> None:
    """Teams would show one of its own seconds later."""
    message = teams.posted(teams.typed("lea", "can i keep my number?"))[-1]
    teams.press_seconds = 0.0
    teams.start()

    answer = teams.execute("lea", button(message.card, "That helps"), message)

    assert answer.body["type"] == "application/vnd.microsoft.error"


def test_a_reaction_to_a_post_is_heard(teams: Deployment) -> None:
    message = teams.posted(teams.typed("lea", "can i keep my number?"))[-1]
    reaction = teams.activity("lea", "messageReaction", reactionsAdded=[{"type": "like"}], replyToId=message.id)

    assert teams.send(reaction).status == 200
