"""Calls to the Bot Connector, which carries what a bot says to Teams: one call, one answer, and whether it arrived.

It paces nothing and repeats nothing, except once with a new token where the old one is not accepted any more.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Final
from urllib.parse import quote

import aiohttp
from yarl import URL

from adapters.teams.hosts import MICROSOFT, may_be_called
from adapters.teams.limits import encoded
from adapters.teams.token import Credentials, Token

# Below what the delivery engine gives a call, so that it is told what happened instead of cutting it off.
CALL_SECONDS: Final = 7.0
CONNECT_SECONDS: Final = 3.0
UNAUTHORISED: Final = 401


@dataclass(frozen=True, slots=True)
class Answer:
    """What the Connector answered. `wait` is its Retry-After in seconds, None if it names none."""

    status: int
    body: Any = None
    wait: float | None = None

    @property
    def ok(self) -> bool:
        """Whether it did what it was asked."""
        return 200 <= self.status < 300  # noqa: PLR2004 - the range of HTTP

    @property
    def error(self) -> tuple[str, str]:
        """Code and message of an error, '' where there are none."""
        found = self.body.get("error") if isinstance(self.body, Mapping) else None
        if not isinstance(found, Mapping):
            return "", ""
        return str(found.get("code") or ""), str(found.get("message") or "")


class NotReached(Exception):
    """Nothing arrived there; the text says why."""


class BrokeOff(Exception):
    """Nobody can tell whether it arrived; the text says what happened."""


class NotAllowed(Exception):
    """The address is none that may be called."""


class Connector:
    """The client. To be made and used on one event loop, and closed at the end (`async with` does)."""

    def __init__(
        self, credentials: Credentials, hosts: tuple[str, ...] = MICROSOFT, seconds: float = CALL_SECONDS
    ) -> None:
        """`hosts` may be called and no others; a call takes `seconds` at most."""
        self._hosts = hosts
        self._limit = aiohttp.ClientTimeout(total=seconds, connect=min(CONNECT_SECONDS, seconds))
        self._session: aiohttp.ClientSession | None = None
        self.token = Token(credentials, self._open)

    async def __aenter__(self) -> Connector:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends all connections."""
        session, self._session = self._session, None
        if session:
            await session.close()

    async def call(
        self,
        method: str,
        service: str,
        path: tuple[str, ...],
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        """Calls `service`/v3/`path`. Raises `NotAllowed`, `NotReached`, `BrokeOff`, or `NoToken` of the token."""
        if not may_be_called(service, self._hosts):
            raise NotAllowed(service)
        parts = "/".join(quote(part, safe="") for part in ("v3", *path))
        url = URL(f"{service.rstrip('/')}/{parts}", encoded=True).update_query(query or {})
        token = await self.token.get()
        answer = await self._once(method, url, token, body)
        if answer.status == UNAUTHORISED:
            self.token.refuse(token)
            answer = await self._once(method, url, await self.token.get(), body)
        return answer

    async def _once(self, method: str, url: URL, token: str, body: Mapping[str, Any] | None) -> Answer:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        content = None if body is None else encoded(body)
        if content is not None:
            headers["Content-Type"] = "application/json; charset=utf-8"
        try:
            async with self._open().request(
                method, url, data=content, headers=headers, timeout=self._limit, allow_redirects=False
            ) as response:
                return Answer(response.status, _read(await response.read()), _wait(response.headers))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as wrong:
            raise NotReached(f"{url.host} cannot be reached ({type(wrong).__name__})") from wrong
        except (aiohttp.ClientError, OSError, TimeoutError) as wrong:
            raise BrokeOff(f"the call to {url.host} broke off ({type(wrong).__name__})") from wrong

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(loop=asyncio.get_running_loop())
        return self._session


def _read(content: bytes) -> Any:
    try:
        return json.loads(content) if content else None
    except ValueError:
        return None


def _wait(headers: Mapping[str, str]) -> float | None:
    """Retry-After in seconds. Where it names a moment, that counts from the answer's own date: clocks may differ."""
    named = headers.get("Retry-After", "")
    try:
        return max(float(named), 0.0)
    except ValueError:
        pass
    try:
        return max((parsedate_to_datetime(named) - parsedate_to_datetime(headers["Date"])).total_seconds(), 0.0)
    except (ValueError, TypeError, KeyError):
        return None
