"""The manifest: what Slack's published schema allows, with exactly the permissions that are used, each explained."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from adapters.slack.manifest import SHORTCUTS, manifest
from adapters.slack.parse import ABOUT_A_MESSAGE
from bot.capabilities import by_name

ROOT = Path(__file__).parents[3]
SCHEMA = Path(os.environ.get("THROUGHLINE_SCHEMAS", "")) / "slack-manifest.schema.2.0.0.json"
URL = "https://bot.example.com/"
COMMANDS = tuple((name, f"what {name} does") for name in sorted(by_name()))
WAYS: dict[str, dict[str, Any]] = {
    "socket": manifest(commands=COMMANDS),
    "socket, replies": manifest(hear_replies=True),
    "http": manifest(URL, commands=COMMANDS),
    "http, replies": manifest(URL, True, COMMANDS),
    "many commands": manifest(URL, commands=COMMANDS * 20),
}
# What each event needs, from its page in Slack's reference; those that need nothing of their own are left out.
NEEDS = {
    "app_mention": {"app_mentions:read"},
    "channel_archive": {"channels:read"},
    "channel_deleted": {"channels:read"},
    "channel_id_changed": {"channels:read", "groups:read"},
    "channel_shared": {"channels:read", "groups:read"},
    "channel_unshared": {"channels:read", "groups:read"},
    "group_archive": {"groups:read"},
    "group_deleted": {"groups:read"},
    "member_left_channel": {"channels:read", "groups:read"},
    "message.im": {"im:history"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "reaction_added": {"reactions:read"},
}
READS_CHANNELS = {"channels:history", "groups:history", "mpim:history"}


def scopes(made: dict[str, Any]) -> set[str]:
    """The permissions that it asks for."""
    return set(made["oauth_config"]["scopes"]["bot"])


@pytest.mark.skipif(not SCHEMA.is_file(), reason="THROUGHLINE_SCHEMAS names no folder with Slack's schema")
@pytest.mark.parametrize("way", WAYS)
def test_it_is_what_slack_published(way: str) -> None:
    """Every property is known and within its limits."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))

    faults = [f"{fault.json_path}: {fault.message}" for fault in Draft7Validator(schema).iter_errors(WAYS[way])]

    assert faults == []


@pytest.mark.parametrize("way", WAYS)
def test_its_limits_are_kept_without_the_schema_too(way: str) -> None:
    """The project's own check."""
    made = WAYS[way]
    about, features = made["display_information"], made["features"]

    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 175 <= len(about["long_description"]) <= 4_000
    assert len(features["agent_view"]["agent_description"]) <= 300
    assert len(features["agent_view"]["suggested_prompts"]) <= 4
    (command,) = features["slash_commands"]
    assert len(command["description"]) <= 2_000
    assert len(command["usage_hint"]) <= 1_000
    assert command["should_escape"]
    assert len(features["shortcuts"]) <= 10
    assert all(len(one["name"]) <= 24 and len(one["description"]) <= 150 for one in features["shortcuts"])


def test_it_reads_no_channel_unless_that_is_asked_for() -> None:
    """Mentions, presses and shortcuts are enough."""
    by_default, hearing = manifest(), manifest(hear_replies=True)

    assert scopes(by_default) & READS_CHANNELS == set()
    assert scopes(hearing) - scopes(by_default) == {"channels:history", "groups:history"}
    events = [set(made["settings"]["event_subscriptions"]["bot_events"]) for made in (by_default, hearing)]
    assert events[1] - events[0] == {"message.channels", "message.groups"}


@pytest.mark.parametrize("way", WAYS)
def test_every_event_has_its_permission(way: str) -> None:
    """Slack refuses a manifest that subscribes to what it may not hear."""
    for event in WAYS[way]["settings"]["event_subscriptions"]["bot_events"]:
        assert NEEDS.get(event, set()) <= scopes(WAYS[way])


def test_addresses_are_there_over_http_and_nowhere_else() -> None:
    """Slack asks for them, and Socket Mode has none."""
    over_http, over_socket = json.dumps(manifest(URL)), json.dumps(manifest())

    assert over_http.count('"https://bot.example.com/slack/events"') == 3
    assert '"https://bot.example.com/slack/oauth_redirect"' in over_http
    assert "http" not in over_socket
    assert manifest()["settings"]["socket_mode_enabled"]
    assert not manifest(URL)["settings"]["socket_mode_enabled"]


def test_every_shortcut_says_something() -> None:
    """What it says is a command; those on a message are known to the reader of payloads."""
    for name, kind, callback, _ in SHORTCUTS:
        says = ABOUT_A_MESSAGE[callback] if kind == "message" else callback
        assert says == "{text}" or says.split()[0] in by_name(), name
    callbacks = [callback for _, _, callback, _ in SHORTCUTS]
    assert len(set(callbacks)) == len(callbacks)


def test_every_permission_and_every_event_is_explained() -> None:
    """In docs/slack.md, and nothing there that is not asked for."""
    document = (ROOT / "docs" / "slack.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| `([a-z_.:]+)` \|", document, re.MULTILINE))
    asked = manifest(hear_replies=True)
    events = set(asked["settings"]["event_subscriptions"]["bot_events"])

    assert rows == scopes(asked) | events | {"connections:write"}
