"""Teams as a bot meets it, over HTTP: the Connector, the token endpoint and the published keys; and people who write.

It refuses what Teams refuses: a missing or spent token, an unknown conversation, a message it could not show, too many
calls. What goes wrong is told beforehand with `Fault`s.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import jwt
from aiohttp import web
from aiohttp.test_utils import TestServer
from jwt.algorithms import RSAAlgorithm

from bot.messages import Window
from tests.adapters.teams.activities import APP, BOT
from tests.adapters.teams.actors import ISSUER, Account, Fault, Message, key_pair
from tests.adapters.teams.adaptive_cards import refuse

PASSWORD = "a password for tests only"
LARGEST = 28 * 1024
CONVERSATION = "{conversation:[^/]+}"


class FakeTeams:
    """The platform. `async with` serves it on a port of its own."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.channels: dict[str, list[str]] = {}
        self.messages: list[Message] = []
        self.faults: list[Fault] = []
        self.calls: list[str] = []
        self.windows: tuple[Window, ...] = ()
        self.tokens: set[str] = set()
        self.token_lasts = 3600
        self.password = PASSWORD
        self.keys: dict[str, list[str] | None] = {"k1": ["msteams", "webchat"]}
        self.page = 500
        self.posted = asyncio.Event()
        self._sent: dict[str, deque[float]] = {}
        self._numbers = 1_700_000_000_000
        self._server: TestServer | None = None

    async def __aenter__(self) -> FakeTeams:
        app = web.Application(client_max_size=10_000_000)
        app.add_routes(
            [
                web.get("/v1/.well-known/openidconfiguration", self._metadata),
                web.get("/keys", self._keys),
                web.post("/token", self._token),
                web.post("/emea/v3/conversations", self._create),
                web.post(f"/emea/v3/conversations/{CONVERSATION}/activities", self._post),
                web.post(f"/emea/v3/conversations/{CONVERSATION}/activities/{{id}}", self._post),
                web.put(f"/emea/v3/conversations/{CONVERSATION}/activities/{{id}}", self._put),
                web.delete(f"/emea/v3/conversations/{CONVERSATION}/activities/{{id}}", self._delete),
                web.get(f"/emea/v3/conversations/{CONVERSATION}/members/{{id}}", self._member),
                web.get(f"/emea/v3/conversations/{CONVERSATION}/pagedmembers", self._members),
            ]
        )
        self._server = TestServer(app)
        await self._server.start_server()
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        await self._server.close()

    def address(self, path: str) -> str:
        """Where this is."""
        assert self._server is not None
        return str(self._server.make_url(path))

    @property
    def service(self) -> str:
        """The `serviceUrl` of its activities."""
        return self.address("/emea/")

    @property
    def metadata(self) -> str:
        """Where its keys are described."""
        return self.address("/v1/.well-known/openidconfiguration")

    def number(self) -> str:
        """A new id."""
        self._numbers += 1
        return str(self._numbers)

    def roll_keys(self, name: str) -> None:
        """From now on everything is signed with another key, and the old one is not published any more."""
        self.keys = {name: ["msteams"]}

    def token(self, now: float, *, key: str = "", **claims: Any) -> str:
        """A token as Teams sends it with an activity; `claims` over the good ones, None takes one away."""
        name = key or next(iter(self.keys))
        good = {"iss": ISSUER, "aud": APP, "serviceurl": self.service, "nbf": now - 60, "exp": now + 600, **claims}
        content = {k: v for k, v in good.items() if v is not None}
        return jwt.encode(content, key_pair(name), algorithm="RS256", headers={"kid": name})

    def shown_in(self, conversation: str) -> list[Message]:
        """What stands in this conversation (of a channel: in all its threads) and was not taken back."""
        return [m for m in self.messages if m.conversation.partition(";")[0] == conversation and not m.deleted]

    def find(self, message: str) -> Message:
        """The message of this id."""
        return next(m for m in self.messages if m.id == message)

    async def _metadata(self, request: web.Request) -> web.Response:
        wrong = await self._fault("metadata", request)
        return wrong or web.json_response({"issuer": ISSUER, "jwks_uri": self.address("/keys")})

    async def _keys(self, request: web.Request) -> web.Response:
        if wrong := await self._fault("keys", request):
            return wrong
        published = []
        for name, endorsements in self.keys.items():
            public = RSAAlgorithm.to_jwk(key_pair(name).public_key(), as_dict=True)
            published.append({**public, "kid": name, **({"endorsements": endorsements} if endorsements else {})})
        return web.json_response({"keys": published})

    async def _token(self, request: web.Request) -> web.Response:
        if wrong := await self._fault("token", request):
            return wrong
        form = await request.post()
        known = form.get("client_id") == APP and form.get("client_secret") == self.password
        asked = form.get("grant_type"), form.get("scope")
        if not known or asked != ("client_credentials", "https://api.botframework.com/.default"):
            return web.json_response({"error": "invalid_client", "error_description": "AADSTS7000215"}, status=401)
        token = uuid4().hex
        self.tokens.add(token)
        return web.json_response({"token_type": "Bearer", "expires_in": self.token_lasts, "access_token": token})

    async def _create(self, request: web.Request) -> web.Response:
        if wrong := await self._refusal(request, "POST conversations"):
            return wrong
        asked = await request.json()
        wanted = [m["id"] for m in asked["members"]]
        found = [a for a in self.accounts.values() if a.id in wanted or a.object_id in wanted]
        if len(found) != 1 or asked["bot"] != {"id": BOT["id"]} or asked["tenantId"] != found[0].tenant:
            return _error(400, "BadSyntax", "Bad format of conversation ID")
        in_a_team = any(self._name(found[0]) in members for members in self.channels.values())
        if not found[0].installed and not in_a_team:
            return _error(403, "ForbiddenOperationException", "The bot is not installed")
        return web.json_response({"id": found[0].conversation}, status=201)

    async def _post(self, request: web.Request) -> web.Response:
        fault = self._next_fault("POST activities")
        if (wrong := await self._refusal(request, "POST activities", fault)) and not (fault and fault.taken):
            return wrong
        activity = await request.json()
        where = request.match_info["conversation"]
        if refused := self._unshowable(await request.read(), activity):
            return refused
        id = self.number()
        self.messages.append(Message(where, id, activity))
        self.posted.set()
        return wrong or web.json_response({"id": id}, status=201)

    async def _put(self, request: web.Request) -> web.Response:
        if wrong := await self._refusal(request, "PUT activities"):
            return wrong
        activity = await request.json()
        if refused := self._unshowable(await request.read(), activity):
            return refused
        found = self._there(request)
        if found is None:
            return _error(404, "ActivityNotFoundInConversation", "Activity not found")
        found.activity = activity
        return web.json_response({"id": found.id})

    async def _delete(self, request: web.Request) -> web.Response:
        if wrong := await self._refusal(request, "DELETE activities"):
            return wrong
        found = self._there(request)
        if found is None:
            return _error(404, "ActivityNotFoundInConversation", "Activity not found")
        found.deleted = True
        return web.Response(status=200)

    async def _member(self, request: web.Request) -> web.Response:
        if wrong := await self._refusal(request, "GET member"):
            return wrong
        for account in self._in(request.match_info["conversation"]):
            if request.match_info["id"] in (account.id, account.object_id):
                return web.json_response(account.roster())
        return _error(404, "MemberNotFoundInConversation", "Member not found in conversation")

    async def _members(self, request: web.Request) -> web.Response:
        if wrong := await self._refusal(request, "GET pagedmembers"):
            return wrong
        members = self._in(request.match_info["conversation"])
        start = int(request.query.get("continuationToken", "0"))
        end = start + min(self.page, int(request.query["pageSize"]))
        more = {"continuationToken": str(end)} if end < len(members) else {}
        return web.json_response({"members": [a.roster() for a in members[start:end]], **more})

    def _there(self, request: web.Request) -> Message | None:
        where, id = request.match_info["conversation"], request.match_info["id"]
        return next((m for m in self.messages if (m.conversation, m.id, m.deleted) == (where, id, False)), None)

    def _in(self, conversation: str) -> list[Account]:
        where = conversation.partition(";")[0]
        if where in self.channels:
            return [self.accounts[name] for name in self.channels[where]]
        return [account for account in self.accounts.values() if account.conversation == where]

    def _name(self, account: Account) -> str:
        return next(name for name, one in self.accounts.items() if one is account)

    def _unshowable(self, content: bytes, activity: dict[str, Any]) -> web.Response | None:
        if len(content) > LARGEST:
            return _error(413, "MessageSizeTooBig", "Message size too large")
        if faults := refuse(activity):
            return _error(400, "BadArgument", "; ".join(faults))
        return None

    async def _refusal(self, request: web.Request, at: str, fault: Fault | None = None) -> web.Response | None:
        """Why this call is refused, if it is."""
        self.calls.append(f"{at} {request.match_info.get('conversation', '')}".strip())
        if wrong := await self._struck(fault or self._next_fault(at), request):
            return wrong
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            return _error(401, "Unauthorized", "Authorization has been denied for this request.")
        where = request.match_info.get("conversation")
        if where is not None:
            if where.partition(";")[0] not in self.channels and not self._in(where):
                return _error(404, "ConversationNotFound", "Conversation not found")
            blocked = next((a.blocked for a in self._in(where) if a.conversation == where and a.blocked), "")
            if blocked:
                return _error(403, blocked, "not allowed")
            if "activities" in at and self._too_many(where):
                return _error(429, "TooManyRequests", "too many", {"Retry-After": "1"})
        return None

    def _too_many(self, where: str) -> bool:
        now, sent = asyncio.get_running_loop().time(), self._sent.setdefault(where, deque(maxlen=2000))
        if any(sum(now - at < w.seconds for at in sent) >= w.calls for w in self.windows):
            return True
        sent.append(now)
        return False

    def _next_fault(self, at: str) -> Fault | None:
        found = next((f for f in self.faults if at.startswith(f.at)), None)
        if found:
            self.faults.remove(found)
        return found

    async def _fault(self, at: str, request: web.Request) -> web.Response | None:
        self.calls.append(at)
        return await self._struck(self._next_fault(at), request)

    async def _struck(self, fault: Fault | None, request: web.Request) -> web.Response | None:
        if fault is None:
            return None
        if fault.stall:
            await asyncio.sleep(fault.stall)
        if fault.reset and request.transport:
            request.transport.abort()
        if fault.status:
            return _error(fault.status, fault.code, "as the test wants it", fault.headers)
        return web.Response(status=500) if fault.reset else None


def _error(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> web.Response:
    body = {"error": {"code": code, "message": message}}
    return web.Response(status=status, text=json.dumps(body), content_type="application/json", headers=headers)
