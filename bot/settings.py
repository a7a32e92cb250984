"""Settings: every environment variable, read and checked once, as the contract names them.

Nothing else reads the environment. A platform whose variables are absent is off; half-set is an error that names
what is missing.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

EMBEDDED = "sqlite:///var/throughline.db"
DEFAULT_PORT = 3978
PLAYBOOKS = "playbooks"
SECRET_FILE = "secret"  # noqa: S105 - the name of a file
SHORTEST_SECRET = 16
LARGEST_PORT = 65535
SERVERS = ("postgres://", "postgresql://", "postgresql+psycopg://")

Way = tuple[str, ...]
SLACK: tuple[Way, ...] = (
    ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"),
    ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"),
    ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET", "THROUGHLINE_SLACK_TEAMS"),
)
TEAMS: Mapping[str, Way] = {
    "SingleTenant": ("MicrosoftAppId", "MicrosoftAppPassword", "MicrosoftAppTenantId"),
    "MultiTenant": ("MicrosoftAppId", "MicrosoftAppPassword"),
}


DEFAULT_SLACK_API = "https://slack.com/api/"
# Where Microsoft's Teams service has bots send to; *. stands for one or more names before it.
TEAMS_HOSTS = (
    "smba.trafficmanager.net",
    "smba.infra.gcc.teams.microsoft.com",
    "smba.infra.gov.teams.microsoft.us",
    "*.botframework.com",
)
TEAMS_TOKEN_URL = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"  # noqa: S105 - an address
TEAMS_METADATA = "https://login.botframework.com/v1/.well-known/openidconfiguration"
# A bot of the old kind gets its tokens in Microsoft's own tenant for bots.
BOT_TENANT = "botframework.com"
LLM = ("THROUGHLINE_LLM_URL", "THROUGHLINE_LLM_KEY", "THROUGHLINE_LLM_MODEL")


class Misconfigured(Exception):
    """The environment does not fit together; the text says which variable and what to do."""


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """How Slack is spoken: one workspace by `bot_token` over HTTP (`signing_secret`) or Socket Mode (`app_token`),
    or an OAuth app (`client_id`) for the workspaces and organisations in `teams`.
    """

    bot_token: str = ""
    signing_secret: str = ""
    app_token: str = ""
    client_id: str = ""
    client_secret: str = ""
    teams: tuple[str, ...] = ()
    api_url: str = DEFAULT_SLACK_API


@dataclass(frozen=True, slots=True)
class TeamsSettings:
    """How Teams is spoken: who the bot is, which tenants may speak, and the addresses it trusts."""

    app_id: str
    password: str
    tenant: str
    tenants: tuple[str, ...]
    metadata_url: str = TEAMS_METADATA
    token_url: str = ""
    service_hosts: tuple[str, ...] = TEAMS_HOSTS


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """The optional language model: an endpoint that speaks OpenAI's protocol."""

    url: str
    key: str
    model: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What one process was told by its environment. `secrets`: the first seals, all open."""

    database_url: str = EMBEDDED
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    playbooks: Path = Path(PLAYBOOKS)
    public_url: str = ""
    secrets: tuple[str, ...] = ()
    local: bool = False
    slack: SlackSettings | None = None
    teams: TeamsSettings | None = None
    language_model: ModelSettings | None = None

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms that are configured, by their names."""
        return (*(("Slack",) if self.slack else ()), *(("Teams",) if self.teams else ()))

    @property
    def embedded(self) -> bool:
        """Whether the database is a file of this machine."""
        return self.database_url.startswith("sqlite")


def quiet_native_threads() -> None:
    """Native code is not to spin while it waits. It counts from the first load of the sentence encoder on."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def is_loopback(host: str) -> bool:
    """Whether an address is reachable from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def read_settings(
    environment: Mapping[str, str] | None = None,
    *,
    host: str | None = None,
    port: int | None = None,
    playbooks: Path | None = None,
) -> Settings:
    """The settings out of the environment, with what the command line says over it. Raises `Misconfigured`."""
    env = os.environ if environment is None else environment
    database = _database(env.get("DATABASE_URL") or EMBEDDED)
    address = host or env.get("HOST") or "127.0.0.1"
    slack, teams = _slack(env), _teams(env)
    return Settings(
        database_url=database,
        host=address,
        port=port if port is not None else _port(env.get("PORT") or str(DEFAULT_PORT)),
        playbooks=playbooks or playbooks_folder(env),
        public_url=_address(env, "THROUGHLINE_PUBLIC_URL", "").rstrip("/"),
        secrets=_secrets(env, database),
        local=_local(env, address, bool(slack or teams)),
        slack=slack,
        teams=teams,
        language_model=_language_model(env),
    )


def playbooks_folder(environment: Mapping[str, str] | None = None) -> Path:
    """The playbooks folder alone: for what needs no database, and so must neither ask for a secret nor make one."""
    env = os.environ if environment is None else environment
    return Path(env.get("THROUGHLINE_PLAYBOOKS") or PLAYBOOKS)


def _database(url: str) -> str:
    # The address itself is not repeated: it may hold a password.
    if url.startswith(SERVERS) or (_file(url) and ":memory:" not in url):
        return url
    raise Misconfigured(
        "DATABASE_URL names no database that Throughline can use;"
        " write sqlite:///var/throughline.db or postgresql://user:password@host/name"
    )


def _file(url: str) -> str:
    """The path in the address of an SQLite file, '' if it has none."""
    return url.removeprefix("sqlite:///").split("?")[0] if url.startswith("sqlite:///") else ""


def _port(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST_PORT)) and int(text) <= LARGEST_PORT:
        return int(text)
    raise Misconfigured(f"PORT is {text!r}; it must be a number from 0 to {LARGEST_PORT}")


def _slack(env: Mapping[str, str]) -> SlackSettings | None:
    if not _configured("Slack", SLACK, env):
        return None
    return SlackSettings(
        bot_token=env.get("SLACK_BOT_TOKEN", ""),
        signing_secret=env.get("SLACK_SIGNING_SECRET", ""),
        app_token=env.get("SLACK_APP_TOKEN", ""),
        client_id=env.get("SLACK_CLIENT_ID", ""),
        client_secret=env.get("SLACK_CLIENT_SECRET", ""),
        teams=_several(env, "THROUGHLINE_SLACK_TEAMS"),
        api_url=_address(env, "SLACK_API_URL", DEFAULT_SLACK_API).rstrip("/") + "/",
    )


def _teams(env: Mapping[str, str]) -> TeamsSettings | None:
    kind = env.get("MicrosoftAppType") or "SingleTenant"
    if kind not in TEAMS:
        raise Misconfigured(f"MicrosoftAppType is {kind!r}; it must be {' or '.join(TEAMS)}")
    if not _configured("Teams", (TEAMS[kind],), env):
        return None
    tenant = env.get("MicrosoftAppTenantId", "")
    tenants = _several(env, "THROUGHLINE_TEAMS_TENANTS") or ((tenant,) if tenant else ())
    if not tenants:
        raise Misconfigured(
            "Teams is half configured: THROUGHLINE_TEAMS_TENANTS is missing."
            " With MicrosoftAppType=MultiTenant, name the tenants that may speak"
        )
    token_url = TEAMS_TOKEN_URL.format(tenant=tenant if kind == "SingleTenant" else BOT_TENANT)
    return TeamsSettings(
        app_id=env["MicrosoftAppId"],
        password=env["MicrosoftAppPassword"],
        tenant=tenant,
        tenants=tenants,
        metadata_url=_address(env, "BotOpenIdMetadata", TEAMS_METADATA),
        token_url=_address(env, "THROUGHLINE_TEAMS_TOKEN_URL", token_url),
        service_hosts=_several(env, "THROUGHLINE_TEAMS_SERVICE_HOSTS") or TEAMS_HOSTS,
    )


def _language_model(env: Mapping[str, str]) -> ModelSettings | None:
    given = [name for name in LLM if env.get(name)]
    if not given:
        return None
    if missing := [name for name in LLM if name not in given]:
        raise Misconfigured(
            f"the language model is half configured: {', '.join(missing)} is missing."
            f" Set it, or unset {', '.join(given)}"
        )
    return ModelSettings(_address(env, LLM[0], "").rstrip("/"), env[LLM[1]], env[LLM[2]])


def _several(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in env.get(name, "").split(",") if part.strip())


def _address(env: Mapping[str, str], name: str, default: str) -> str:
    """An address that may carry secrets: https, or plain http that does not leave this machine."""
    text = (env.get(name) or default).strip()
    parts = urlsplit(text)
    if not text or (parts.scheme == "https" and parts.hostname):
        return text
    if parts.scheme == "http" and parts.hostname and is_loopback(parts.hostname):
        return text
    raise Misconfigured(f"{name} must be an address that begins with https:// (http:// only for this machine itself)")


def _configured(name: str, ways: tuple[Way, ...], env: Mapping[str, str]) -> bool:
    """Whether one of the ways to configure this platform is complete. Raises `Misconfigured` where one is half-set."""
    named = {variable for way in ways for variable in way if env.get(variable)}
    complete = {variable for way in ways if named.issuperset(way) for variable in way}
    # A list of workspaces narrows who may come in; by itself it opens no way.
    half = named - complete - ({"THROUGHLINE_SLACK_TEAMS"} if complete else set())
    if not half:
        return bool(complete)
    begun = [way for way in ways if half & set(way)]
    closest = min(begun, key=lambda way: (len(set(way) - named), -len(set(way) & named)))
    missing = ", ".join(v for v in closest if v not in named)
    raise Misconfigured(f"{name} is half configured: {missing} is missing. Set it, or unset {', '.join(sorted(half))}")


def _local(env: Mapping[str, str], host: str, elsewhere: bool) -> bool:
    wish = env.get("THROUGHLINE_LOCAL", "")
    if wish not in ("", "0", "1"):
        raise Misconfigured(f"THROUGHLINE_LOCAL is {wish!r}; it must be 0 or 1")
    if wish == "1" and not is_loopback(host):
        raise Misconfigured(
            f"THROUGHLINE_LOCAL=1 lets anybody who reaches {host} speak as any sample person;"
            " listen on 127.0.0.1, or unset it"
        )
    return wish == "1" or (wish == "" and not elsewhere and is_loopback(host))


def _secrets(env: Mapping[str, str], database: str) -> tuple[str, ...]:
    given = tuple(part.strip() for part in env.get("THROUGHLINE_SECRET", "").split(",") if part.strip())
    if given:
        return given
    if not _file(database):
        raise Misconfigured(
            "THROUGHLINE_SECRET is missing: with PostgreSQL it must be set, the same for every process."
            " Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return (_kept_secret(Path(_file(database)).parent / SECRET_FILE),)


def _kept_secret(file: Path) -> str:
    """The secret in this file, made on first use so that only this user can read it. Two processes get the same."""
    if file.exists():
        return _read_secret(file)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # Written aside and then linked: whoever comes second finds a whole secret, never half of one.
        with tempfile.NamedTemporaryFile("w", dir=file.parent, prefix=f"{SECRET_FILE}.") as draft:
            draft.write(secrets.token_urlsafe(48))
            draft.flush()
            os.fsync(draft.fileno())
            with suppress(FileExistsError):
                os.link(draft.name, file)
    except OSError as wrong:
        raise Misconfigured(f"the secret cannot be kept in {file}: {wrong.strerror}. Set THROUGHLINE_SECRET") from wrong
    return _read_secret(file)


def _read_secret(file: Path) -> str:
    try:
        kept = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as wrong:
        raise Misconfigured(f"the secret in {file} cannot be read. Set THROUGHLINE_SECRET") from wrong
    if len(kept) < SHORTEST_SECRET:
        raise Misconfigured(f"the secret in {file} is damaged. Restore it from a backup, or set THROUGHLINE_SECRET")
    return kept
