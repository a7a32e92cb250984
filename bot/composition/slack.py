"""Slack put together: its adapter, the core it speaks to, and where its installs are kept."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from datetime import datetime
from typing import TYPE_CHECKING

from bot.composition.platforms import Platform
from bot.configured import SlackSettings
from bot.messages import Place
from bot.store import channels, slack_installs
from bot.words import Words

if TYPE_CHECKING:
    from adapters.slack.api import Credentials
    from adapters.slack.inside import Inside
    from bot.core import Core
    from bot.store import Store


async def opened(
    given: SlackSettings,
    public_url: str,
    store: Store,
    core: Core,
    clock: Callable[[], datetime],
    stack: AsyncExitStack,
) -> Platform:
    """Slack, connected for as long as `stack` is open."""
    from adapters.slack.app import SlackApp

    book = slack_installs.Book(store, clock) if given.client_id else None
    pool = stack.enter_context(ThreadPoolExecutor(8, "slack"))
    behind = stack.enter_context(ThreadPoolExecutor(2 if store.embedded else 4, "slack-behind"))
    app = await stack.enter_async_context(
        SlackApp(credentials(given, public_url), _inside(store, core), pool, clock, book, behind=behind)
    )
    return Platform(app.platform, app.introduce, app.add_to, app.run if given.app_token else None)


def _inside(store: Store, core: Core) -> Inside:
    from adapters.slack.inside import Inside

    def gone(place: Place, reason: str) -> None:
        with store.begin() as tx:
            channels.refuse(tx, place, reason)

    def moved(place: Place, conversation: str) -> None:
        with store.begin() as tx:
            channels.move(tx, place, conversation)

    return Inside(
        accept=core.accept,
        handle=core.handle,
        hear=core.hear,
        home=core.home,
        words=lambda key, locale: Words(locale)(key),
        gone=gone,
        moved=moved,
    )


def credentials(given: SlackSettings, public_url: str) -> Credentials:
    """What the settings hold to be somebody at Slack."""
    from adapters.slack.api import Credentials

    return Credentials(
        bot_token=given.bot_token,
        signing_secret=given.signing_secret,
        app_token=given.app_token,
        client_id=given.client_id,
        client_secret=given.client_secret,
        teams=frozenset(given.teams),
        api_url=given.api_url,
        public_url=public_url,
    )
