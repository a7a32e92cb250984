"""Settings: every variable that the contract names, by what one process makes of it."""

from __future__ import annotations

import re
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.configured import Misconfigured
from bot.settings import Settings, read_settings
from tests.commands.deployment import ROOT, clean_environment

SERVER = "postgresql://bot:geheim@db/throughline"
SECRET = "x" * 40
Read = Callable[..., Settings]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Settings out of these variables, with a database file of this test's own."""
    return lambda **env: read_settings({"DATABASE_URL": f"sqlite:///{tmp_path}/t.db", **env})


def test_without_any_variable_everything_has_its_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = read_settings({})
    assert settings.database_url == "sqlite:///var/throughline.db"
    assert (settings.host, settings.port) == ("127.0.0.1", 3978)
    assert settings.playbooks == Path("playbooks")
    assert settings.platforms == ()
    assert settings.local
    assert settings.embedded


def test_variables_are_taken_over_and_the_command_line_goes_before_them(read: Read, tmp_path: Path) -> None:
    env = {"HOST": "0.0.0.0", "PORT": "81", "THROUGHLINE_PLAYBOOKS": "there"}  # noqa: S104 - only read
    settings = read(**env)
    assert (settings.host, settings.port, settings.playbooks) == ("0.0.0.0", 81, Path("there"))  # noqa: S104 - as above
    env["DATABASE_URL"] = f"sqlite:///{tmp_path}/t.db"
    spoken = read_settings(env, host="::1", port=0, playbooks=Path("here"))
    assert (spoken.host, spoken.port, spoken.playbooks) == ("::1", 0, Path("here"))


def test_the_public_address_is_kept_without_its_last_slash(read: Read) -> None:
    assert read(THROUGHLINE_PUBLIC_URL="https://bot.example.com/").public_url == "https://bot.example.com"


def test_empty_variables_are_as_good_as_unset(read: Read) -> None:
    settings = read(HOST="", PORT="", THROUGHLINE_LOCAL="", THROUGHLINE_SECRET="", SLACK_BOT_TOKEN="")
    assert (settings.host, settings.port, settings.local, settings.platforms) == ("127.0.0.1", 3978, True, ())


@pytest.mark.parametrize("port", ["http", "65536", "-1", "3978 ", "²", "٣", "1e3", "0x10", "9" * 5000])
def test_a_port_that_is_none_is_refused(read: Read, port: str) -> None:
    with pytest.raises(Misconfigured, match=r"PORT is .* from 0 to 65535"):
        read(PORT=port)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_both_names_of_postgresql_are_taken(scheme: str) -> None:
    settings = read_settings({"DATABASE_URL": f"{scheme}://u:p@h/d", "THROUGHLINE_SECRET": SECRET})
    assert not settings.embedded


@pytest.mark.parametrize("url", ["db", "sqlite://", "sqlite:///", "sqlite:///:memory:", "mysql://u:geheim@h/d", "://"])
def test_an_address_of_no_usable_database_is_refused_without_repeating_it(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Misconfigured, match="DATABASE_URL") as refused:
        read_settings({"DATABASE_URL": url})
    assert "geheim" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


SLACK_HTTP = {"SLACK_BOT_TOKEN": "b", "SLACK_SIGNING_SECRET": "s"}
SLACK_OAUTH = {
    "SLACK_CLIENT_ID": "i",
    "SLACK_CLIENT_SECRET": "c",
    "SLACK_SIGNING_SECRET": "s",
    "THROUGHLINE_SLACK_TEAMS": "T1",
}
TEAMS = {"MicrosoftAppId": "i", "MicrosoftAppPassword": "p", "MicrosoftAppTenantId": "t"}
OLD_TEAMS = {"MicrosoftAppType": "MultiTenant", "THROUGHLINE_TEAMS_TENANTS": "t1, t2"}
MODEL = {"THROUGHLINE_LLM_URL": "https://llm.example.com/v1", "THROUGHLINE_LLM_KEY": "k", "THROUGHLINE_LLM_MODEL": "m"}


@pytest.mark.parametrize(
    ("env", "platforms"),
    [
        (SLACK_HTTP, ("Slack",)),
        ({"SLACK_BOT_TOKEN": "b", "SLACK_APP_TOKEN": "a"}, ("Slack",)),
        ({**SLACK_HTTP, "SLACK_APP_TOKEN": "a"}, ("Slack",)),
        (SLACK_OAUTH, ("Slack",)),
        ({**SLACK_HTTP, **SLACK_OAUTH}, ("Slack",)),
        ({**SLACK_HTTP, "THROUGHLINE_SLACK_TEAMS": "T1"}, ("Slack",)),
        (TEAMS, ("Teams",)),
        ({**TEAMS, "MicrosoftAppTenantId": "", **OLD_TEAMS}, ("Teams",)),
        ({**SLACK_HTTP, **TEAMS, "MicrosoftAppType": "SingleTenant"}, ("Slack", "Teams")),
    ],
)
def test_a_platform_whose_variables_are_all_there_is_on(
    read: Read, env: dict[str, str], platforms: tuple[str, ...]
) -> None:
    settings = read(**env)
    assert settings.platforms == platforms
    assert not settings.local


@pytest.mark.parametrize(
    ("env", "missing"),
    [
        ({"SLACK_BOT_TOKEN": "b"}, "SLACK_SIGNING_SECRET"),
        ({"SLACK_APP_TOKEN": "a"}, "SLACK_BOT_TOKEN"),
        ({k: v for k, v in SLACK_OAUTH.items() if k != "THROUGHLINE_SLACK_TEAMS"}, "THROUGHLINE_SLACK_TEAMS"),
        ({k: v for k, v in SLACK_OAUTH.items() if k != "SLACK_CLIENT_SECRET"}, "SLACK_CLIENT_SECRET"),
        ({**SLACK_HTTP, "SLACK_CLIENT_ID": "i"}, "SLACK_CLIENT_SECRET, THROUGHLINE_SLACK_TEAMS"),
        ({"MicrosoftAppId": "i", "MicrosoftAppPassword": "p"}, "MicrosoftAppTenantId"),
        ({"MicrosoftAppId": "i", "MicrosoftAppTenantId": "t"}, "MicrosoftAppPassword"),
        ({"MicrosoftAppPassword": "p", "MicrosoftAppTenantId": "t"}, "MicrosoftAppId"),
        ({**TEAMS, "MicrosoftAppType": "MultiTenant", "MicrosoftAppTenantId": ""}, "THROUGHLINE_TEAMS_TENANTS"),
        ({k: v for k, v in MODEL.items() if k != "THROUGHLINE_LLM_KEY"}, "THROUGHLINE_LLM_KEY"),
    ],
)
def test_a_half_set_platform_is_refused_and_what_is_missing_is_named(
    read: Read, env: dict[str, str], missing: str
) -> None:
    with pytest.raises(Misconfigured, match=re.escape(f"half configured: {missing} is missing")):
        read(**env)


def test_an_unknown_kind_of_teams_app_is_refused(read: Read) -> None:
    with pytest.raises(Misconfigured, match="MicrosoftAppType is 'Sole'; it must be SingleTenant or MultiTenant"):
        read(**TEAMS, MicrosoftAppType="Sole")


@pytest.mark.parametrize(
    ("env", "local"),
    [
        ({}, True),
        ({"HOST": "localhost"}, True),
        ({"HOST": "::1"}, True),
        ({"HOST": "127.0.0.2"}, True),
        ({"HOST": "0.0.0.0"}, False),  # noqa: S104 - only read
        ({"HOST": "bot.example.com"}, False),
        ({"THROUGHLINE_LOCAL": "0"}, False),
        (SLACK_HTTP, False),
        ({**SLACK_HTTP, "THROUGHLINE_LOCAL": "1"}, True),
    ],
)
def test_local_mode_is_on_by_itself_only_on_loopback_without_a_platform(
    read: Read, env: dict[str, str], local: bool
) -> None:
    assert read(**env).local is local


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "bot.example.com"])  # noqa: S104 - only read
def test_local_mode_is_refused_where_others_can_reach_it(read: Read, host: str) -> None:
    with pytest.raises(Misconfigured, match="THROUGHLINE_LOCAL=1"):
        read(HOST=host, THROUGHLINE_LOCAL="1")


def test_local_mode_is_0_or_1(read: Read) -> None:
    with pytest.raises(Misconfigured, match="THROUGHLINE_LOCAL is 'yes'"):
        read(THROUGHLINE_LOCAL="yes")


def test_of_several_keys_the_first_stands_first(read: Read) -> None:
    assert read(THROUGHLINE_SECRET=" new , old,,").secrets == ("new", "old")


def test_with_postgresql_a_secret_is_required_and_the_password_stays_out_of_the_message() -> None:
    with pytest.raises(Misconfigured, match="THROUGHLINE_SECRET is missing") as refused:
        read_settings({"DATABASE_URL": SERVER})
    assert "geheim" not in str(refused.value)
    assert read_settings({"DATABASE_URL": SERVER, "THROUGHLINE_SECRET": SECRET}).secrets == (SECRET,)


def test_with_sqlite_a_secret_is_made_beside_the_database_for_this_user_alone(tmp_path: Path) -> None:
    env = {"DATABASE_URL": f"sqlite:///{tmp_path}/new/folder/t.db?timeout=3"}
    made = read_settings(env).secrets
    file = tmp_path / "new" / "folder" / "secret"
    assert made == (file.read_text(),)
    assert len(made[0]) >= 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [p.name for p in file.parent.iterdir()] == ["secret"]
    assert read_settings(env).secrets == made


def test_two_deployments_have_two_secrets(tmp_path: Path) -> None:
    first, second = (read_settings({"DATABASE_URL": f"sqlite:///{tmp_path}/{n}/t.db"}).secrets for n in "ab")
    assert first != second


def test_processes_that_start_at_once_get_the_same_secret(tmp_path: Path) -> None:
    code = "from bot.settings import read_settings; input(); print(*read_settings().secrets)"
    env = {**clean_environment(), "PYTHONPATH": str(ROOT), "DATABASE_URL": f"sqlite:///{tmp_path}/var/t.db"}
    pipe = subprocess.PIPE
    started = [
        subprocess.Popen([sys.executable, "-c", code], env=env, stdin=pipe, stdout=pipe, text=True) for _ in range(6)
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    said = {process.communicate()[0] for process in started}
    assert len(said) == 1
    assert len(said.pop().strip()) >= 32


@pytest.mark.parametrize("content", [b"", b"short\n", b"\xff" * 40])
def test_a_damaged_secret_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secret").write_bytes(content)
    with pytest.raises(Misconfigured, match=r"the secret in .*secret (is damaged|cannot be read).*THROUGHLINE_SECRET"):
        read_settings({"DATABASE_URL": f"sqlite:///{tmp_path}/t.db"})
    assert (tmp_path / "secret").read_bytes() == content


def test_where_no_secret_can_be_kept_the_message_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Misconfigured, match=r"cannot be kept in .* Set THROUGHLINE_SECRET"):
        read_settings({"DATABASE_URL": f"sqlite:///{tmp_path}/file/t.db"})


def test_how_the_platforms_are_spoken(read: Read) -> None:
    """Tokens, tenants and addresses as they were given."""
    settings = read(**SLACK_HTTP, **TEAMS)
    assert settings.slack is not None
    assert settings.teams is not None
    assert (settings.slack.bot_token, settings.slack.api_url) == ("b", "https://slack.com/api/")
    assert settings.teams.tenants == ("t",)
    assert (settings.teams.tenant, settings.teams.token_url, settings.teams.service_hosts) == ("t", "", ())

    old = read(**{**TEAMS, "MicrosoftAppTenantId": "", **OLD_TEAMS}).teams
    assert old is not None
    assert (old.tenant, old.tenants) == ("", ("t1", "t2"))


@pytest.mark.parametrize("name", ["SLACK_API_URL", "THROUGHLINE_TEAMS_TOKEN_URL", "BotOpenIdMetadata"])
@pytest.mark.parametrize("address", ["http://example.com/api/", "ftp://127.0.0.1/", "slack.com", "https://"])
def test_an_address_that_would_carry_secrets_in_the_open_is_refused(read: Read, name: str, address: str) -> None:
    """Plain http is for this machine alone."""
    with pytest.raises(Misconfigured, match=name):
        read(**SLACK_HTTP, **TEAMS, **{name: address})
    assert read(**SLACK_HTTP, **TEAMS, **{name: "http://127.0.0.1:9/api/"}).slack


def test_the_language_model_is_off_unless_all_is_set(read: Read) -> None:
    """Three variables, or none."""
    assert read().language_model is None
    model = read(**MODEL).language_model
    assert model is not None
    assert (model.url, model.model) == ("https://llm.example.com/v1", "m")
