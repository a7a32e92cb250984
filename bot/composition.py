"""The parts of a running bot, put together: the platforms that are configured, the local page and the HTTP face.

Beside `__main__` the only module of the core that knows the adapters. It decides nothing and runs nothing.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from adapters.model import Endpoint
from adapters.plain import plain_text
from adapters.web.app import Face, Running
from adapters.web.board import Board
from adapters.web.calendar import Calendars, NotNow
from adapters.web.live import Bell
from adapters.web.pictures import Pictures
from adapters.web.platform import Web
from adapters.web.texts import Text, Texts
from adapters.web.visiting import Page
from bot import privacy, serving
from bot.board.link import Door
from bot.configured import SlackSettings, TeamsSettings
from bot.delivery.sender import Sender
from bot.following import address
from bot.messages import Adapter, Card, Person, Place
from bot.metrics import registry
from bot.settings import Settings
from bot.shortening import Shortener
from bot.stage import Stage
from bot.store import StoreUnavailable, api_keys, channels, slack_installs
from bot.store import pictures as stored_pictures
from bot.store.teams_references import References
from bot.turn import Deployment
from bot.words import Words

if TYPE_CHECKING:
    from adapters.slack.api import Credentials
    from adapters.teams.look import Look
    from adapters.teams.token import Credentials as TeamsCredentials
    from bot.core import Core
    from bot.library import Library
    from bot.moved_clock import MovedClock
    from bot.store import Store

log = logging.getLogger(__name__)

Routes = Callable[[Any], None]
"""Adds the routes of one platform to the HTTP application."""


# Where the asks of a card are shown as one form.
FORMS = frozenset({"web", "slack", "teams"})


@dataclass(frozen=True, slots=True)
class Pools:
    """Threads for database work: what is said does not wait for what is sent, and neither for what is encoded."""

    core: ThreadPoolExecutor
    delivery: ThreadPoolExecutor
    encoding: ThreadPoolExecutor


@contextmanager
def pools() -> Iterator[Pools]:
    """The threads of a process, which end with it."""
    with (
        ThreadPoolExecutor(8, "core") as core,
        ThreadPoolExecutor(4, "delivery") as delivery,
        ThreadPoolExecutor(1, "encoding") as encoding,
    ):
        yield Pools(core, delivery, encoding)


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform of this process. `run`, if there is one, listens where nothing comes in over HTTP."""

    adapter: Adapter
    introduce: Callable[[Person], Person | None]
    add_to: Routes
    run: Callable[..., Awaitable[None]] | None = None


@dataclass(slots=True)
class Platforms:
    """The platforms that are configured, by name; the core is told of them before they are there, and they of it."""

    by_name: dict[str, Platform] = field(default_factory=dict)
    model: Endpoint | None = None
    wakes: list[Callable[[], None]] = field(default_factory=list)

    def wake(self) -> None:
        """Something is there to be sent. May be called from any thread."""
        for wake in self.wakes:
            wake()

    @property
    def adapters(self) -> Mapping[str, Adapter]:
        """What the delivery engine sends through."""
        return {name: platform.adapter for name, platform in self.by_name.items()}

    @property
    def routes(self) -> Sequence[Routes]:
        """What comes in over HTTP."""
        return [platform.add_to for platform in self.by_name.values()]

    def pace(self, name: str) -> float:
        """How many messages a second one workspace or tenant of this platform takes; where no limit is known, as many
        as the strictest platform.
        """
        platform = self.by_name.get(name)
        windows = platform.adapter.limits.workspace if platform else ()
        return min((window.calls / window.seconds for window in windows), default=1.0)

    def introduce(self, person: Person) -> Person | None:
        """Asks the person's platform who they are; None where it is not configured any more."""
        platform = self.by_name.get(person.platform)
        return platform.introduce(person) if platform else None


def deployment(settings: Settings, platforms: Platforms) -> Deployment:
    """What is so wherever this runs; the platforms may be opened later."""
    return Deployment(_pages(settings), platforms.pace)


def _pages(settings: Settings) -> str:
    """The address under which people reach the web pages, without a slash at its end; '' where they do not. In local
    mode the listen address stands in.
    """
    if settings.public_url or not (settings.local and settings.port):
        return settings.public_url
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def shortener(settings: Settings, into: Platforms) -> Shortener | None:
    """What makes answers shorter, where a language model is configured; it answers once the platforms are opened."""
    given = settings.language_model
    if given is None:
        return None
    into.model = Endpoint(given.url, given.key, given.model)
    return Shortener(into.model.ask)


@dataclass(frozen=True, slots=True)
class Process:
    """What everything that runs in one process has in common."""

    settings: Settings
    store: Store
    library: Library
    core: Core
    clock: Callable[[], datetime]
    pools: Pools
    platforms: Platforms
    shortener: Shortener | None = None


def sender(process: Process, page: Page | None) -> Sender:
    """What sends in this process, woken whenever something is there to be sent."""
    here = {"web": Web(page.stage, page.bell.ring, process.pools.delivery)} if page else {}
    made = Sender(process.store, {**process.platforms.adapters, **here}, process.clock, process.pools.delivery)
    process.platforms.wakes.append(made.wake)
    return made


@asynccontextmanager
async def opened(
    settings: Settings, store: Store, core: Core, clock: Callable[[], datetime], into: Platforms
) -> AsyncIterator[None]:
    """The configured platforms, connected for as long as this lasts. Inside a running loop."""
    async with AsyncExitStack() as stack:
        if into.model:
            await stack.enter_async_context(into.model)
        if settings.slack:
            into.by_name["slack"] = await _slack(settings.slack, settings.public_url, store, core, clock, stack)
        if settings.teams:
            into.by_name["teams"] = await _teams(settings.teams, settings.public_url, store, core, clock, stack)
        yield


async def _slack(
    given: SlackSettings,
    public_url: str,
    store: Store,
    core: Core,
    clock: Callable[[], datetime],
    stack: AsyncExitStack,
) -> Platform:
    from adapters.slack.app import SlackApp
    from adapters.slack.inside import Inside

    def gone(place: Place, reason: str) -> None:
        with store.begin() as tx:
            channels.refuse(tx, place, reason)

    def moved(place: Place, conversation: str) -> None:
        with store.begin() as tx:
            channels.move(tx, place, conversation)

    inside = Inside(
        accept=core.accept,
        handle=core.handle,
        hear=core.hear,
        home=core.home,
        words=lambda key, locale: Words(locale)(key),
        gone=gone,
        moved=moved,
    )
    book = slack_installs.Book(store, clock) if given.client_id else None
    pool = stack.enter_context(ThreadPoolExecutor(8, "slack"))
    behind = stack.enter_context(ThreadPoolExecutor(2 if store.embedded else 4, "slack-behind"))
    credentials = _slack_credentials(given, public_url)
    app = await stack.enter_async_context(SlackApp(credentials, inside, pool, clock, book, behind=behind))
    return Platform(app.platform, app.introduce, app.add_to, app.run if given.app_token else None)


async def _teams(
    given: TeamsSettings,
    public_url: str,
    store: Store,
    core: Core,
    clock: Callable[[], datetime],
    stack: AsyncExitStack,
) -> Platform:
    from adapters.teams.app import Access, Door
    from adapters.teams.connector import Connector
    from adapters.teams.hearing import Hearing
    from adapters.teams.hosts import MICROSOFT
    from adapters.teams.keys import METADATA
    from adapters.teams.platform import Teams

    references, look = References(store, clock), teams_look(public_url)
    hosts = given.service_hosts or MICROSOFT
    connector = Connector(_teams_credentials(given), hosts)
    host = partial(_hosted, store, clock, public_url) if public_url else None
    teams = Teams(connector, references, look, given.app_id, host=host)
    stack.push_async_callback(teams.close)
    pool = stack.enter_context(ThreadPoolExecutor(8, "teams"))
    hearing = Hearing(core, references, teams, look, lambda locale: Words(locale)("failed.try-again"), pool)
    access = Access(given.app_id, frozenset(given.tenants), hosts, given.metadata_url or METADATA)
    return Platform(teams, teams.introduce, Door(access, hearing).add_to)


async def credential_faults(settings: Settings) -> list[str]:
    """What is wrong with the credentials, asked of the platforms themselves: a line each, with what to do."""
    found: list[str] = []
    if settings.slack:
        from adapters.slack.app import faults

        found += await faults(_slack_credentials(settings.slack, settings.public_url))
    if settings.teams:
        from adapters.teams.connector import Connector
        from adapters.teams.token import NoToken

        async with Connector(_teams_credentials(settings.teams)) as connector:
            try:
                await connector.token.get()
            except NoToken as wrong:
                found.append(f"MicrosoftAppId, MicrosoftAppPassword: {wrong}. Copy them again from the registration")
    return found


def _slack_credentials(given: SlackSettings, public_url: str) -> Credentials:
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


def _teams_credentials(given: TeamsSettings) -> TeamsCredentials:
    from adapters.teams.token import SCOPE, SCOPE_GOVERNMENT, Credentials

    government = (urlsplit(given.metadata_url).hostname or "").endswith(".azure.us")
    scope = SCOPE_GOVERNMENT if government else SCOPE
    return Credentials(given.app_id, given.password, given.tenant, given.token_url, scope)


def teams_look(public_url: str) -> Look:
    """The words on the buttons that are the adapter's own, and where the web pages are."""
    from adapters.teams.look import Labels, Look

    def labels(locale: str) -> Labels:
        words = Words(locale)
        return Labels(words("form.fill-in"), words("form.send"), words("form.needed"), words("card.details"))

    return Look(labels, public_url)


def local_page(process: Process, tick: Callable[[], None]) -> Page:
    """The page on which one can be anybody, with the cards as each platform would get them. In local mode only."""
    clock = cast("MovedClock", process.clock)
    stage = Stage(process.store, process.library, process.core, clock)
    stage.open()
    return Page(stage, clock, tick, process.pools.core, Bell(), ways_to_show(), _bounds())


def _bounds() -> Mapping[str, str]:
    from adapters.slack import limits as slack_limits
    from adapters.teams import limits as teams_limits

    return {
        "Slack": f"blocks {slack_limits.MESSAGE:,} characters at most",
        "Teams": f"{teams_limits.ACTIVITY_BYTES:,} bytes at most",
    }


def ways_to_show() -> Mapping[str, Callable[[Card], str]]:
    """A card as text, as each platform gets it, and as it is stored."""
    from adapters.slack.render import message as slack_message
    from adapters.teams.render import message as teams_message

    look = teams_look("")
    return {
        "Plain text": plain_text,
        "Slack": lambda card: _as_json(slack_message(card)),
        "Teams": lambda card: _as_json(teams_message(card, look)),
        "Card as data": lambda card: _as_json(asdict(card)),
    }


def _as_json(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False)


def _hosted(store: Store, clock: Callable[[], datetime], public_url: str, content: bytes) -> str:
    with store.begin() as tx:
        return f"{public_url}/pictures/{stored_pictures.keep(tx, content, clock())}.png"


def pictures(process: Process) -> Pictures:
    """The pictures that a platform reads from an address."""

    def read(token: str) -> bytes | None:
        with process.store.read() as tx:
            return stored_pictures.read(tx, token, process.clock())

    return Pictures(read, process.pools.core)


def calendars(process: Process) -> Calendars:
    """The dates of whoever has a calendar address."""
    here, store, library = _pages(process.settings), process.store, process.library

    def read(token: str) -> bytes | None:
        try:
            return address.read(store, library.current.playbooks, token, process.clock(), here)
        except StoreUnavailable as away:
            log.warning("a calendar could not be read: %s", away)
            raise NotNow from away

    return Calendars(read, process.pools.core)


def board(process: Process) -> Sequence[Routes]:
    """The pages for those with a part in a project; nothing where they are off, since no address leads there."""
    settings, core = process.settings, process.core
    at = _pages(settings)
    if not at:
        return ()
    door = Door(process.store, process.library, process.clock, secrets.randbelow, core.show)
    return (Board(door, at, settings.local and not settings.public_url, process.pools.core).add_to,)


def _routes(process: Process) -> Sequence[Routes]:
    own = (calendars(process).add_to, pictures(process).add_to, *board(process))
    return (*process.platforms.routes, *own)


def face(process: Process, page: Page | None, speaks: bool) -> Face:
    """What the HTTP server shows; only a process that `speaks` has the platforms' ways in and the page."""
    store, library = process.store, process.library

    def key_known(key: str) -> bool:
        try:
            with store.read() as tx:
                return api_keys.key_known(tx, key)
        except StoreUnavailable as away:
            log.warning("a key could not be looked up: %s", away)
            return False

    return Face(
        ready=lambda: serving.readiness(store, library),
        running=lambda: [Running(i.name, i.summary, i.status) for i in library.initiatives()],
        key_known=key_known,
        registry=registry(store, library, process.shortener),
        folder=str(process.settings.playbooks),
        executor=process.pools.core,
        local=page is not None and speaks,
        page=page if speaks else None,
        texts=Texts(
            lambda kind, locales: Text(*privacy.page(kind, locales, library.current.playbooks)), process.pools.core
        ),
        platforms=_routes(process) if speaks else (),
    )
