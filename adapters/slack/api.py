"""Slack's Web API, by Slack's own client. It decides nothing, waits for no rate limit and makes no call twice."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.calls import NO_ANSWER, UNREACHABLE, UNREADABLE, Answer

API = "https://slack.com/api/"
# docs: methods that only read take their arguments as a form, not as JSON; those of files as Slack's own client does.
FORM = frozenset(
    {
        "auth.test",
        "conversations.history",
        "conversations.info",
        "files.completeUploadExternal",
        "files.getUploadURLExternal",
        "users.info",
    }
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the environment says of Slack; '' for what it does not name. `teams` may be served, empty for all."""

    bot_token: str = ""
    signing_secret: str = ""
    app_token: str = ""
    client_id: str = ""
    client_secret: str = ""
    teams: frozenset[str] = frozenset()
    api_url: str = API
    public_url: str = ""


class Api:
    """Single calls: `seconds` is the limit of one, `connecting` that of reaching Slack. Made in a running loop."""

    def __init__(self, credentials: Credentials, seconds: float, connecting: float) -> None:
        self._credentials = credentials
        timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=connecting)
        self._session = aiohttp.ClientSession(timeout=timeout, trust_env=True)
        self.client = AsyncWebClient(
            base_url=credentials.api_url, session=self._session, retry_handlers=[], logger=sdk_logger()
        )

    async def call(self, token: str, method: str, arguments: Mapping[str, Any]) -> Answer:
        """One call of this method with this token."""
        given = {**arguments, "token": token}
        if method in FORM:
            flat = {k: json.dumps(v) if isinstance(v, list) else v for k, v in given.items()}
            return await _answer(self.client.api_call(method, params=flat))
        return await _answer(self.client.api_call(method, json=given))

    async def renew(self, refresh: str) -> Answer:
        """A new token for the one that expires."""
        own = self._credentials
        exchange = self.client.oauth_v2_access(
            client_id=own.client_id, client_secret=own.client_secret, grant_type="refresh_token", refresh_token=refresh
        )
        return await _answer(exchange)

    async def respond(self, address: str, message: Mapping[str, Any]) -> Answer:
        """One message to a response_url."""
        return await self._posted(address, json=dict(message))

    async def upload(self, address: str, content: bytes) -> Answer:
        """One file to an upload_url, which holds its own permission."""
        return await self._posted(address, data=content)

    async def _posted(self, address: str, **body: Any) -> Answer:
        try:
            async with self._session.post(address, **body) as response:
                error = "" if response.ok else "an error page"
                return Answer(error=error, status=response.status, wait=_wait(response.headers))
        except (aiohttp.ClientError, TimeoutError, OSError):
            return Answer(error=NO_ANSWER)

    async def close(self) -> None:
        """Closes all connections."""
        await self._session.close()


async def _answer(asking: Awaitable[AsyncSlackResponse]) -> Answer:
    try:
        response: Any = await asking
    except SlackApiError as refused:
        response = refused.response
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        return Answer(error=UNREACHABLE)
    except (aiohttp.ClientError, TimeoutError, OSError):
        return Answer(error=NO_ANSWER)
    except (AttributeError, ValueError):
        # The client stumbles over an answer of 200 that is not JSON.
        return Answer(error=UNREADABLE)
    # Where the answer could not be read as JSON, the client gives the response as it came.
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
    told = getattr(response, "data", None)
    body: Mapping[str, Any] = told if isinstance(told, Mapping) else {}
    unnamed = UNREADABLE if status == HTTPStatus.OK else "an error page"
    scopes = response.headers.get("X-OAuth-Scopes", "")
    return Answer(
        body=body,
        error="" if body.get("ok") else str(body.get("error") or unnamed),
        wait=_wait(response.headers),
        status=status,
        granted=frozenset(scope.strip() for scope in scopes.split(",")) - {""},
    )


def _wait(headers: Mapping[str, str]) -> float:
    seconds = headers.get("Retry-After", "")
    return float(seconds) if seconds.isdecimal() else 0.0


def sdk_logger() -> logging.Logger:
    """The logger of Slack's libraries: only errors, and no traces, in which stands what people wrote."""
    found = logging.getLogger("adapters.slack.sdk")
    found.setLevel(logging.ERROR)
    if not found.filters:
        found.addFilter(_without_trace)
    return found


def _without_trace(record: logging.LogRecord) -> bool:
    record.exc_info = None
    return True
