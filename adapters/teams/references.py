"""Where conversations and people are: what of an activity is kept so that they can be written to later.

What is kept is plain data out of the raw JSON. Where it is kept is handed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from adapters.teams.deployment import Reference, References
from adapters.teams.parse import Activity, place
from bot.messages import Place, Said

# Channels with members of their own; all others have those of their team.
_OWN_MEMBERS: Final = frozenset({"private", "shared"})


def shared_team(activity: Activity) -> str:
    """The team whose members are those of this channel, '' where it has its own or is none."""
    here = conversation_reference(activity)
    own = here["kind"] != "channel" or str(here["channel"]).lower() in _OWN_MEMBERS
    return "" if own else str(here["team"])


def conversation_reference(activity: Activity) -> dict[str, Any]:
    """What is kept of a conversation: its address, who the bot is there, and its team and channel if it has any."""
    channel = _part(_part(activity, "channelData"), "channel")
    return {
        "serviceUrl": _text(activity, "serviceUrl"),
        "conversation": place(activity).conversation,
        "kind": place(activity).kind,
        "bot": _text(_part(activity, "recipient"), "id"),
        "team": _text(_part(_part(activity, "channelData"), "team"), "id"),
        "channel": _text(channel, "type"),
    }


def account_reference(activity: Activity, known: Reference | None) -> dict[str, Any]:
    """What is kept of who speaks: the bot's own id of them, and where they were met. `known` is what was kept before.

    `conversation` is their direct conversation, `met` the one with others where they spoke last, each '' without one.
    """
    here: Place = place(activity)
    before = known or {}
    direct = here.kind == "direct"
    return {
        "id": _text(_part(activity, "from"), "id"),
        "serviceUrl": _text(activity, "serviceUrl"),
        "conversation": here.conversation if direct else before.get("conversation", ""),
        "met": before.get("met", "") if direct else here.conversation,
    }


def outsiders(references: References, activity: Activity, here: Place) -> bool | None:
    """Whether guests or people of other tenants read there, None if nobody has looked; a new channel is as its team."""
    kept = references.conversation(here.workspace, here.conversation)
    team = shared_team(activity)
    if (kept is None or kept.outsiders is None) and team:
        kept = references.conversation(here.workspace, team)
    return kept.outsiders if kept else None


def keep(references: References, activity: Activity, said: Said) -> None:
    """Keeps where the conversation and who speaks are, where that is not known or has changed."""
    workspace, conversation, account = said.place.workspace, said.place.conversation, said.person.account
    kept = references.conversation(workspace, conversation)
    reference = conversation_reference(activity)
    if kept is None or kept.closed or kept.reference != reference:
        references.keep_conversation(workspace, conversation, reference)
    if account and not said.person.bot:
        before = references.account(workspace, account)
        person = account_reference(activity, before)
        if before != person:
            references.keep_account(workspace, account, person)


def _part(whole: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = whole.get(name)
    return found if isinstance(found, Mapping) else {}


def _text(whole: Mapping[str, Any], name: str) -> str:
    found = whole.get(name)
    return found if isinstance(found, str) else ""
