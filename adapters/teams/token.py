"""The bot's own token for calls to Teams: fetched with the app's secret, shared by all calls, renewed before it ends.

It knows nothing of what the token is used for.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import aiohttp

from adapters.teams.hosts import is_loopback

LOGIN: Final = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
# Where multi-tenant apps get theirs (Bot Framework, "Authentication with the Bot Connector API").
EVERY_TENANT: Final = "botframework.com"
SCOPE: Final = "https://api.botframework.com/.default"
SCOPE_GOVERNMENT: Final = "https://api.botframework.us/.default"

# Renewed when this much of its time is left, so that no call starts with a token that ends on its way.
RENEW_SECONDS: Final = 300.0
# A token is good for an hour; an answer that does not say is taken to mean less.
LASTS_SECONDS: Final = 600.0
FETCH_SECONDS: Final = 5.0
# After a refusal the next call may ask again: not each of a thousand waiting ones.
PAUSE_SECONDS: Final = 5.0
REFUSED_SECONDS: Final = 60.0


class NoToken(Exception):
    """No token can be had now; the text says why, `seconds` when to try again."""

    def __init__(self, reason: str, seconds: float) -> None:
        super().__init__(reason)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who the bot is. `tenant` is empty for multi-tenant apps; `address` is the token endpoint if not Microsoft's."""

    app_id: str
    password: str
    tenant: str = ""
    address: str = ""
    scope: str = SCOPE

    def __post_init__(self) -> None:
        where = urlsplit(self.endpoint)
        if where.scheme != "https" and not (where.scheme == "http" and is_loopback(where.hostname or "")):
            raise ValueError("the token endpoint must be https: the app's secret is sent there")

    def __repr__(self) -> str:
        """Without the secret: it must not reach a log."""
        return f"Credentials({self.app_id})"

    @property
    def endpoint(self) -> str:
        """Where tokens are asked for."""
        return self.address or LOGIN.format(tenant=self.tenant or EVERY_TENANT)


class Token:
    """One token for everybody who asks. To be used on one event loop."""

    def __init__(
        self, credentials: Credentials, session: Callable[[], aiohttp.ClientSession], seconds: float = FETCH_SECONDS
    ) -> None:
        """`session` gives the client session to fetch with; a fetch takes `seconds` at most."""
        self._credentials = credentials
        self._session = session
        self._seconds = seconds
        self._value = ""
        self._renew_at = 0.0
        self._ends_at = 0.0
        self._away: NoToken | None = None
        self._ask_again_at = 0.0
        self._fetching: asyncio.Task[None] | None = None

    async def get(self) -> str:
        """A token that is good for some minutes at least. Raises `NoToken`."""
        now = asyncio.get_running_loop().time()
        if self._value and now < self._renew_at:
            return self._value
        if self._away is not None and now < self._ask_again_at:
            return self._still_good(now, self._away)
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._fetch())
            self._fetching.add_done_callback(self._fetched)
        try:
            # One caller that gives up must not take the fetch away from the others.
            await asyncio.shield(self._fetching)
        except NoToken as wrong:
            return self._still_good(asyncio.get_running_loop().time(), wrong)
        return self._value

    def refuse(self, token: str) -> None:
        """This token was not accepted: the next call gets another one."""
        if token == self._value:
            self._value = ""

    def _still_good(self, now: float, wrong: NoToken) -> str:
        if self._value and now < self._ends_at:
            return self._value
        raise wrong

    def _fetched(self, task: asyncio.Task[None]) -> None:
        self._fetching = None
        wrong = None if task.cancelled() else task.exception()
        self._away = wrong if isinstance(wrong, NoToken) else None
        if self._away is not None:
            self._ask_again_at = asyncio.get_running_loop().time() + PAUSE_SECONDS

    async def _fetch(self) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._credentials.app_id,
            "client_secret": self._credentials.password,
            "scope": self._credentials.scope,
        }
        limit = aiohttp.ClientTimeout(total=self._seconds)
        try:
            async with self._session().post(
                self._credentials.endpoint, data=form, timeout=limit, allow_redirects=False
            ) as response:
                status, text = response.status, await response.text()
        except (aiohttp.ClientError, TimeoutError, UnicodeDecodeError) as wrong:
            raise NoToken(f"the token endpoint cannot be reached ({type(wrong).__name__})", PAUSE_SECONDS) from wrong
        self._take(status, text, asyncio.get_running_loop().time())

    def _take(self, status: int, text: str, now: float) -> None:
        try:
            answer = json.loads(text)
        except ValueError:
            answer = None
        answer = answer if isinstance(answer, dict) else {}
        token = answer.get("access_token")
        if status == 200 and isinstance(token, str) and token:  # noqa: PLR2004 - OK
            lasts = _seconds(answer.get("expires_in"))
            self._value = token
            self._ends_at = now + lasts
            self._renew_at = now + max(lasts - RENEW_SECONDS, lasts / 2)
            return
        if status in (400, 401):
            name = answer.get("error")
            raise NoToken(
                f"the app's id or secret is not accepted ({name if isinstance(name, str) else status});"
                " check MicrosoftAppId, MicrosoftAppPassword and MicrosoftAppTenantId",
                REFUSED_SECONDS,
            )
        raise NoToken(f"the token endpoint answered {status}", PAUSE_SECONDS)


def _seconds(lasts: object) -> float:
    try:
        return max(float(str(lasts)), 1.0)
    except ValueError:
        return LASTS_SECONDS
