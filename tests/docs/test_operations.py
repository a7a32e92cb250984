"""docs/operations.md, docs/security.md and deploy/: what they name is there, and the figures are those of the code."""

from __future__ import annotations

import re
import stat
from configparser import RawConfigParser
from typing import Any

import pytest

from adapters.slack.manifest import SCOPES, SCOPES_TO_HEAR_REPLIES
from adapters.slack.platform import LIMITS as SLACK
from adapters.teams.hosts import MICROSOFT
from adapters.teams.platform import LIMITS as TEAMS
from bot.cli import cli
from bot.settings import read_settings
from bot.store.patience import PATIENCE
from tests.docs.shown import ROOT, document

OPERATIONS = document("docs/operations.md")
SECURITY = document("docs/security.md")
BOTH = OPERATIONS + SECURITY
UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))
ENVIRONMENT = document("deploy/systemd/environment")
CONTAINERFILE = document("deploy/Containerfile")
DEPLOYED = "\n".join([ENVIRONMENT, CONTAINERFILE, *(unit.read_text(encoding="utf-8") for unit in UNITS)])
# Not ours: of pip, of the container, of systemd units.
FOREIGN = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "OPTIONS", "FULL"}


class Noted(dict[str, str]):
    """An environment that remembers what was looked up in it."""

    def __init__(self, **variables: str) -> None:
        super().__init__(variables)
        self.names: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return super().get(name, default)


def variables() -> set[str]:
    """Every variable that the settings read where both platforms are configured."""
    slack = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "signs"}
    teams = {"MicrosoftAppId": "1", "MicrosoftAppPassword": "secret", "MicrosoftAppTenantId": "t"}
    environment = Noted(THROUGHLINE_SECRET="a secret for tests only", **slack, **teams)
    read_settings(environment)
    return environment.names


def test_every_command_can_be_typed() -> None:
    """What is shown after `throughline` is a command, and its options are its own."""
    typed = re.findall(r"(?:bin/|[\s`\"])throughline ((?:[a-z]+-)?[a-z]+)\b([^\n`|]*)", BOTH + DEPLOYED)
    commands = [(name, rest) for name, rest in typed if name in cli.commands]
    assert {"serve", "migrate", "doctor", "audit", "check", "new-key"} <= {name for name, _ in commands}
    for name, rest in commands:
        known = {option for parameter in cli.commands[name].params for option in parameter.opts}
        assert set(re.findall(r"(?<!\S)--[a-z-]+", rest)) <= known, f"throughline {name}{rest}"
    planned = {"slack-manifest", "teams-package", "export-person", "erase-person"}
    words = {"throughline"} | planned | set(cli.commands)
    named = set(re.findall(r"`throughline ([a-z-]+)", BOTH))
    assert named - words == set()


def test_every_metric_is_one() -> None:
    """Alarms are made of metrics that the program has, and each metric that can be alarming is among them."""
    there = set(re.findall(r"\"(throughline_\w+)\"", document("bot/metrics.py")))
    named = set(re.findall(r"\bthroughline_\w+", BOTH))
    assert len(there) > 3
    assert named - there == set()
    assert there - set(re.findall(r"\bthroughline_\w+", OPERATIONS)) == set()


def test_every_variable_is_read() -> None:
    """What is to be set in the environment is looked up by the settings."""
    in_code = set(re.findall(r"`([A-Z][A-Z]+(?:_[A-Z]+)+|Microsoft\w+|BotOpenId\w+)(?:=[^`]*)?`", BOTH))
    deployed = set(re.findall(r"^(?:ENV |    )?([A-Z][A-Z_]+)=", DEPLOYED, re.MULTILINE))
    assert {"DATABASE_URL", "THROUGHLINE_SECRET"} <= in_code & deployed
    assert (in_code | deployed) - variables() - FOREIGN == set()


def test_links_and_paths_lead_somewhere() -> None:
    """To files, to headings, to code."""
    for name, text in (("operations", OPERATIONS), ("security", SECURITY)):
        for link, heading in re.findall(r"\]\(([^)#:]*)(?:#([^)]+))?\)", text):
            file = ROOT / "docs" / (link or f"{name}.md")
            assert file.exists(), link
            headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            slugs = {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings}
            assert not heading or heading in slugs, heading
        paths = re.findall(r"`((?:bot|adapters|tests|deploy)/[\w/.-]*)`", text)
        assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_times_are_those_of_the_code() -> None:
    """How long it takes until another worker goes on, and until a call is looked into."""
    assert f"free after {PATIENCE.lease.total_seconds():.0f} seconds" in OPERATIONS
    assert f"({PATIENCE.over.total_seconds():.0f} seconds)" in OPERATIONS
    assert f"given up after {PATIENCE.give_up.total_seconds() / 3600:.0f} hours" in OPERATIONS


def test_the_pace_is_that_of_the_adapters() -> None:
    """What a platform's row says is what its adapter keeps to."""
    per_second, per_minute = TEAMS.workspace[0], SLACK.workspace[0]
    assert (per_second.seconds, per_minute.seconds) == (1, 60)
    assert f"| Teams | {per_second.calls} a second for a tenant |" in OPERATIONS
    assert f"| Slack | {per_minute.calls} a minute for a workspace |" in OPERATIONS


def test_no_other_host_stands_in_the_code() -> None:
    """Every address in the program is of a host that the table of outbound connections names, or is never called."""
    never_called = {
        # The names of schemas
        "adaptivecards.io",
        "developer.microsoft.com",
        "www.w3.org",
        # and of what a token is for
        "api.botframework.com",
        "api.botframework.us",
        # Examples
        "bot.example.com",
        "127.0.0.1",
    }
    code = [*(ROOT / "bot").glob("**/*.py"), *(ROOT / "adapters").glob("**/*.py")]
    hosts = {
        host
        for file in code
        for host in re.findall(r"(?:https?|wss)://([a-z0-9.-]+\.[a-z0-9-]+)", file.read_text(encoding="utf-8"))
    }
    named = set(re.findall(r"^\| `([a-z0-9.*-]+)`", SECURITY, re.MULTILINE))
    assert len(hosts & named) >= 3
    assert hosts - named - never_called == set()
    assert [host for host in MICROSOFT if f"`{host}`" not in SECURITY] == []


@pytest.mark.parametrize("scope", [*SCOPES, *SCOPES_TO_HEAR_REPLIES])
def test_every_permission_is_named(scope: str) -> None:
    """Whoever grants the Slack app its permissions has read each of them here."""
    assert f"`{scope}`" in SECURITY


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_the_units_start_the_program_without_rights(unit: Any) -> None:
    """As a user of its own, from where the script installs it, and given more time to stop than it needs."""
    read = RawConfigParser(strict=False, comment_prefixes="#", interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]  # as the documentation of configparser does it
    read.read_string(unit.read_text(encoding="utf-8"))
    service = read["Service"]
    assert service["ExecStart"].startswith("/opt/throughline/bin/throughline serve")
    assert (service["User"], service["NoNewPrivileges"], service["CapabilityBoundingSet"]) == ("throughline", "yes", "")
    assert int(service["TimeoutStopSec"]) > 10


def test_the_image_installs_by_the_script_and_runs_without_root() -> None:
    """The step that was tried is the step that the image takes, and every package is compared with its hash."""
    script = ROOT / "deploy/install.sh"
    assert script.stat().st_mode & stat.S_IXUSR
    assert "--require-hashes" in script.read_text(encoding="utf-8")
    assert "RUN sh /source/deploy/install.sh /opt/throughline" in CONTAINERFILE
    user = CONTAINERFILE.rindex("\nUSER ")
    assert CONTAINERFILE.rindex("\nRUN ") < user < CONTAINERFILE.index("\nENTRYPOINT ")
    assert "/healthz" in CONTAINERFILE
