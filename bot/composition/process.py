"""What everything that runs in one process has in common: settings, store, core, clock, threads, platforms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from adapters.web.platform import Web
from adapters.web.visiting import Page
from bot.composition.platforms import Platforms
from bot.delivery.sender import Sender
from bot.settings import Settings
from bot.shortening import Shortener
from bot.turn import Deployment

if TYPE_CHECKING:
    from bot.core import Core
    from bot.library import Library
    from bot.store import Store

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


def deployment(settings: Settings, platforms: Platforms) -> Deployment:
    """What is so wherever this runs; the platforms may be opened later."""
    return Deployment(pages(settings), platforms.pace)


def pages(settings: Settings) -> str:
    """The address under which people reach the web pages, without a slash at its end; '' where they do not. In local
    mode the listen address stands in.
    """
    if settings.public_url or not (settings.local and settings.port):
        return settings.public_url
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"
