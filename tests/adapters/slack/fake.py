"""Slack, as a small server that refuses what Slack refuses: the Web API, response addresses, Socket Mode and OAuth.

It keeps what was posted, shown and whispered, and every call with its time. It knows nothing of the adapter.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from aiohttp import WSMsgType, web

from tests.adapters.slack.block_kit import refuse

TRIGGER_SECONDS, RESPONSE_SECONDS, RESPONSE_USES = 3.0, 1_800.0, 5
CODE_SECONDS = 600.0
Arguments = Mapping[str, Any]
Result = dict[str, Any]
Act = Callable[[], Awaitable[web.StreamResponse]]
Fault = Callable[[web.Request, Act], Awaitable[web.StreamResponse]]


class Refusal(Exception):
    """Slack's `error`, with what else stands in the answer."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.answer = {"ok": False, "error": error, **more}


@dataclass
class Team:
    """A workspace in which the app is installed, with its tokens."""

    id: str
    bot: str
    tokens: list[str] = field(default_factory=list)
    refresh: set[str] = field(default_factory=set)
    enterprise: str = ""


@dataclass
class Channel:
    """A conversation and its messages, the oldest first."""

    id: str
    members: set[str]
    team: str
    kind: str = "channel"
    archived: bool = False
    shared: bool = False
    messages: list[dict[str, Any]] = field(default_factory=list)

    def message(self, ts: str) -> dict[str, Any]:
        """The message of this time."""
        found = next((one for one in self.messages if one["ts"] == ts), None)
        if found is None:
            raise Refusal("message_not_found")
        return found


@dataclass
class Trigger:
    """What opens one view, once, for three seconds."""

    user: str
    at: float
    used: bool = False


@dataclass
class File:
    """A file on its way: announced with its length, then with its bytes, then `complete`; shown `after` its time."""

    id: str
    team: str
    length: int
    content: bytes = b""
    complete: bool = False
    after: float = 0.0


@dataclass
class ResponseAddress:
    """What answers a press, five times within half an hour."""

    user: str
    channel: str
    message: str
    at: float
    uses: int = 0


class FakeSlack:
    """`ahead` moves its clock, in seconds. What it refused for its form stands in `refused`: a test that does not
    mean it asserts that there is nothing. `processing` is how long it takes, in seconds, until a file can be shown.
    """

    def __init__(self) -> None:
        self.teams: dict[str, Team] = {}
        self.users: dict[str, dict[str, Any]] = {}
        self.channels: dict[str, Channel] = {}
        self.views: dict[str, dict[str, Any]] = {}
        self.homes: dict[str, dict[str, Any]] = {}
        self.whispers: list[dict[str, Any]] = []
        self.files: dict[str, File] = {}
        self.calls: list[tuple[str, Arguments]] = []
        self.refused: list[str] = []
        self.app_tokens: set[str] = set()
        self.codes: dict[str, Team] = {}
        self.links: set[str] = set()
        self.sockets: list[web.WebSocketResponse] = []
        self.acks: dict[str, asyncio.Future[Any]] = {}
        self.scopes = "chat:write,files:write"
        self.processing = 0.0
        self.reads_channels = False
        self.ahead = 0.0
        self.address = ""
        self._faults: dict[str, list[Fault]] = {}
        self._triggers: dict[str, Trigger] = {}
        self._responses: dict[str, ResponseAddress] = {}
        self._numbers = itertools.count(1)
        self.changed = asyncio.Event()

    # What a test does to it.

    def team(self, id: str, token: str, bot: str = "U0BOT", enterprise: str = "") -> Team:
        """A workspace in which the app is installed."""
        self.teams[id] = Team(id, bot, [token], enterprise=enterprise)
        return self.teams[id]

    def direct(self, user: str, team: str) -> Channel:
        """The conversation of this person with the bot."""
        id = f"D{user[1:]}"
        bot = self.teams[team].bot
        return self.channels.setdefault(id, Channel(id, {user, bot}, team, "im"))

    def fail(self, method: str, *faults: Fault) -> None:
        """The next calls of this method meet these faults, one each."""
        self._faults.setdefault(method, []).extend(faults)

    def trigger(self, user: str) -> str:
        """A fresh trigger_id."""
        id = f"{next(self._numbers)}.trigger"
        self._triggers[id] = Trigger(user, self.now())
        return id

    def response_address(self, user: str, channel: str, message: str = "") -> str:
        """A fresh response_url."""
        id = uuid4().hex
        self._responses[id] = ResponseAddress(user, channel, message, self.now())
        return f"{self.address}/response/{id}"

    def now(self) -> float:
        """Its clock."""
        return asyncio.get_running_loop().time() + self.ahead

    def timestamp(self) -> str:
        """The id of a new message: never the same, always later."""
        return f"1795600000.{next(self._numbers):06d}"

    def posted(self, channel: str) -> list[dict[str, Any]]:
        """What the bot posted there."""
        return [one for one in self.channels[channel].messages if one.get("bot_id")] if channel in self.channels else []

    def count(self, method: str) -> int:
        """How often it was called."""
        return sum(called == method for called, _ in self.calls)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[FakeSlack]:
        """It listens, at `address`."""
        app = web.Application()
        app.add_routes(
            [
                web.route("*", "/api/{method}", self._api),
                web.post("/response/{id}", self._response),
                web.post("/upload/{id}", self._upload),
                web.get("/link/{ticket}", self._link),
            ]
        )
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            for socket in self.sockets:
                await socket.close()
            await runner.cleanup()

    # The Web API.

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        self.calls.append((method, arguments))

        async def act() -> web.StreamResponse:
            return self._answer(method, arguments, request)

        faults = self._faults.get(method)
        try:
            return await (faults.pop(0)(request, act) if faults else act())
        finally:
            self.changed.set()

    def _answer(self, method: str, arguments: Arguments, request: web.Request) -> web.Response:
        try:
            if method == "oauth.v2.access":
                result = self._access(arguments)
            elif method == "apps.connections.open":
                result = self._connection(request)
            else:
                team = self._authorized(request)
                result = self._methods()[method](team, arguments)
        except Refusal as refusal:
            return web.json_response(refusal.answer)
        return web.json_response({"ok": True, **result}, headers={"X-OAuth-Scopes": self.scopes})

    def _methods(self) -> dict[str, Callable[[Team, Arguments], Result]]:
        return {
            "auth.test": self._auth_test,
            "auth.revoke": self._revoke,
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "chat.delete": self._delete,
            "conversations.open": self._open,
            "conversations.info": self._info,
            "conversations.history": self._history,
            "files.completeUploadExternal": self._complete,
            "files.getUploadURLExternal": self._announce,
            "users.info": self._user,
            "views.open": self._view,
            "views.publish": self._publish,
        }

    def _authorized(self, request: web.Request) -> Team:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not token:
            raise Refusal("not_authed")
        found = next((team for team in self.teams.values() if token in team.tokens), None)
        if found is None:
            raise Refusal("token_revoked" if token.startswith("xoxb-") else "invalid_auth")
        return found

    def _auth_test(self, team: Team, _: Arguments) -> Result:
        return {"team_id": team.id, "user_id": team.bot, "bot_id": "B0BOT", "team": "Home", "url": self.address}

    def _revoke(self, team: Team, _: Arguments) -> Result:
        team.tokens.clear()
        return {"revoked": True}

    def _channel(self, team: Team, id: str) -> Channel:
        if id.startswith("U"):
            if id not in self.users:
                raise Refusal("channel_not_found")
            return self.direct(id, team.id)
        if id not in self.channels:
            raise Refusal("channel_not_found")
        return self.channels[id]

    def _writable(self, team: Team, id: str) -> Channel:
        found = self._channel(team, id)
        if found.archived:
            raise Refusal("is_archived")
        if team.bot not in found.members:
            raise Refusal("not_in_channel")
        return found

    def _post(self, team: Team, arguments: Arguments) -> Result:
        channel = self._writable(team, arguments["channel"])
        self._judged(arguments, team.id)
        thread = arguments.get("thread_ts")
        if thread and not any(one["ts"] == thread for one in channel.messages):
            raise Refusal("thread_not_found")
        metadata = arguments.get("metadata") or {}
        if metadata and set(metadata) != {"event_type", "event_payload"}:
            raise Refusal("invalid_metadata_format")
        message = {
            "type": "message",
            "user": team.bot,
            "bot_id": "B0BOT",
            "ts": self.timestamp(),
            "text": arguments["text"],
            "blocks": arguments.get("blocks", []),
            "metadata": metadata,
        } | ({"thread_ts": thread} if thread else {})
        channel.messages.append(message)
        return {"channel": channel.id, "ts": message["ts"], "message": message}

    def _update(self, team: Team, arguments: Arguments) -> Result:
        channel = self._writable(team, arguments["channel"])
        message = channel.message(arguments["ts"])
        if message["user"] != team.bot:
            raise Refusal("cant_update_message")
        self._judged(arguments, team.id)
        message |= {"text": arguments["text"], "blocks": arguments.get("blocks", []), "edited": True}
        return {"channel": channel.id, "ts": message["ts"]}

    def _delete(self, team: Team, arguments: Arguments) -> Result:
        channel = self._writable(team, arguments["channel"])
        channel.messages.remove(channel.message(arguments["ts"]))
        return {"channel": channel.id, "ts": arguments["ts"]}

    def _open(self, team: Team, arguments: Arguments) -> Result:
        user = self.users.get(arguments["users"])
        if user is None:
            raise Refusal("user_not_found")
        if user.get("deleted"):
            raise Refusal("user_disabled")
        return {"channel": {"id": self.direct(user["id"], team.id).id}}

    def _info(self, team: Team, arguments: Arguments) -> Result:
        channel = self._channel(team, arguments["channel"])
        kind = {"is_im": channel.kind == "im", "is_mpim": channel.kind == "mpim"}
        return {"channel": {"id": channel.id, "is_ext_shared": channel.shared, **kind}}

    def _history(self, team: Team, arguments: Arguments) -> Result:
        channel = self._channel(team, arguments["channel"])
        if channel.kind != "im" and not self.reads_channels:
            raise Refusal("missing_scope", needed="channels:history")
        if arguments.get("include_all_metadata") not in ("1", "true", True):
            raise AssertionError("metadata comes only when it is asked for")
        newest = list(reversed(channel.messages))
        limit = int(arguments.get("limit", 100))
        return {"messages": newest[:limit], "has_more": len(newest) > limit}

    def _user(self, _: Team, arguments: Arguments) -> Result:
        user = self.users.get(arguments["user"])
        if user is None:
            raise Refusal("user_not_found")
        if arguments.get("include_locale") not in ("1", "true", True):
            user = {k: v for k, v in user.items() if k != "locale"}
        return {"user": user}

    def _view(self, team: Team, arguments: Arguments) -> Result:
        trigger = self._triggers.get(arguments["trigger_id"])
        if trigger is None:
            raise Refusal("invalid_trigger_id")
        if trigger.used:
            raise Refusal("exchanged_trigger_id")
        if self.now() - trigger.at > TRIGGER_SECONDS:
            raise Refusal("expired_trigger_id")
        trigger.used = True
        self._judged(arguments["view"], team.id)
        return {"view": self.shown(arguments["view"], trigger.user, team.id)}

    def shown(self, view: Arguments, user: str, team: str, id: str = "") -> dict[str, Any]:
        """The view as Slack keeps it on somebody's screen; with `id` in the place of an earlier one."""
        id = id or f"V{next(self._numbers)}"
        self.views[id] = {**view, "id": id, "hash": uuid4().hex, "team_id": team, "user": user}
        return self.views[id]

    def _publish(self, team: Team, arguments: Arguments) -> Result:
        self._judged(arguments["view"], team.id)
        if "hash" in arguments and arguments["hash"] != self.homes.get(arguments["user_id"], {}).get("hash"):
            raise Refusal("hash_conflict")
        self.homes[arguments["user_id"]] = {**arguments["view"], "hash": uuid4().hex}
        return {"view": self.homes[arguments["user_id"]]}

    def _judged(self, payload: Arguments, team: str) -> None:
        wrong = refuse(payload)
        if wrong:
            self.refused += wrong
            raise Refusal("invalid_blocks", response_metadata={"messages": wrong})
        if hidden := self._hidden(payload, team):
            raise Refusal("invalid_blocks", errors=hidden, response_metadata={"messages": hidden})

    def _hidden(self, payload: Arguments, team: str) -> list[str]:
        """The files in these blocks that are not there, or that it has not processed yet."""
        wrong = []
        for place, block in enumerate(payload.get("blocks", ())):
            if "slack_file" not in block:
                continue
            file = self.files.get(block["slack_file"]["id"])
            why = f"invalid slack file [json-pointer:/blocks/{place}/slack_file]"
            if file is None or file.team != team or not file.complete:
                self.refused.append(why)
            elif self.now() >= file.after:
                continue
            wrong.append(why)
        return wrong

    # Files.

    def _announce(self, team: Team, arguments: Arguments) -> Result:
        self._may_write_files()
        if not arguments.get("filename") or int(arguments.get("length", 0)) <= 0:
            raise Refusal("missing_argument")
        id = f"F{next(self._numbers):08d}"
        self.files[id] = File(id, team.id, int(arguments["length"]))
        return {"file_id": id, "upload_url": f"{self.address}/upload/{id}"}

    def _complete(self, team: Team, arguments: Arguments) -> Result:
        self._may_write_files()
        listed = json.loads(arguments["files"])
        for one in listed:
            file = self.files.get(one["id"])
            if file is None or file.team != team.id or not file.content or file.complete:
                raise Refusal("file_not_found")
        for one in listed:
            self.files[one["id"]].complete = True
            self.files[one["id"]].after = self.now() + self.processing
        return {"files": listed}

    def _may_write_files(self) -> None:
        if "files:write" not in self.scopes.split(","):
            raise Refusal("missing_scope", needed="files:write", provided=self.scopes)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        file = self.files.get(request.match_info["id"])
        content = await request.read()
        self.calls.append(("upload_url", {"id": request.match_info["id"]}))

        async def act() -> web.StreamResponse:
            if file is None or file.content or len(content) != file.length:
                return web.Response(status=400, text="bad upload")
            file.content = content
            return web.Response(text=f"OK - {len(content)}")

        faults = self._faults.get("upload_url")
        try:
            return await (faults.pop(0)(request, act) if faults else act())
        finally:
            self.changed.set()

    # OAuth.

    def code(self, team: Team) -> str:
        """The code with which Slack sends back whoever allowed the installation."""
        code = uuid4().hex
        self.codes[code] = team
        return code

    def _access(self, arguments: Arguments) -> Result:
        if arguments.get("grant_type") == "refresh_token":
            team = next((t for t in self.teams.values() if arguments["refresh_token"] in t.refresh), None)
            if team is None:
                raise Refusal("invalid_refresh_token")
            team.refresh.discard(arguments["refresh_token"])
        else:
            found = self.codes.pop(arguments["code"], None)
            if found is None:
                raise Refusal("invalid_code")
            team = self.teams[found.id] = found
        token, refresh = f"xoxe.xoxb-{uuid4().hex}", f"xoxe-{uuid4().hex}"
        team.tokens = [*team.tokens[-1:], token]
        team.refresh.add(refresh)
        return {
            "access_token": token,
            "refresh_token": refresh,
            "expires_in": 43_200,
            "token_type": "bot",
            "scope": self.scopes,
            "bot_user_id": team.bot,
            "app_id": "A0APP",
            "team": {"id": team.id, "name": f"Team {team.id}"},
            "enterprise": {"id": team.enterprise, "name": "All"} if team.enterprise else None,
            "authed_user": {"id": "U0ADMIN"},
            "is_enterprise_install": False,
        }

    # Response addresses.

    async def _response(self, request: web.Request) -> web.StreamResponse:
        address = self._responses.get(request.match_info["id"])
        message = await request.json()

        async def act() -> web.StreamResponse:
            return self._responded(address, message)

        faults = self._faults.get("response_url")
        try:
            return await (faults.pop(0)(request, act) if faults else act())
        finally:
            self.changed.set()

    def _responded(self, address: ResponseAddress | None, message: dict[str, Any]) -> web.Response:
        self.calls.append(("response_url", message))
        if address is None or address.uses >= RESPONSE_USES or self.now() - address.at > RESPONSE_SECONDS:
            return web.Response(status=404, text="expired_url")
        address.uses += 1
        wrong = refuse({k: v for k, v in message.items() if k in ("text", "blocks")})
        if wrong:
            self.refused += wrong
            return web.Response(status=400, text="invalid_blocks")
        if self._hidden(message, self.channels[address.channel].team):
            return web.Response(status=404, text="invalid_blocks")
        shown = {"text": message["text"], "blocks": message.get("blocks", [])}
        if message.get("replace_original"):
            self.channels[address.channel].message(address.message).update({**shown, "edited": True})
        else:
            self.whispers.append({"user": address.user, "channel": address.channel, **shown})
        return web.Response(text="ok")

    # Socket Mode.

    def _connection(self, request: web.Request) -> Result:
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.app_tokens:
            raise Refusal("invalid_auth")
        ticket = uuid4().hex
        self.links.add(ticket)
        return {"url": f"{self.address.replace('http', 'ws')}/link/{ticket}"}

    async def _link(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["ticket"] not in self.links:
            return web.Response(status=403)
        self.links.discard(request.match_info["ticket"])
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": len(self.sockets) + 1})
        self.sockets.append(socket)
        self.changed.set()
        async for told in socket:
            if told.type == WSMsgType.TEXT:
                answer = json.loads(told.data)
                acknowledged = self.acks.pop(answer["envelope_id"], None)
                if acknowledged and not acknowledged.done():
                    acknowledged.set_result(answer.get("payload"))
        self.sockets.remove(socket)
        return socket


async def _arguments(request: web.Request) -> Arguments:
    if request.content_type == "application/json":
        found = await request.json()
        return dict(found)
    return {**request.query, **await request.post()}


def limited(seconds: int) -> Fault:
    """429 with Retry-After."""

    async def fault(_: web.Request, _act: Act) -> web.StreamResponse:
        headers = {"Retry-After": str(seconds)}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)

    return fault


def broken(status: int, done: bool = False) -> Fault:
    """A fault of Slack's servers, with or without the effect."""

    async def fault(_: web.Request, act: Act) -> web.StreamResponse:
        if done:
            await act()
        return web.Response(status=status, text="<html>sorry</html>", content_type="text/html")

    return fault


def reset(done: bool = False) -> Fault:
    """The connection breaks off before the answer."""

    async def fault(request: web.Request, act: Act) -> web.StreamResponse:
        if done:
            await act()
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    return fault


def stalled(seconds: float, done: bool = False) -> Fault:
    """No answer for so long."""

    async def fault(_: web.Request, act: Act) -> web.StreamResponse:
        answer = await act() if done else None
        await asyncio.sleep(seconds)
        return answer or web.json_response({"ok": False, "error": "request_timeout"})

    return fault


def refused(error: str) -> Fault:
    """Slack's word of refusal."""

    async def fault(_: web.Request, _act: Act) -> web.StreamResponse:
        return web.json_response({"ok": False, "error": error})

    return fault
