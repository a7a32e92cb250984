"""How the platforms and the language model are spoken, out of the environment. Pure: it is handed the variables."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

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
    """How Teams is spoken: who the bot is and which tenants may speak. An address or host that is not named is
    Microsoft's own, which the adapter knows. Without a `tenant` it is an old registration for many.
    """

    app_id: str
    password: str
    tenant: str
    tenants: tuple[str, ...]
    metadata_url: str = ""
    token_url: str = ""
    service_hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """The optional language model: an endpoint that speaks OpenAI's protocol."""

    url: str
    key: str
    model: str


def slack(env: Mapping[str, str]) -> SlackSettings | None:
    """How Slack is spoken, None where no variable of it is set. Raises `Misconfigured`."""
    if not _configured("Slack", SLACK, env):
        return None
    return SlackSettings(
        bot_token=env.get("SLACK_BOT_TOKEN", ""),
        signing_secret=env.get("SLACK_SIGNING_SECRET", ""),
        app_token=env.get("SLACK_APP_TOKEN", ""),
        client_id=env.get("SLACK_CLIENT_ID", ""),
        client_secret=env.get("SLACK_CLIENT_SECRET", ""),
        teams=_several(env, "THROUGHLINE_SLACK_TEAMS"),
        api_url=address(env, "SLACK_API_URL", DEFAULT_SLACK_API).rstrip("/") + "/",
    )


def teams(env: Mapping[str, str]) -> TeamsSettings | None:
    """How Teams is spoken, None where no variable of it is set. Raises `Misconfigured`."""
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
    return TeamsSettings(
        app_id=env["MicrosoftAppId"],
        password=env["MicrosoftAppPassword"],
        tenant=tenant if kind == "SingleTenant" else "",
        tenants=tenants,
        metadata_url=address(env, "BotOpenIdMetadata", ""),
        token_url=address(env, "THROUGHLINE_TEAMS_TOKEN_URL", ""),
        service_hosts=_several(env, "THROUGHLINE_TEAMS_SERVICE_HOSTS"),
    )


def language_model(env: Mapping[str, str]) -> ModelSettings | None:
    """The language model, None where no variable of it is set. Raises `Misconfigured`."""
    given = [name for name in LLM if env.get(name)]
    if not given:
        return None
    if missing := [name for name in LLM if name not in given]:
        raise Misconfigured(
            f"the language model is half configured: {', '.join(missing)} is missing."
            f" Set it, or unset {', '.join(given)}"
        )
    return ModelSettings(address(env, LLM[0], "").rstrip("/"), env[LLM[1]], env[LLM[2]])


def _several(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in env.get(name, "").split(",") if part.strip())


def address(env: Mapping[str, str], name: str, default: str) -> str:
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


def is_loopback(host: str) -> bool:
    """Whether an address is reachable from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
