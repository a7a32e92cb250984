"""Stands between the Microsoft 365 Agents Playground and the bot, and signs what the Playground sends.

The Playground speaks without tokens, and the bot hears nothing without one. This is the fake identity of the tests:
it publishes its keys, gives out tokens for both directions and passes everything else on as it is. By hand only; how,
stands in the README beside this file.
"""

from __future__ import annotations

import argparse
import json
import time
from typing import Any

import jwt
from aiohttp import ClientSession, web
from jwt.algorithms import RSAAlgorithm

from tests.adapters.teams.activities import APP
from tests.adapters.teams.actors import ISSUER, key_pair

KEY = "k1"
BOT = web.AppKey("bot", str)


def application(bot: str) -> web.Application:
    """The proxy for the bot whose messages are taken at this address."""
    app = web.Application()
    app[BOT] = bot
    app.add_routes(
        [
            web.post("/api/messages", pass_on),
            web.get("/metadata", metadata),
            web.get("/keys", keys),
            web.post("/token", token),
        ]
    )
    return app


async def pass_on(request: web.Request) -> web.Response:
    """One activity, signed; the bot's answer goes back."""
    activity: dict[str, Any] = await request.json()
    now = time.time()
    claims = {"iss": ISSUER, "aud": APP, "serviceurl": activity["serviceUrl"], "nbf": now - 60, "exp": now + 600}
    signed = jwt.encode(claims, key_pair(KEY), algorithm="RS256", headers={"kid": KEY})
    async with (
        ClientSession() as client,
        client.post(request.app[BOT], json=activity, headers={"Authorization": f"Bearer {signed}"}) as answer,
    ):
        body = await answer.read()
        shown = f"{answer.status} {activity.get('type')} {activity.get('name', '')} {json.dumps(activity)[:1500]}"
        print(shown, flush=True)  # noqa: T201 - what it prints is what it is run for
        return web.Response(status=answer.status, body=body, content_type="application/json")


async def metadata(request: web.Request) -> web.Response:
    """Where the keys are."""
    return web.json_response({"issuer": ISSUER, "jwks_uri": f"{request.url.origin()}/keys"})


async def keys(_: web.Request) -> web.Response:
    """The one key."""
    public = RSAAlgorithm.to_jwk(key_pair(KEY).public_key(), as_dict=True)
    return web.json_response({"keys": [{**public, "kid": KEY, "endorsements": ["msteams"]}]})


async def token(_: web.Request) -> web.Response:
    """A token for the bot's own calls, which the Playground does not look at."""
    return web.json_response({"token_type": "Bearer", "expires_in": 3600, "access_token": "for the Playground only"})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=3979)
    parser.add_argument("--bot", default="http://127.0.0.1:3978/api/messages")
    given = parser.parse_args()
    web.run_app(application(given.bot), host="127.0.0.1", port=given.port, print=None)
