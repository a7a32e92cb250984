"""Installing the app into a workspace by OAuth: Slack's own library leads through it, what it gives goes to `installs`.

Only the workspaces and Enterprises that are named may install it; from any other one its token is given back at once.
"""

from __future__ import annotations

import asyncio
import html
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlsplit

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from adapters.slack.api import Api, Credentials, sdk_logger
from adapters.slack.installs import Book, Install, Installs
from adapters.slack.manifest import REDIRECT_PATH, SCOPES, SCOPES_TO_HEAR_REPLIES

Result = TypeVar("Result")
log = logging.getLogger(__name__)

INSTALL_PATH = "/slack/install"
# With this in the address of the install page, hearing replies is asked for too.
HEAR_REPLIES = "hear_replies"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Throughline</title><style>body{{font:1rem/1.5 system-ui;max-width:36rem;margin:3rem auto;padding:0 1rem}}</style>
<h1>{title}</h1><p>{text}</p></html>"""
HEADERS = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
AGAIN = f"Begin again at {INSTALL_PATH}."
SAID = {
    "access_denied": "Nothing was installed, since it was not allowed in Slack.",
    "invalid_browser": f"This page belongs to an installation that was begun in another browser. {AGAIN}",
    "invalid_state": f"This installation was begun more than ten minutes ago, or is finished already. {AGAIN}",
    "invalid_code": f"Slack does not take the code of this installation any more. {AGAIN}",
    "missing_code": f"Slack sent no code. {AGAIN}",
}


class _NotNamed(BoltError):
    """The workspace is not among those that may install the app."""


class OAuth:
    """The two pages of installing. `book` keeps what was begun; it is asked in the executor."""

    def __init__(self, credentials: Credentials, api: Api, installs: Installs, book: Book, executor: Executor) -> None:
        slack = urlsplit(credentials.api_url)
        redirect = credentials.public_url + REDIRECT_PATH if credentials.public_url else None
        settings = AsyncOAuthSettings(
            client_id=credentials.client_id,
            client_secret=credentials.client_secret,
            scopes=SCOPES,
            user_scopes=(),
            redirect_uri=redirect,
            install_path=INSTALL_PATH,
            install_page_rendering_enabled=False,
            redirect_uri_path=REDIRECT_PATH,
            callback_options=AsyncCallbackOptions(success=_installed, failure=_failed),
            authorization_url=f"{slack.scheme}://{slack.netloc}/oauth/v2/authorize",
            installation_store=_Installations(installs, api, credentials.teams),
            state_store=_Begun(book, executor),
            logger=sdk_logger(),
        )
        self._flow = _Flow(client=api.client, logger=sdk_logger(), settings=settings)

    def add_to(self, app: web.Application) -> None:
        """Adds the two pages."""
        app.add_routes([web.get(INSTALL_PATH, self._install), web.get(REDIRECT_PATH, self._redirect)])

    async def _install(self, request: web.Request) -> web.Response:
        return await self._page(request, self._flow.handle_installation)

    async def _redirect(self, request: web.Request) -> web.Response:
        return await self._page(request, self._flow.handle_callback)

    async def _page(
        self, request: web.Request, answer: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]
    ) -> web.Response:
        try:
            given = await answer(await to_bolt_request(request))
        except Exception as fault:  # noqa: BLE001 - Slack or the database may be away
            log.error("an installation could not go on: %s", type(fault).__name__)
            given = _page(HTTPStatus.BAD_GATEWAY, "That did not work", f"Slack or the database is away. {AGAIN}")
        return await to_aiohttp_response(given)


class _Flow(AsyncOAuthFlow):
    async def build_authorize_url(self, state: str, request: AsyncBoltRequest) -> str:
        url = await super().build_authorize_url(state, request)
        if HEAR_REPLIES not in request.query:
            return url
        return url.replace("&scope=", f"&scope={','.join(SCOPES_TO_HEAR_REPLIES)},", 1)


class _Begun(AsyncOAuthStateStore):
    """Bolt's state store, on the book."""

    def __init__(self, book: Book, executor: Executor) -> None:
        self._book = book
        self._executor = executor

    async def async_issue(self, *args: object, **kwargs: object) -> str:
        return await self._work(self._book.begin)

    async def async_consume(self, state: str) -> bool:
        return await self._work(lambda: self._book.end(state))

    async def _work(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)


class _Installations(AsyncInstallationStore):
    """Bolt's installation store, of which only saving is asked here."""

    def __init__(self, installs: Installs, api: Api, teams: frozenset[str]) -> None:
        self._installs = installs
        self._api = api
        self._teams = teams

    async def async_save(self, installation: Installation) -> None:
        token = installation.bot_token or ""
        team, enterprise = installation.team_id or "", installation.enterprise_id or ""
        if not {team, enterprise} & self._teams:
            await self._api.call(token, "auth.revoke", {})
            log.warning("a workspace that is not named wanted to install the app: %s", team or enterprise)
            raise _NotNamed(team or enterprise)
        await self._installs.keep(
            Install(
                workspace=enterprise if installation.is_enterprise_install else team,
                token=token,
                bot=installation.bot_user_id or "",
                enterprise=enterprise,
                name=(installation.enterprise_name if installation.is_enterprise_install else installation.team_name)
                or "",
                refresh=installation.bot_refresh_token or "",
                expires=installation.bot_token_expires_at or 0,
            )
        )


async def _installed(args: AsyncSuccessArgs) -> BoltResponse:
    name = args.installation.team_name or args.installation.enterprise_name or "your workspace"
    return _page(HTTPStatus.OK, "Installed", f"Throughline is in {name} now. Write to it there: it answers.")


async def _failed(args: AsyncFailureArgs) -> BoltResponse:
    if isinstance(args.error, _NotNamed):
        text = (
            f"This Throughline serves one organisation, and {args.error} is not among its workspaces. Nothing was kept."
            " If it should be, ask whoever runs it to add that id to THROUGHLINE_SLACK_TEAMS, and install it again."
        )
        return _page(HTTPStatus.FORBIDDEN, "Not for this workspace", text)
    known = SAID.get(args.reason, f"Slack says: {args.reason}. {AGAIN}")
    return _page(HTTPStatus(args.suggested_status_code), "Not installed", known)


def _page(status: HTTPStatus, title: str, text: str) -> BoltResponse:
    body = PAGE.format(title=html.escape(title), text=html.escape(text))
    return BoltResponse(status=status, body=body, headers=dict(HEADERS))
