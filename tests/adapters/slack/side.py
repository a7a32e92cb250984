"""Slack's other half for tests: it signs and sends what people do, over HTTP or a socket, and times the answers."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from time import time
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import aiohttp
from slack_sdk.signature import SignatureVerifier

from tests.adapters.slack.fake import FakeSlack

SECRET = "a signing secret"
FORM = "application/x-www-form-urlencoded"
SOCKET_SECONDS = 5.0


@dataclass(frozen=True)
class Acked:
    """How something was acknowledged. `status` 0: not at all, over a socket."""

    status: int
    body: Any
    seconds: float


class Side:
    """`address` is where the app listens over HTTP; without it the sockets of the fake are used."""

    def __init__(self, fake: FakeSlack, address: str = "") -> None:
        self.fake = fake
        self.address = address
        self.session = aiohttp.ClientSession()

    async def event(self, payload: dict[str, Any], retries: int = 0) -> Acked:
        """An event; sent again as often where it is not acknowledged, as Slack does."""
        acked = await self._send("events_api", payload, {})
        for number in range(1, retries + 1):
            if acked.status == 200:
                break
            headers = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_error"}
            acked = await self._send("events_api", payload, headers)
        return acked

    async def interact(self, payload: dict[str, Any]) -> Acked:
        """A press, a shortcut, or a form that was handed in."""
        return await self._send("interactive", payload, {})

    async def command(self, payload: dict[str, Any]) -> Acked:
        """A slash command."""
        return await self._send("slash_commands", payload, {})

    async def _send(self, kind: str, payload: dict[str, Any], headers: dict[str, str]) -> Acked:
        if not self.address:
            return await self._over_socket(kind, payload)
        if kind == "events_api":
            return await self.post(json.dumps(payload), "application/json", headers)
        fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
        return await self.post(urlencode(fields), FORM, headers)

    async def post(self, body: str, kind: str, headers: dict[str, str], at: float | None = None) -> Acked:
        """A signed request; `at` is when it was signed. Headers given here stand over those of the signature."""
        stamp = str(int(time() if at is None else at))
        signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body) or ""
        signed = {"Content-Type": kind, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}
        clock = asyncio.get_running_loop().time
        began = clock()
        async with self.session.post(self.address, data=body.encode(), headers={**signed, **headers}) as response:
            text = await response.text()
            return Acked(response.status, _read(text), clock() - began)

    async def _over_socket(self, kind: str, payload: dict[str, Any]) -> Acked:
        envelope = uuid4().hex
        loop = asyncio.get_running_loop()
        acknowledged = self.fake.acks[envelope] = loop.create_future()
        sent = {"envelope_id": envelope, "type": kind, "payload": payload, "accepts_response_payload": True}
        began = loop.time()
        await self.fake.sockets[-1].send_json(sent)
        try:
            body = await asyncio.wait_for(acknowledged, SOCKET_SECONDS)
        except TimeoutError:
            return Acked(0, "", loop.time() - began)
        return Acked(200, body or "", loop.time() - began)

    async def close(self) -> None:
        """Closes its connections."""
        await self.session.close()


def _read(text: str) -> Any:
    return json.loads(text) if text.startswith("{") else text
