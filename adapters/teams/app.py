"""The way in from Teams: HTTP, tokens and dispatch, with the Bot Framework's SDK. Nothing else knows the SDK.

What an activity says goes on as the raw JSON, since the SDK's own objects lose parts of it; the SDK sends nothing.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit

from aiohttp import web
from botbuilder.core import BotAdapter, TurnContext
from botbuilder.core.teams import TeamsActivityHandler
from botbuilder.schema import Activity, ActivityTypes, InvokeResponse, ResourceResponse
from botframework.connector.auth import (
    AuthenticationConstants,
    ChannelValidation,
    GovernmentChannelValidation,
    JwtTokenExtractor,
    SimpleCredentialProvider,
)

from adapters.teams import parse
from adapters.teams.hearing import Hearing
from adapters.teams.hosts import MICROSOFT, may_be_called
from adapters.teams.keys import FETCH_SECONDS, METADATA, Keys, KeysAway
from adapters.teams.work import NotDone

PATH: Final = "/api/messages"
CHANNEL: Final = "msteams"
# The clouds of the government have an issuer of their own, and their metadata is there.
GOVERNMENT: Final = ".azure.us"
SERVICE_URL_CLAIM: Final = "serviceurl"
NOT_IMPLEMENTED: Final = 501
# What the SDK's dispatch goes by; of the rest it would refuse whatever it does not expect.
DISPATCHED: Final = ("type", "id", "name", "action", "channelId", "serviceUrl")
RAW: Final = "raw"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Access:
    """Who may speak to the bot: activities from these tenants, whose answers go to these hosts.

    `metadata` is the address of the OpenID metadata that tokens are checked against.
    """

    app_id: str
    tenants: frozenset[str]
    hosts: tuple[str, ...] = MICROSOFT
    metadata: str = METADATA
    keys_seconds: float = FETCH_SECONDS

    def __post_init__(self) -> None:
        if not self.app_id or not self.tenants or not all(self.tenants):
            raise ValueError("Teams needs an app id and at least one tenant: without them anybody could speak")


class Door:
    """The route that Teams posts to. To be made on the event loop that it is used on."""

    def __init__(self, access: Access, hearing: Hearing) -> None:
        self._tenants = frozenset(tenant.lower() for tenant in access.tenants)
        self._hosts = access.hosts
        self._hearing = hearing
        self._keys = Keys(access.metadata, access.keys_seconds)
        self._check = _TokenCheck(access.app_id, access.metadata, self._keys)
        self._adapter = _Receiving()
        self._bot = _Bot(hearing)

    def add_to(self, app: web.Application) -> None:
        """Adds the route."""
        app.add_routes([web.post(PATH, self.messages)])
        app.on_cleanup.append(self._close)

    async def _close(self, _: web.Application) -> None:
        await self._hearing.close()
        await self._keys.close()

    async def messages(self, request: web.Request) -> web.StreamResponse:
        """One activity. 401: not from Teams; 403: from a tenant that may not speak; 503: not taken, send it again."""
        header = request.headers.get("Authorization", "")
        if not header.startswith("Bearer "):
            return _refused(401)
        activity = _read(await request.read())
        if activity is None:
            return _refused(400)
        try:
            await self._check(header, activity)
        except KeysAway:
            return _refused(503)
        except Exception as wrong:  # noqa: BLE001 - the SDK raises many kinds, and all of them say: not from Teams
            log.info("an activity was refused: %s", type(wrong).__name__)
            return _refused(401)
        if not self._may_speak(activity):
            log.warning("an activity of a tenant, channel or host that is not allowed was refused")
            return _refused(403)
        try:
            answer = await self._adapter.receive(_of_its_tenant(activity), self._bot)
        except NotDone:
            return _refused(503)
        if answer is None:
            return web.Response(status=200)
        return web.json_response(answer.body, status=int(answer.status))

    def _may_speak(self, activity: Mapping[str, Any]) -> bool:
        return (
            activity.get("channelId") == CHANNEL
            and _tenant(activity) in self._tenants
            and may_be_called(str(activity.get("serviceUrl")), self._hosts)
        )


class _TokenCheck:
    """The SDK's check of channel tokens. Its ways in for emulators and skills are not taken: they trust others."""

    def __init__(self, app_id: str, metadata: str, keys: Keys) -> None:
        self._app = SimpleCredentialProvider(app_id, "")
        if (urlsplit(metadata).hostname or "").endswith(GOVERNMENT):
            self._channel: Any = GovernmentChannelValidation
            rules = GovernmentChannelValidation.TO_BOT_FROM_GOVERNMENT_CHANNEL_TOKEN_VALIDATION_PARAMETERS
        else:
            self._channel = ChannelValidation
            rules = ChannelValidation.TO_BOT_FROM_CHANNEL_TOKEN_VALIDATION_PARAMETERS
        self._extractor = JwtTokenExtractor(rules, metadata, AuthenticationConstants.ALLOWED_SIGNING_ALGORITHMS)
        # The SDK's own cache of keys blocks the loop, and does not find a key that is new.
        self._extractor.open_id_metadata = keys

    async def __call__(self, header: str, activity: Mapping[str, Any]) -> None:
        """Raises `KeysAway`, or something else where this activity was not sent by the Bot Connector to this app."""
        service, channel = activity.get("serviceUrl"), activity.get("channelId")
        if not isinstance(service, str) or not service or not isinstance(channel, str) or not channel:
            raise PermissionError("the activity does not say where it is from")
        # Issuer (before any key is fetched), key and its endorsements, signature, time.
        identity = await self._extractor.get_identity_from_auth_header(header, channel, [])
        # Issuer again, and audience.
        await self._channel.validate_identity(identity, self._app)
        if "exp" not in identity.claims or identity.get_claim_value(SERVICE_URL_CLAIM) != service:
            raise PermissionError("the token is not for this activity")


class _Receiving(BotAdapter):  # type: ignore[misc]  # the SDK carries no types
    """A turn of the SDK, with the answer to an invoke at its end. It sends nothing."""

    async def receive(self, raw: Mapping[str, Any], bot: _Bot) -> InvokeResponse | None:
        """The answer to an invoke, None to anything else."""
        known = {name: raw[name] for name in DISPATCHED if isinstance(raw.get(name), str)}
        context = TurnContext(self, Activity().deserialize(known))
        context.turn_state[RAW] = raw
        await self.run_pipeline(context, bot.on_turn)
        answered = context.turn_state.get(self._INVOKE_RESPONSE_KEY)
        return answered.value if answered else None

    async def send_activities(self, context: TurnContext, activities: list[Activity]) -> list[ResourceResponse]:
        for activity in activities:
            if activity.type != ActivityTypes.invoke_response:
                _not_here()
            context.turn_state[self._INVOKE_RESPONSE_KEY] = activity
        return [ResourceResponse(id="") for _ in activities]

    async def update_activity(self, context: TurnContext, activity: Activity) -> NoReturn:
        _not_here()

    async def delete_activity(self, context: TurnContext, reference: object) -> NoReturn:
        _not_here()


class _Bot(TeamsActivityHandler):  # type: ignore[misc]  # the same
    """What is called for which activity. Types without a method here are taken and say nothing."""

    def __init__(self, hearing: Hearing) -> None:
        self._hearing = hearing
        self._invokes = {
            "adaptiveCard/action": hearing.card_action,
            "task/fetch": hearing.task_fetch,
            "task/submit": hearing.task_submit,
            "composeExtension/fetchTask": hearing.action_fetch,
            "composeExtension/submitAction": hearing.action_submit,
        }

    async def on_turn(self, turn_context: TurnContext) -> None:
        if turn_context.activity.type:
            await super().on_turn(turn_context)

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await self._hearing.message(turn_context.turn_state[RAW])

    async def on_message_reaction_activity(self, turn_context: TurnContext) -> None:
        await self._hearing.reaction(turn_context.turn_state[RAW])

    async def on_installation_update(self, turn_context: TurnContext) -> None:
        raw = turn_context.turn_state[RAW]
        if parse.is_removed(raw):
            await self._hearing.removed(raw)
        elif parse.is_installed(raw):
            await self._hearing.installed(raw, greets=raw["action"] == "add")

    async def on_conversation_update_activity(self, turn_context: TurnContext) -> None:
        # The SDK would ask Teams for each member that was added.
        raw = turn_context.turn_state[RAW]
        if parse.is_removed(raw):
            await self._hearing.removed(raw)
        elif parse.is_installed(raw):
            await self._hearing.installed(raw, greets=False)
        elif parse.joined(raw) or parse.left(raw):
            await self._hearing.members_changed(raw)

    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse:
        heard = self._invokes.get(turn_context.activity.name or "")
        if heard is None:
            return InvokeResponse(status=NOT_IMPLEMENTED)
        return InvokeResponse(status=200, body=await heard(turn_context.turn_state[RAW]))


def _read(body: bytes) -> dict[str, Any] | None:
    """The JSON object in a request, None if there is none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _tenant(activity: Mapping[str, Any]) -> str:
    """The tenant that the conversation is in: who speaks may be of another one."""
    conversation = activity.get("conversation")
    named = conversation.get("tenantId") if isinstance(conversation, Mapping) else None
    return named.lower() if isinstance(named, str) and named else parse.tenant(activity)


def _of_its_tenant(activity: dict[str, Any]) -> dict[str, Any]:
    """The activity with the conversation's tenant where everybody looks for it."""
    data = activity.get("channelData")
    data = dict(data) if isinstance(data, Mapping) else {}
    return {**activity, "channelData": {**data, "tenant": {"id": _tenant(activity)}}}


def _refused(status: int) -> web.Response:
    return web.Response(status=status, headers={"WWW-Authenticate": "Bearer"} if status == 401 else None)  # noqa: PLR2004 - HTTP


def _not_here() -> NoReturn:
    raise NotImplementedError("what is said goes out through the delivery engine")
