"""What the app listings of Slack and Teams are made of: the manifest and the package, as a command writes them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import yaml

from tests.commands.conftest import Run

TEAMS = {
    "MicrosoftAppId": "11111111-2222-3333-4444-555555555555",
    "MicrosoftAppPassword": "p",
    "MicrosoftAppTenantId": "t",
}


def test_the_manifest_for_http_names_our_address(run: Run) -> None:
    ended = run("slack-manifest", "--url", "https://bot.example.com")

    made = yaml.safe_load(ended.out)
    assert (ended.status, ended.err) == (0, "")
    assert made["settings"]["event_subscriptions"]["request_url"] == "https://bot.example.com/slack/events"
    assert not made["settings"]["socket_mode_enabled"]
    assert "channels:history" not in made["oauth_config"]["scopes"]["bot"]


def test_without_an_address_it_is_for_socket_mode(run: Run) -> None:
    made = yaml.safe_load(run("slack-manifest").out)

    assert made["settings"]["socket_mode_enabled"]
    assert "redirect_urls" not in made["oauth_config"]


def test_hearing_replies_is_asked_for_only_when_wished(run: Run) -> None:
    made = yaml.safe_load(run("slack-manifest", "--hear-replies").out)

    assert {"channels:history", "groups:history"} <= set(made["oauth_config"]["scopes"]["bot"])


def test_an_address_that_the_platform_would_not_take_is_refused(run: Run, tmp_path: Path) -> None:
    ended = run("slack-manifest", "--url", "http://bot.example.com")
    assert (ended.status, ended.out) == (2, "")
    assert "https://" in ended.err

    ended = run("teams-package", "--url", "http://bot.example.com", "--out", str(tmp_path / "x.zip"), **TEAMS)
    assert ended.status == 2
    assert "https" in ended.err
    assert not (tmp_path / "x.zip").exists()


def test_the_package_holds_a_manifest_with_our_app_and_addresses(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "app.zip"

    ended = run("teams-package", "--url", "https://bot.example.com", "--out", str(file), **TEAMS)

    assert ended.status == 0
    with zipfile.ZipFile(file) as package:
        made = json.loads(package.read("manifest.json"))
        assert {"manifest.json", "color.png", "outline.png"} == set(package.namelist())
    assert made["bots"][0]["botId"] == TEAMS["MicrosoftAppId"]
    assert made["developer"]["privacyUrl"] == "https://bot.example.com/privacy"


def test_a_package_needs_the_app_and_a_place_to_be_written_to(run: Run, tmp_path: Path) -> None:
    ended = run("teams-package", "--url", "https://bot.example.com", "--out", str(tmp_path / "x.zip"))
    assert (ended.status, ended.out) == (1, "")
    assert "MicrosoftAppId" in ended.err

    nowhere = str(tmp_path / "no" / "x.zip")
    ended = run("teams-package", "--url", "https://bot.example.com", "--out", nowhere, **TEAMS)
    assert ended.status == 1
    assert "cannot be written" in ended.err
