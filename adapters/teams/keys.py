"""The published keys that tokens of Teams are signed with, fetched without holding up the loop, and again at once when
one is unknown. It checks no token.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
from jwt.algorithms import RSAAlgorithm

METADATA: Final = "https://login.botframework.com/v1/.well-known/openidconfiguration"
FETCH_SECONDS: Final = 5.0
KEPT_SECONDS: Final = 24 * 3600.0
# An unknown key is looked for at once, but anybody can name one: at most so often within so many seconds.
LOOKS: Final = 3
LOOKS_WITHIN_SECONDS: Final = 60.0
LARGEST: Final = 1_000_000

log = logging.getLogger(__name__)


class KeysAway(Exception):
    """The keys cannot be had now; the text says why."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key, and the channels that it speaks for."""

    public_key: Any
    endorsements: list[str]


class Keys:
    """The keys behind one address of OpenID metadata. To be used on one event loop."""

    def __init__(self, address: str, seconds: float = FETCH_SECONDS) -> None:
        """A fetch takes `seconds` at most."""
        self._address = address
        self._seconds = seconds
        self._keys: Mapping[str, Key] = {}
        self._fetched_at: float | None = None
        self._looks: list[float] = []
        self._looking: asyncio.Task[None] | None = None

    async def get(self, id: str | None) -> Key:
        """The key of this id. Raises `KeysAway`, or `PermissionError` where there is none."""
        if not isinstance(id, str) or not id:
            raise PermissionError("the token names no key")
        if id in self._keys:
            if self._is_old():
                # A key that was good yesterday is good while it is looked up, and nobody waits for that.
                self._look()
            return self._keys[id]
        looking = self._look()
        if looking is None and self._fetched_at is None:
            raise KeysAway("they could not be had a moment ago")
        if looking is not None:
            await asyncio.shield(looking)
        if id not in self._keys:
            raise PermissionError("the token is signed with an unknown key")
        return self._keys[id]

    async def close(self) -> None:
        """Ends what is under way."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    def _is_old(self) -> bool:
        return self._fetched_at is None or asyncio.get_running_loop().time() - self._fetched_at > KEPT_SECONDS

    def _look(self) -> asyncio.Task[None] | None:
        """The look that is under way, or a new one; None if there were too many a moment ago."""
        if self._looking is not None:
            return self._looking
        now = asyncio.get_running_loop().time()
        self._looks = [at for at in self._looks if now - at < LOOKS_WITHIN_SECONDS]
        if len(self._looks) >= LOOKS:
            return None
        self._looks.append(now)
        self._looking = asyncio.create_task(self._renew())
        self._looking.add_done_callback(self._looked)
        return self._looking

    def _looked(self, task: asyncio.Task[None]) -> None:
        self._looking = None
        if not task.cancelled() and (wrong := task.exception()):
            log.warning("the keys of Teams' tokens cannot be had: %s", wrong)

    async def _renew(self) -> None:
        try:
            async with asyncio.timeout(self._seconds), aiohttp.ClientSession() as session:
                described = await _json(session, self._address)
                self._keys = _read((await _json(session, described["jwks_uri"]))["keys"])
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, LookupError, TypeError) as wrong:
            raise KeysAway(f"{type(wrong).__name__} from {self._address}") from wrong
        self._fetched_at = asyncio.get_running_loop().time()


async def _json(session: aiohttp.ClientSession, address: str) -> Any:
    async with session.get(address, allow_redirects=False) as response:
        response.raise_for_status()
        return json.loads(await response.content.read(LARGEST))


def _read(published: list[dict[str, Any]]) -> dict[str, Key]:
    """The keys by id. Where keys are endorsed, one without endorsements speaks for nobody."""
    found = {
        str(key["kid"]): Key(RSAAlgorithm.from_jwk(key), list(key.get("endorsements") or ()))
        for key in published
        if key.get("kty") == "RSA" and key.get("kid")
    }
    endorsed = any(key.endorsements for key in found.values())
    return {id: key for id, key in found.items() if key.endorsements or not endorsed}
