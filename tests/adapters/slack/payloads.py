"""What Slack sends, as plain data: events, commands, shortcuts, presses and forms that were handed in."""

from __future__ import annotations

from typing import Any

from adapters.slack import views
from adapters.slack.around import Known
from bot.messages import Ask, Card, Place

TEAM, BOT, APP = "T0HOME", "U0BOT", "A0APP"
ANA, DIRECT, CHANNEL = "U0ANA", "D0ANA", "C0SALES"
NOW = "1795600000.000100"

PEOPLE: dict[str, dict[str, Any]] = {
    ANA: {
        "id": ANA,
        "team_id": TEAM,
        "real_name": "Ana Prado",
        "tz": "America/Sao_Paulo",
        "locale": "pt-BR",
        "profile": {"real_name": "Ana Prado", "display_name": "ana", "email": "Ana.Prado@example.com"},
    },
    "U0GUS": {"id": "U0GUS", "team_id": TEAM, "is_restricted": True, "profile": {"real_name": "Gus Guest"}},
    "U0EVA": {"id": "U0EVA", "team_id": "T0ELSEWHERE", "is_stranger": True, "profile": {"real_name": "Eva Partner"}},
}
CHANNELS: dict[str, dict[str, Any]] = {
    CHANNEL: {"id": CHANNEL, "is_channel": True, "is_ext_shared": False},
    "C0PARTNERS": {"id": "C0PARTNERS", "is_channel": True, "is_ext_shared": True},
    "G0GROUP": {"id": "G0GROUP", "is_mpim": True, "is_ext_shared": False},
}
KNOWN = Known(
    bot=BOT,
    home=frozenset({TEAM}),
    people=lambda id: PEOPLE.get(id, {}),
    channels=lambda id: CHANNELS.get(id, {}),
    direct=lambda id: DIRECT if id == ANA else "",
)


def event(id: str, shared: bool | None = False, **inner: Any) -> dict[str, Any]:
    """The envelope of the Events API around an event; `shared` None leaves out whether outsiders read."""
    payload = {
        "type": "event_callback",
        "team_id": TEAM,
        "api_app_id": APP,
        "event_id": id,
        "event_time": 1795600000,
        "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True, "is_enterprise_install": False}],
        "event": {"ts": NOW, "event_ts": NOW, **inner},
    }
    return payload if shared is None else {**payload, "is_ext_shared_channel": shared}


def typed(id: str, text: str, **more: Any) -> dict[str, Any]:
    """A direct message."""
    inner = {"type": "message", "channel": DIRECT, "channel_type": "im", "user": ANA, "text": text, **more}
    return event(id, **inner)


def mentioned(id: str, text: str, shared: bool | None = False, **more: Any) -> dict[str, Any]:
    """A mention in a channel; the text comes behind it."""
    inner = {"type": "app_mention", "channel": CHANNEL, "user": ANA, "text": f"<@{BOT}> {text}", **more}
    return event(id, shared, **inner)


def below(id: str, text: str, **more: Any) -> dict[str, Any]:
    """An answer in the thread below a post of the bot's."""
    inner = {"type": "message", "channel": CHANNEL, "channel_type": "channel", "user": ANA, "text": text}
    return event(id, **{**inner, "ts": "1795600009.000100", "thread_ts": NOW, "parent_user_id": BOT, **more})


def reacted(id: str, name: str, **more: Any) -> dict[str, Any]:
    """A reaction on a post of the bot's."""
    item = {"type": "message", "channel": CHANNEL, "ts": NOW}
    inner = {"type": "reaction_added", "user": ANA, "reaction": name, "item_user": BOT, "item": item}
    return event(id, **{**inner, **more})


def command(id: str, text: str, **more: Any) -> dict[str, Any]:
    """`/throughline` in a channel: a form, so everything in it is text."""
    return {
        "command": "/throughline",
        "text": text,
        "team_id": TEAM,
        "channel_id": CHANNEL,
        "channel_name": "sales",
        "user_id": ANA,
        "trigger_id": id,
        "is_enterprise_install": "false",
        "response_url": "https://hooks.example/1",
        **more,
    }


def _interaction(kind: str, id: str) -> dict[str, Any]:
    return {"type": kind, "team": {"id": TEAM}, "user": {"id": ANA, "team_id": TEAM}, "trigger_id": id}


def shortcut(id: str, callback: str, text: str | None = None) -> dict[str, Any]:
    """A global shortcut, or one on a message with this text."""
    if text is None:
        return {**_interaction("shortcut", id), "callback_id": callback}
    message = {"type": "message", "user": "U0GUS", "ts": NOW, "text": text}
    channel = {"id": CHANNEL, "name": "sales"}
    kind = _interaction("message_action", id)
    return {**kind, "callback_id": callback, "message": message, "channel": channel, "message_ts": NOW}


def pressed(id: str, says: str, **more: Any) -> dict[str, Any]:
    """A press on a button of a message in the direct conversation."""
    return {
        **_interaction("block_actions", id),
        "channel": {"id": DIRECT, "name": "directmessage"},
        "container": {"type": "message", "message_ts": NOW, "channel_id": DIRECT, "is_ephemeral": False},
        "message": {"type": "message", "user": BOT, "ts": NOW},
        "actions": [{"type": "button", "action_id": "say:0", "value": says, "action_ts": NOW}],
        **more,
    }


def handed_in(id: str, card: Card, answers: dict[str, Any], place: Place | None = None) -> dict[str, Any]:
    """This card's form, handed in with these answers; Slack gives the view back as it was opened.

    An answer is what Slack carries: a text, the value of an option, or a list of them.
    """
    view = views.modal(card, place or Place("slack", TEAM, DIRECT), NOW)
    values = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            name = block["block_id"].partition(".")[2]
            values[block["block_id"]] = {block["element"]["action_id"]: _entered(block["element"], answers.get(name))}
    handed = {**view, "id": "V1", "hash": "h1", "team_id": TEAM, "state": {"values": values}}
    return {**_interaction("view_submission", id), "view": handed}


def _entered(element: dict[str, Any], given: Any) -> dict[str, Any]:
    kind = element["type"]
    options = [*element.get("options", ()), *(o for g in element.get("option_groups", ()) for o in g["options"])]
    if kind in ("checkboxes", "multi_static_select"):
        return {"type": kind, "selected_options": [o for o in options if o["value"] in (given or ())]}
    if kind in ("radio_buttons", "static_select"):
        return {"type": kind, "selected_option": next((o for o in options if o["value"] == given), None)}
    return {"type": kind, "selected_date" if kind == "datepicker" else "value": given}


def form(says: str, answers: dict[str, str]) -> Card:
    """A form with a text field for each answer."""
    return Card(body="Why?", title="Form", asks=tuple(Ask(name, "What?") for name in answers), submits=says)
