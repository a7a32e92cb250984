"""Slack as the composition root starts it: HTTP and Socket Mode through Slack's own library, all parts put together.

It decides nothing: what comes in goes to `hearing`, what goes out comes from `platform`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Self

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse

from adapters.slack.api import Api, Credentials, sdk_logger
from adapters.slack.calls import TOKEN
from adapters.slack.hearing import Hearing
from adapters.slack.inside import NOT_NOW, Inside, Patience
from adapters.slack.installs import Book, Install, Installs
from adapters.slack.knowing import Knowing
from adapters.slack.manifest import EVENTS_PATH, SCOPES
from adapters.slack.oauth import OAuth
from adapters.slack.platform import Slack

log = logging.getLogger(__name__)

TIMESTAMP, NO_RETRY = "X-Slack-Request-Timestamp", "x-slack-no-retry"


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things may take, in seconds: a call, reaching Slack, deciding on a press or a form, recording an event;
    `ping`: between signs of life of a socket; `again`: before a socket is opened again.

    Slack waits three seconds for an acknowledgement, and a trigger lives as long.
    """

    call: float = 10.0
    connect: float = 3.0
    ping: float = 10.0
    again: float = 5.0
    decide: float = 2.0
    accept: float = 2.5


PACE = Pace()


class SlackApp:
    """Slack: `async with`, inside the running loop. `now` is an aware clock; `book` keeps what OAuth gives, None
    without OAuth. `executor` does what an acknowledgement waits for, `behind` what follows it: with few threads, since
    those take turns with the acknowledgements.

    What the delivery engine needs is `platform`, what the core asks is `introduce`; `add_to` adds the routes, and `run`
    listens over Socket Mode.
    """

    def __init__(
        self,
        credentials: Credentials,
        inside: Inside,
        executor: Executor,
        now: Callable[[], datetime],
        book: Book | None = None,
        pace: Pace = PACE,
        behind: Executor | None = None,
    ) -> None:
        count = asyncio.get_running_loop().time
        self._credentials = credentials
        self._pace = pace
        self._api = Api(credentials, pace.call, pace.connect)
        fixed = Install("", credentials.bot_token) if credentials.bot_token else None
        self.installs = Installs(fixed, book, self._api.renew, executor, now)
        self.platform = Slack(self._api.call, self._api.respond, self._api.upload, self.installs, count)
        self._knowing = Knowing(self.platform, credentials.teams, count)
        self.introduce = self._knowing.introduce
        patience = Patience(pace.decide, pace.accept)
        self._hearing = Hearing(
            self.platform,
            self._knowing,
            inside,
            executor,
            behind or executor,
            credentials.teams,
            patience,
        )
        self._oauth = OAuth(credentials, self._api, self.installs, book, executor) if book else None
        self._bolt = self._bolt_app()
        self._learning: asyncio.Task[None] | None = None

    def _bolt_app(self) -> AsyncApp:
        app = AsyncApp(
            name="throughline",
            client=self._api.client,
            logger=sdk_logger(),
            signing_secret=self._credentials.signing_secret,
            # What comes over a socket is not signed, and without a signing secret there is no other way in.
            request_verification_enabled=bool(self._credentials.signing_secret),
            ignoring_self_events_enabled=False,
            attaching_function_token_enabled=False,
            authorize=_authorized,
        )
        app.use(self._heard)
        return app

    async def __aenter__(self) -> Self:
        self._knowing.start()
        if self._credentials.bot_token:
            self._learning = asyncio.create_task(self._learn_own_name())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.finish()
        if self._learning:
            self._learning.cancel()
            await asyncio.gather(self._learning, return_exceptions=True)
        await self._api.close()

    async def finish(self) -> None:
        """Waits for what follows acknowledgements; what is only recorded is picked up at the next start."""
        await self._hearing.finish()

    async def _learn_own_name(self) -> None:
        answer = await self._api.call(self._credentials.bot_token, "auth.test", {})
        if not answer.taken:
            log.error("Slack does not say who the bot is: %s", answer.reason())
            return
        self.installs.fixed = Install(
            workspace=str(answer.body.get("team_id") or ""),
            token=self._credentials.bot_token,
            bot=str(answer.body.get("user_id") or ""),
            enterprise=str(answer.body.get("enterprise_id") or ""),
            name=str(answer.body.get("team") or ""),
        )

    def add_to(self, app: web.Application) -> None:
        """Adds the routes for what Slack sends over HTTP, and for installing the app where that is configured."""
        if self._credentials.signing_secret:
            app.add_routes([web.post(EVENTS_PATH, self._events)])
        if self._oauth:
            self._oauth.add_to(app)

    async def _events(self, request: web.Request) -> web.Response:
        """401 for what Slack did not sign or signed too long ago, 400 for what is no payload, 503 for what must come
        again.
        """
        if not request.headers.get(TIMESTAMP, "").isdecimal():
            return web.Response(status=HTTPStatus.UNAUTHORIZED)
        try:
            asked = await to_bolt_request(request)
        except web.HTTPException:
            raise
        except Exception:  # noqa: BLE001 - Bolt reads the body before it checks who signed it, and expects a payload
            return web.Response(status=HTTPStatus.BAD_REQUEST, headers={NO_RETRY: "1"})
        answer = await self._bolt.async_dispatch(asked)
        # Bolt's own parts answer so when they stumble over the payload; `_heard` never does.
        if answer.status in (HTTPStatus.BAD_REQUEST, HTTPStatus.INTERNAL_SERVER_ERROR):
            answer = BoltResponse(status=HTTPStatus.BAD_REQUEST, headers={NO_RETRY: "1"})
        return await to_aiohttp_response(answer)

    async def _heard(self, body: dict[str, Any]) -> BoltResponse:
        """Everything that Slack sent and signed; every kind of it gets an answer."""
        try:
            ack = await self._hearing.answer(body)
        except Exception as fault:  # noqa: BLE001 - Bolt would write into the log what people said
            log.error("something that Slack sent could not be heard: %s", type(fault).__name__)
            ack = NOT_NOW
        return BoltResponse(status=ack.status, body=dict(ack.body) if isinstance(ack.body, Mapping) else ack.body)

    async def run(self, stop: asyncio.Event) -> None:
        """Listens over Socket Mode until `stop`, connecting again whenever the connection is lost."""
        handler = AsyncSocketModeHandler(
            self._bolt,
            self._credentials.app_token,
            logger=sdk_logger(),
            web_client=self._api.client,
            ping_interval=self._pace.ping,
        )
        connecting = asyncio.create_task(self._connect(handler))
        await stop.wait()
        connecting.cancel()
        await asyncio.gather(connecting, return_exceptions=True)
        await handler.close_async()  # type: ignore[no-untyped-call]  # Bolt's handlers carry no types
        await self.finish()

    async def _connect(self, handler: AsyncSocketModeHandler) -> None:
        """The first connection; Slack's library keeps it. It would say why there is none only in a trace."""
        while True:
            answer = await self._api.call(self._credentials.app_token, "apps.connections.open", {})
            if answer.taken:
                handler.client.wss_uri = str(answer.body["url"])
                await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt's handlers carry no types
                return
            log.error("Slack's Socket Mode cannot be used: %s", answer.reason())
            await asyncio.sleep(answer.wait or self._pace.again)


async def _authorized(enterprise_id: str | None, team_id: str | None, user_id: str | None) -> AuthorizeResult:
    """Everything signed is let in: who is served, and with which token, `hearing` and `installs` know."""
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, user_id=user_id)


async def faults(credentials: Credentials) -> list[str]:
    """What is wrong with the tokens, asked of Slack: one line each, with what to do; nothing where all is well."""
    found = []
    api = Api(credentials, PACE.call, PACE.connect)
    try:
        if credentials.bot_token:
            answer = await api.call(credentials.bot_token, "auth.test", {})
            if not answer.taken:
                found.append(f"SLACK_BOT_TOKEN: {answer.reason()}" + _remedy(answer.error))
            elif missing := frozenset(SCOPES) - answer.granted:
                found.append(
                    f"SLACK_BOT_TOKEN lacks the permissions {', '.join(sorted(missing))}:"
                    " take over the manifest ('throughline slack-manifest') and install the app again"
                )
        if credentials.app_token:
            answer = await api.call(credentials.app_token, "apps.connections.open", {})
            if not answer.taken:
                found.append(f"SLACK_APP_TOKEN: {answer.reason()}" + _remedy(answer.error))
    finally:
        await api.close()
    return found


def _remedy(error: str) -> str:
    return ". Copy it again from the app's settings at api.slack.com/apps" if error in TOKEN else ""
