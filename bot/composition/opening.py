"""The configured platforms opened, and what they say of their credentials; the language model beside them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from adapters.model import Endpoint
from bot.composition import slack, teams
from bot.composition.platforms import Platforms
from bot.settings import Settings
from bot.shortening import Shortener

if TYPE_CHECKING:
    from bot.core import Core
    from bot.store import Store


def shortener(settings: Settings, into: Platforms) -> Shortener | None:
    """What makes answers shorter, where a language model is configured; it answers once the platforms are opened."""
    given = settings.language_model
    if given is None:
        return None
    into.model = Endpoint(given.url, given.key, given.model)
    return Shortener(into.model.ask)


@asynccontextmanager
async def opened(
    settings: Settings, store: Store, core: Core, clock: Callable[[], datetime], into: Platforms
) -> AsyncIterator[None]:
    """The configured platforms, connected for as long as this lasts. Inside a running loop."""
    async with AsyncExitStack() as stack:
        if into.model:
            await stack.enter_async_context(into.model)
        if settings.slack:
            into.by_name["slack"] = await slack.opened(settings.slack, settings.public_url, store, core, clock, stack)
        if settings.teams:
            into.by_name["teams"] = await teams.opened(settings.teams, settings.public_url, store, core, clock, stack)
        yield


async def credential_faults(settings: Settings) -> list[str]:
    """What is wrong with the credentials, asked of the platforms themselves: a line each, with what to do."""
    found: list[str] = []
    if settings.slack:
        from adapters.slack.app import faults

        found += await faults(slack.credentials(settings.slack, settings.public_url))
    if settings.teams:
        from adapters.teams.connector import Connector
        from adapters.teams.token import NoToken

        async with Connector(teams.credentials(settings.teams)) as connector:
            try:
                await connector.token.get()
            except NoToken as wrong:
                found.append(f"MicrosoftAppId, MicrosoftAppPassword: {wrong}. Copy them again from the registration")
    return found
