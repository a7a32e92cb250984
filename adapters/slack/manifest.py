"""The app's manifest: what Slack has to know to install it, with exactly the permissions that are used. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.plain import cut
from adapters.slack import limits

NAME = "Throughline"
COMMAND = "/throughline"
EVENTS_PATH = "/slack/events"
REDIRECT_PATH = "/slack/oauth_redirect"
DESCRIPTION = "Ask why and when things change here, and take what worries you to the people who decide."
LONG_DESCRIPTION = (
    "Throughline answers questions about the changes that your organisation is going through: why they happen, what"
    " they mean for you and when. It quotes what the project teams have written and names the source. What it cannot"
    " answer it passes on to a person, with or without your name. It reads no channel: it hears only what is written"
    " to it, mentions of it, and presses on its own messages."
)
PROMPTS = (
    ("What changes for me?", "what changes for me?"),
    ("Why is it changing?", "why"),
    ("When?", "when"),
    ("What can I say?", "help"),
)
# Name, type, callback_id and description. A global shortcut says its callback_id.
SHORTCUTS = (
    ("Raise a concern", "message", "concern-about", "Take what this message says to whoever decides"),
    ("Ask about this", "message", "ask-about", "Look up what is written about this message"),
    ("Raise a concern", "global", "concern", "Take something to whoever decides"),
    ("Ask the project team", "global", "ask-owner", "Ask a person, with or without your name"),
    ("What changes for me?", "global", "changes", "What you get, what you give up, and what stays"),
    ("Settings", "global", "settings", "Language, hours and what Throughline writes to you about"),
)
SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "groups:read",
    "im:history",
    "im:write",
    "mpim:read",
    "reactions:read",
    "users:read",
    "users:read.email",
)
EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_deleted",
    "channel_id_changed",
    "channel_shared",
    "channel_unshared",
    "group_archive",
    "group_deleted",
    "member_left_channel",
    "message.im",
    "reaction_added",
    "tokens_revoked",
)
COMMAND_HELP = "Ask why and when things change here. Say help to see everything"
# Slack shows them in one line while somebody types.
HINTED = 5
SCOPES_TO_HEAR_REPLIES = ("channels:history", "groups:history")
EVENTS_TO_HEAR_REPLIES = ("message.channels", "message.groups")


def manifest(
    url: str | None = None, hear_replies: bool = False, commands: Sequence[tuple[str, str]] = ()
) -> dict[str, Any]:
    """The manifest of an app that Slack reaches at `url` (https, without a path), or over Socket Mode where it is None.

    ValueError if the address is not https. `hear_replies` asks for the permission to hear answers below the bot's own
    posts that do not mention it. `commands`
    are the words behind the slash command with a line about each.
    """
    if url is not None and not url.startswith("https://"):
        raise ValueError("--url must begin with https://: Slack sends to nothing else")
    scopes = sorted({*SCOPES, *(SCOPES_TO_HEAR_REPLIES if hear_replies else ())})
    oauth: dict[str, Any] = {"scopes": {"bot": scopes}}
    if url is not None:
        oauth = {"redirect_urls": [_at(url, REDIRECT_PATH)], **oauth}
    return {
        "_metadata": {"major_version": 2},
        "display_information": {
            "name": NAME,
            "description": DESCRIPTION,
            "long_description": LONG_DESCRIPTION,
        },
        "features": _features(url, commands),
        "oauth_config": oauth,
        "settings": _settings(url, hear_replies),
    }


def _features(url: str | None, commands: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "agent_view": {
            "agent_description": DESCRIPTION,
            "suggested_prompts": [{"title": title, "message": message} for title, message in PROMPTS],
        },
        "bot_user": {"display_name": NAME, "always_online": True},
        "slash_commands": [
            {
                "command": COMMAND,
                **({"url": _at(url, EVENTS_PATH)} if url is not None else {}),
                "description": COMMAND_HELP,
                "usage_hint": cut(_hint(commands), limits.USAGE_HINT),
                "should_escape": True,
            }
        ],
        "shortcuts": [
            {"name": name, "type": kind, "callback_id": callback, "description": description}
            for name, kind, callback, description in SHORTCUTS
        ],
    }


def _hint(commands: Sequence[tuple[str, str]]) -> str:
    return "[" + " | ".join(["your question", *(word for word, _ in commands[:HINTED])]) + "]"


def _settings(url: str | None, hear_replies: bool) -> dict[str, Any]:
    events = sorted({*EVENTS, *(EVENTS_TO_HEAR_REPLIES if hear_replies else ())})
    at = {"request_url": _at(url, EVENTS_PATH)} if url is not None else {}
    return {
        "event_subscriptions": {**at, "bot_events": events},
        "interactivity": {"is_enabled": True, **at},
        "org_deploy_enabled": False,
        "socket_mode_enabled": url is None,
        "token_rotation_enabled": False,
    }


def _at(url: str, path: str) -> str:
    return url.rstrip("/") + path
