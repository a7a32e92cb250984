"""The endpoint of a language model that speaks OpenAI's protocol: one question, one answer, two seconds.

It knows neither what is asked nor what the answer is good for, and it never raises: without a usable answer there is
none. Whatever comes back is text that nobody has to believe.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import CancelledError as Cancelled
from concurrent.futures import TimeoutError as NotInTime
from types import TracebackType
from typing import Any, Self

import aiohttp

LIMIT = 2.0
"""Seconds from asking to having the whole answer; who asks never waits longer."""
LARGEST = 64 * 1024
"""Bytes of an answer that are read; a longer one is none."""
MOST_TOKENS = 300
BELIEVABLE = 1_000_000
"""Tokens; who claims to have used more is not believed."""
PATH = "/chat/completions"
log = logging.getLogger(__name__)


class Endpoint:
    """A language model behind `url` (`https://…/v1`). Open it inside the event loop; ask it from any other thread."""

    def __init__(self, url: str, key: str, model: str, limit: float = LIMIT) -> None:
        self._url = url if url.endswith(PATH) else url.rstrip("/") + PATH
        self._key = key
        self._model = model
        self._limit = limit
        self._loop: asyncio.AbstractEventLoop | None = None
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Takes the running loop. Nothing is asked yet."""
        self._loop = asyncio.get_running_loop()
        self._session = aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {self._key}"}, timeout=aiohttp.ClientTimeout(total=self._limit)
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes the connections; from then on there are no answers."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def ask(self, messages: Sequence[Mapping[str, str]]) -> tuple[str, int] | None:
        """The text of the answer and the tokens used; None without a usable answer within the limit. Not in the loop's
        own thread."""
        loop = self._loop
        if loop is None or self._session is None or loop.is_closed():
            return None
        asked = asyncio.run_coroutine_threadsafe(self._asked(messages), loop)
        try:
            return asked.result(self._limit)
        except (NotInTime, Cancelled):
            asked.cancel()
            log.warning("the language model did not answer within %s seconds", self._limit)
            return None

    async def _asked(self, messages: Sequence[Mapping[str, str]]) -> tuple[str, int] | None:
        session = self._session
        if session is None:
            return None
        body = {"model": self._model, "messages": list(messages), "temperature": 0, "max_tokens": MOST_TOKENS}
        try:
            # A redirection would carry the passages elsewhere.
            async with session.post(self._url, json=body, allow_redirects=False) as response:
                content = await _at_most(response, LARGEST)
                if response.status != 200 or content is None:  # noqa: PLR2004 - HTTP's own number
                    log.warning("the language model answered with status %d or too much", response.status)
                    return None
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as wrong:
            # Not the text of the error: it may hold the address with a key in it.
            log.warning("the language model cannot be reached: %s", type(wrong).__name__)
            return None
        return _told(content)


async def _at_most(response: aiohttp.ClientResponse, largest: int) -> bytes | None:
    """The content, None if there is more of it."""
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > largest:
            return None
    return bytes(content)


def _told(content: bytes) -> tuple[str, int] | None:
    """Text and tokens of an answer in OpenAI's form, None if it has another."""
    try:
        answer: Any = json.loads(content)
        text = answer["choices"][0]["message"]["content"]
        tokens = (answer.get("usage") or {}).get("total_tokens", 0)
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        log.warning("the language model answered in another form than OpenAI's")
        return None
    if not isinstance(text, str):
        return None
    counted = isinstance(tokens, int) and not isinstance(tokens, bool) and 0 <= tokens <= BELIEVABLE
    return text, tokens if counted else 0
