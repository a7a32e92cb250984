"""Teams put together: its adapter, the core it speaks to, its words, and where its pictures are read."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.composition.platforms import Platform
from bot.configured import TeamsSettings
from bot.store import pictures as stored_pictures
from bot.store.teams_references import References
from bot.words import Words

if TYPE_CHECKING:
    from adapters.teams.look import Look
    from adapters.teams.token import Credentials
    from bot.core import Core
    from bot.store import Store


async def opened(
    given: TeamsSettings,
    public_url: str,
    store: Store,
    core: Core,
    clock: Callable[[], datetime],
    stack: AsyncExitStack,
) -> Platform:
    """Teams, connected for as long as `stack` is open."""
    from adapters.teams.app import Access, Door
    from adapters.teams.connector import Connector
    from adapters.teams.hearing import Hearing
    from adapters.teams.hosts import MICROSOFT
    from adapters.teams.keys import METADATA
    from adapters.teams.platform import Teams

    references, appearance = References(store, clock), look(public_url)
    hosts = given.service_hosts or MICROSOFT
    connector = Connector(credentials(given), hosts)
    host = partial(_hosted, store, clock, public_url) if public_url else None
    teams = Teams(connector, references, appearance, given.app_id, host=host)
    stack.push_async_callback(teams.close)
    pool = stack.enter_context(ThreadPoolExecutor(8, "teams"))
    hearing = Hearing(core, references, teams, appearance, lambda locale: Words(locale)("failed.try-again"), pool)
    access = Access(given.app_id, frozenset(given.tenants), hosts, given.metadata_url or METADATA)
    return Platform(teams, teams.introduce, Door(access, hearing).add_to)


def credentials(given: TeamsSettings) -> Credentials:
    """What the settings hold to be somebody at Teams."""
    from adapters.teams.token import SCOPE, SCOPE_GOVERNMENT, Credentials

    government = (urlsplit(given.metadata_url).hostname or "").endswith(".azure.us")
    scope = SCOPE_GOVERNMENT if government else SCOPE
    return Credentials(given.app_id, given.password, given.tenant, given.token_url, scope)


def look(public_url: str) -> Look:
    """The words on the buttons that are the adapter's own, and where the web pages are."""
    from adapters.teams.look import Labels, Look

    def labels(locale: str) -> Labels:
        words = Words(locale)
        return Labels(words("form.fill-in"), words("form.send"), words("form.needed"), words("card.details"))

    return Look(labels, public_url)


def _hosted(store: Store, clock: Callable[[], datetime], public_url: str, content: bytes) -> str:
    with store.begin() as tx:
        return f"{public_url}/pictures/{stored_pictures.keep(tx, content, clock())}.png"
