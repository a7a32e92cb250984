"""Opening the database that the settings name, for one command: brought up to date, closed, its faults in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from bot.commands.terminal import Failed
from bot.settings import Settings
from bot.store import Seal, SealBroken, Store, StoreUnavailable


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    """The database that the settings name, for as long as the block lasts.

    An embedded one is brought up to date first. Raises `Failed` where the schema of a server is older than this
    program, and for every fault of the database or the secret, also inside the block.
    """
    with connected(settings) as store:
        if store.embedded:
            store.migrate()
        elif not store.schema_is_current():
            raise Failed("the database schema is older than this program: run 'throughline migrate'")
        yield store


@contextmanager
def connected(settings: Settings) -> Iterator[Store]:
    """As `opened`, with whatever schema the database has."""
    try:
        with closing(Store.open(settings.database_url, secret=Seal(settings.secrets))) as store:
            yield store
    except (StoreUnavailable, SealBroken) as wrong:
        raise Failed(str(wrong)) from wrong
