"""Slack's payloads as something that was said. Pure: what has to be asked of Slack is handed in.

Events, slash commands, shortcuts, presses, handed-in forms and reactions are heard; everything else says nothing. Over
Socket Mode the payloads are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from adapters.slack import views
from adapters.slack.around import Known, Payload, channel, direct_of, id_in, name_of, person_of, place_of
from adapters.slack.mrkdwn import plain, without_mention
from bot.messages import How, Said

# A message with one of these is something that somebody typed; every other subtype tells of something else.
TYPED_SUBTYPES = (None, "", "file_share", "me_message", "thread_broadcast")
# Message shortcuts, by their callback_id: what is said of the message's text. Global ones say their callback_id.
ABOUT_A_MESSAGE: Mapping[str, str] = {"concern-about": "concern {text}", "ask-about": "{text}"}


def said(payload: Payload, known: Known) -> Said | None:
    """What was said with this payload; None for what says nothing, the bot's own messages and those of other bots.

    Raises `ValueError`, `KeyError` or `TypeError` for what is not a payload of Slack's.
    """
    kind = payload.get("type")
    if kind == "event_callback":
        return _event(payload, payload["event"], known)
    if kind == "block_actions":
        return _press(payload, known)
    if kind == "view_submission":
        return _form(payload, known)
    if kind in ("message_action", "shortcut"):
        return _shortcut(payload, known)
    return _command(payload, known) if "command" in payload else None


def _event(payload: Payload, event: Payload, known: Known) -> Said | None:
    if event.get("bot_id") or event.get("hidden") or not event.get("user") or event["user"] == known.bot:
        return None
    if event["type"] == "reaction_added":
        return _reaction(payload, event, known)
    if not _is_meant(event, known):
        return None
    text = without_mention(event.get("text") or "", known.bot)
    place = place_of(payload, event["channel"], known, event.get("channel_type", ""))
    thread = event.get("thread_ts") or ("" if place.kind == "direct" else event["ts"])
    return Said(
        event=payload["event_id"],
        person=person_of(payload, event["user"], known),
        place=replace(place, thread=thread),
        text=plain(text, lambda one: name_of(known.people(one))),
    )


def _is_meant(event: Payload, known: Known) -> bool:
    """A mention; a direct message; and, where it may be heard, an answer below a post of the bot's own."""
    if event["type"] == "app_mention":
        return not event.get("edited")
    if event["type"] != "message" or event.get("subtype") not in TYPED_SUBTYPES:
        return False
    if event.get("channel_type") in ("im", "app_home"):
        return True
    # What mentions the bot comes a second time, as a mention.
    below = event.get("parent_user_id") == known.bot != "" and f"<@{known.bot}" not in (event.get("text") or "")
    return known.hear_replies and bool(event.get("thread_ts")) and below


def _reaction(payload: Payload, event: Payload, known: Known) -> Said | None:
    item = event.get("item") or {}
    if item.get("type") != "message" or event.get("item_user") != known.bot or not known.bot:
        return None
    place = place_of(payload, item["channel"], known)
    who = person_of(payload, event["user"], known)
    return Said(payload["event_id"], who, place, f"reaction {event['reaction']}", "pressed", message=item["ts"])


def _command(payload: Payload, known: Known) -> Said:
    who = person_of(payload, payload["user_id"], known)
    place = place_of(payload, payload["channel_id"], known, payload.get("channel_name", ""))
    if place.kind == "direct":
        # It may be the conversation of two people, in which the bot cannot write.
        place = direct_of(payload, who.account, known)
    text = plain(without_mention(payload.get("text") or "", known.bot), lambda one: name_of(known.people(one)))
    return Said(f"command:{payload['trigger_id']}", who, place, text, opens=True)


def _shortcut(payload: Payload, known: Known) -> Said | None:
    who = person_of(payload, payload["user"]["id"], known)
    # Nobody sees that somebody uses a shortcut, so nobody else sees the answer; and a global one has no other place.
    place = direct_of(payload, who.account, known)
    event, callback = f"shortcut:{payload['trigger_id']}", str(payload["callback_id"])
    if payload["type"] == "shortcut":
        return Said(event, who, place, callback, "pressed", opens=True)
    form = ABOUT_A_MESSAGE.get(callback)
    if form is None:
        return None
    text = plain(payload["message"].get("text") or "", lambda one: name_of(known.people(one))).strip()
    how: How = "typed" if form == "{text}" else "pressed"
    if how == "pressed" and text and payload["message"].get("user") != payload["user"]["id"]:
        # What a colleague wrote is not the worry of whoever takes it further: it stands there as a quotation.
        text = f"“{text}”"
    return Said(event, who, place, form.replace("{text}", text).strip(), how, opens=True)


def _press(payload: Payload, known: Known) -> Said | None:
    value = _value(payload["actions"][0])
    if not value:
        return None
    says, _ = views.reopened(value)
    who = person_of(payload, payload["user"]["id"], known)
    container, message = payload.get("container") or {}, payload.get("message") or {}
    where = channel(payload) or container.get("channel_id", "")
    ts = str(container.get("message_ts") or message.get("ts") or "")
    if where:
        name = id_in(payload.get("channel"), "name")
        place = place_of(payload, where, known, name)
        thread = message.get("thread_ts") or container.get("thread_ts") or ("" if place.kind == "direct" else ts)
        place = replace(place, thread=thread)
    else:
        place = direct_of(payload, who.account, known)
    event = f"press:{payload.get('trigger_id') or payload['actions'][0]['action_ts']}"
    seen_by_all = bool(ts) and not container.get("is_ephemeral")
    return Said(event, who, place, says, "pressed", message=ts, opens="trigger_id" in payload, replaces=seen_by_all)


def typed_before(payload: Payload) -> dict[str, str | tuple[str, ...]]:
    """What was typed into a form that this press opens again, by the name of the ask; nothing for any other press."""
    return views.reopened(_value(payload["actions"][0]))[1] if payload.get("actions") else {}


def _value(action: Payload) -> str:
    option = action.get("selected_option") or {}
    return str(action.get("value") or option.get("value") or action.get("selected_date") or "")


def _form(payload: Payload, known: Known) -> Said:
    view = payload["view"]
    origin, answers = views.Origin.of(view), views.answers(view)
    # The view and its hash stay what they are while errors are shown, and so may the answers: only the trigger tells a
    # form that is handed in once more from one that Slack delivers twice.
    event = f"form:{view['id']}:{payload['trigger_id']}"
    who = person_of(payload, payload["user"]["id"], known)
    return Said(event, who, origin.place, origin.says, "form", answers, origin.message, opens=True)
