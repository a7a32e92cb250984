"""The HTTP face of a process, and the pages and files behind addresses of their own."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

from adapters.web.app import Face, Running
from adapters.web.board import Board
from adapters.web.calendar import Calendars, NotNow
from adapters.web.pictures import Pictures
from adapters.web.texts import Text, Texts
from adapters.web.visiting import Page
from bot import privacy, serving
from bot.board.link import Door
from bot.composition.platforms import Routes
from bot.composition.process import Process, pages
from bot.following import address
from bot.metrics import registry
from bot.store import StoreUnavailable, api_keys
from bot.store import pictures as stored_pictures

if TYPE_CHECKING:
    pass

log = logging.getLogger(__name__)


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


def _routes(process: Process) -> Sequence[Routes]:
    own = (calendars(process).add_to, pictures(process).add_to, *board(process))
    return (*process.platforms.routes, *own)


def board(process: Process) -> Sequence[Routes]:
    """The pages for those with a part in a project; nothing where they are off, since no address leads there."""
    settings, core = process.settings, process.core
    at = pages(settings)
    if not at:
        return ()
    door = Door(process.store, process.library, process.clock, secrets.randbelow, core.show)
    return (Board(door, at, settings.local and not settings.public_url, process.pools.core).add_to,)


def calendars(process: Process) -> Calendars:
    """The dates of whoever has a calendar address."""
    here, store, library = pages(process.settings), process.store, process.library

    def read(token: str) -> bytes | None:
        try:
            return address.read(store, library.current.playbooks, token, process.clock(), here)
        except StoreUnavailable as away:
            log.warning("a calendar could not be read: %s", away)
            raise NotNow from away

    return Calendars(read, process.pools.core)


def pictures(process: Process) -> Pictures:
    """The pictures that a platform reads from an address."""

    def read(token: str) -> bytes | None:
        with process.store.read() as tx:
            return stored_pictures.read(tx, token, process.clock())

    return Pictures(read, process.pools.core)
