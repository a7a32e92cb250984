"""What an activity of Teams says, read from its raw JSON. Pure: no SDK, no network, no memory.

The roster entry of who speaks is handed in, since an activity tells neither an address nor whether this is a guest.
Edits and deletions of messages say nothing here: what was said was said, and was perhaps answered already.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from adapters.teams import action
from adapters.teams.mentions import typed
from adapters.teams.raw import entities, part, text_of, value_of
from bot.messages import Answers, How, Person, Place, PlaceKind, Said

PLATFORM: Final = "teams"
# What our buttons and forms carry: the text that is said by pressing or by handing in.
SAYS: Final = "says"
SUBMITS: Final = "submits"
_KINDS: Final[Mapping[str, PlaceKind]] = {"personal": "direct", "groupChat": "group", "channel": "channel"}
_GUEST: Final = "#ext#"
_BOT: Final = "28:"


Activity = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Words:
    text: str
    how: How = "typed"
    answers: Answers = field(default_factory=dict)
    opens: bool = False
    replaces: bool = False


def said(activity: Activity, *, member: Mapping[str, Any] | None = None, outsiders: bool | None = None) -> Said | None:
    """What this activity says; None for the bot's own, for what says nothing, and for what is the app's to handle.

    `member` is the speaker's roster entry as the Connector gives it (`…/members/{id}`); without it nobody counts as a
    member of the organisation. `outsiders` tells whether guests or partners read in this conversation; None if that
    is not known, which is then taken from the kind of channel and from who speaks. A reaction to a post of the bot
    says `reaction` and its type.
    """
    if not part(activity, "from").get("id") or is_own(activity):
        return None
    words = _words(activity)
    if words is None:
        return None
    speaker = person(activity, member)
    where = place(activity, outsiders)
    if outsiders is None and where.kind != "direct" and member is not None and not speaker.member:
        where = place(activity, True)
    return Said(
        event=event(activity),
        person=speaker,
        place=where,
        text=words.text,
        how=words.how,
        answers=words.answers,
        message=text_of(activity, "replyToId"),
        opens=words.opens,
        replaces=words.replaces,
    )


def event(activity: Activity) -> str:
    """The id that deduplication goes by: conversation and activity.

    An activity without an id is known by its content: a second delivery of it is the same to the letter, its own
    time included, and a second press has another time.
    """
    conversation = text_of(part(activity, "conversation"), "id")
    own = text_of(activity, "id")
    if own:
        return f"{conversation}|{own}"
    content = {k: activity.get(k) for k in ("type", "name", "timestamp", "from", "replyToId", "text", "value")}
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode("utf-8", "replace"))
    return f"{conversation}|={digest.hexdigest()[:32]}"


def tenant(activity: Activity) -> str:
    """The tenant that the conversation is in, '' if the activity does not tell."""
    named = text_of(part(part(activity, "channelData"), "tenant"), "id")
    return (named or text_of(part(activity, "conversation"), "tenantId")).lower()


def person(activity: Activity, member: Mapping[str, Any] | None = None) -> Person:
    """Who speaks, by directory object id and tenant.

    Without an object id the bot's own id of the person stands in, and without a roster entry or with that of a guest,
    of another tenant or of somebody else this is not a member.
    """
    sender = part(activity, "from")
    roster = member if member is not None and _same(sender, member) else {}
    account = _object_id(sender) or _object_id(roster)
    address = text_of(roster, "email") or text_of(roster, "userPrincipalName")
    client = next((e for e in entities(activity) if e.get("type") == "clientInfo"), {})
    return Person(
        platform=PLATFORM,
        workspace=tenant(activity),
        account=account or text_of(sender, "id"),
        name=text_of(roster, "name") or text_of(sender, "name"),
        email=address if "@" in address and _GUEST not in address.lower() else "",
        locale=text_of(activity, "locale") or text_of(client, "locale"),
        timezone=text_of(client, "timezone") or text_of(activity, "localTimezone"),
        member=bool(account) and _belongs(roster, tenant(activity)),
        bot=_is_bot(sender),
    )


def place(activity: Activity, outsiders: bool | None = None) -> Place:
    """Where it is said. In a channel the thread is the message that it hangs under.

    Where nobody knows about `outsiders`, a channel shared with others is taken to have some.
    """
    conversation = part(activity, "conversation")
    channel = part(part(activity, "channelData"), "channel")
    whole, _, thread = text_of(conversation, "id").partition(";messageid=")
    group: PlaceKind = "group" if conversation.get("isGroup") else "direct"
    shared = text_of(channel, "type").lower() == "shared"
    return Place(
        platform=PLATFORM,
        workspace=tenant(activity),
        conversation=whole,
        thread=thread,
        kind=_KINDS.get(text_of(conversation, "conversationType"), group),
        outsiders=shared if outsiders is None else outsiders,
    )


def is_own(activity: Activity) -> bool:
    """Whether the bot itself said it."""
    sender, recipient = part(activity, "from"), part(activity, "recipient")
    return bool(sender.get("id")) and sender.get("id") == recipient.get("id")


def is_installed(activity: Activity) -> bool:
    """Whether the app was installed or upgraded here, or the bot added to the conversation."""
    if activity.get("type") == "installationUpdate":
        return text_of(activity, "action").startswith("add")
    return activity.get("type") == "conversationUpdate" and _bot_id(activity) in _ids(activity, "membersAdded")


def is_removed(activity: Activity) -> bool:
    """Whether the app was removed from here, or the bot from the conversation."""
    if activity.get("type") == "installationUpdate":
        return text_of(activity, "action").startswith("remove")
    return activity.get("type") == "conversationUpdate" and _bot_id(activity) in _ids(activity, "membersRemoved")


def joined(activity: Activity) -> tuple[str, ...]:
    """The ids (`29:…`) of the people who were added to the conversation, without the bot."""
    return tuple(i for i in _ids(activity, "membersAdded") if i != _bot_id(activity))


def left(activity: Activity) -> tuple[str, ...]:
    """The ids (`29:…`) of the people who left the conversation, without the bot."""
    return tuple(i for i in _ids(activity, "membersRemoved") if i != _bot_id(activity))


def _words(activity: Activity) -> _Words | None:
    kind = activity.get("type")
    if kind == "message":
        return _carried(value_of(activity)) or _Words(typed(activity))
    if kind == "messageReaction":
        added = activity.get("reactionsAdded")
        reactions = added if isinstance(added, list) else []
        types = [r["type"] for r in reactions if isinstance(r, Mapping) and isinstance(r.get("type"), str)]
        return _Words(f"reaction {types[0]}", "pressed") if types else None
    return _invoked(activity) if kind == "invoke" else None


def _invoked(activity: Activity) -> _Words | None:
    value, name = value_of(activity), activity.get("name")
    if name == "adaptiveCard/action" and value.get("trigger") != "automatic":
        return _carried(part(part(value, "action"), "data"), replaces=True)
    if name == "composeExtension/fetchTask":
        asked = action.says(value, _object_id(part(activity, "from")))
        return _Words(asked, "pressed", opens=True) if asked else None
    if name in ("task/fetch", "task/submit", "composeExtension/submitAction"):
        return _carried(part(value, "data"), opens=True)
    return None


def _carried(data: Mapping[str, Any], *, opens: bool = False, replaces: bool = False) -> _Words | None:
    """What a button or a form of ours carries; None if it is none of ours."""
    if isinstance(data.get(SUBMITS), str):
        return _Words(data[SUBMITS], "form", _answers(data), opens, replaces)
    if isinstance(data.get(SAYS), str):
        return _Words(data[SAYS], "pressed", {}, opens, replaces)
    return None


def _answers(data: Mapping[str, Any]) -> Answers:
    """The fields by name. The kind of a field stands before its name, since a form comes back without its card."""
    found: dict[str, str | tuple[str, ...]] = {}
    for key, value in data.items():
        kind, _, name = key.partition(".")
        text = "" if value is None else str(value)
        if kind in ("text", "date"):
            found[name] = text.replace("\r\n", "\n").replace("\r", "\n")
        elif kind == "choice":
            found[name] = unquote(text)
        elif kind == "multi":
            found[name] = tuple(unquote(one) for one in text.split(",") if one)
    return found


def _belongs(roster: Mapping[str, Any], home: str) -> bool:
    if not roster or _GUEST in text_of(roster, "userPrincipalName").lower():
        return False
    elsewhere = text_of(roster, "tenantId").lower() not in ("", home)
    return not elsewhere and text_of(roster, "userRole").lower() in ("", "user")


def _same(sender: Mapping[str, Any], member: Mapping[str, Any]) -> bool:
    """Whether the roster entry is of this person: nobody borrows the rights of somebody else."""
    here, there = _object_id(sender), _object_id(member)
    return here == there if here and there else text_of(sender, "id") == text_of(member, "id")


def _object_id(account: Mapping[str, Any]) -> str:
    return (text_of(account, "aadObjectId") or text_of(account, "objectId")).lower()


def _is_bot(account: Mapping[str, Any]) -> bool:
    return text_of(account, "id").startswith(_BOT) or account.get("role") == "bot"


def _bot_id(activity: Activity) -> str:
    return text_of(part(activity, "recipient"), "id")


def _ids(activity: Activity, members: str) -> tuple[str, ...]:
    found = activity.get(members)
    listed = found if isinstance(found, list) else []
    return tuple(text_of(m, "id") for m in listed if isinstance(m, Mapping) and text_of(m, "id"))
