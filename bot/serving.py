"""Serving: puts the parts of a running bot together and keeps them running until it is told to stop.

It knows no platform: adapters, the HTTP face and the clock are handed in by `__main__`.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from datetime import datetime
from pathlib import Path

from bot.answers.language import detect
from bot.core import Core
from bot.faults import described
from bot.library import Library
from bot.moved_clock import MovedClock
from bot.people.directory import import_people
from bot.people.people_file import read_people
from bot.playbook.folder import read_folder
from bot.stage import PLATFORM
from bot.store import accounts, deliveries, lanes
from bot.store.engine import Store
from bot.store.faults import StoreUnavailable
from bot.words import LANGUAGES, catalogue

log = logging.getLogger(__name__)

LOOK_AT_PLAYBOOKS_SECONDS = 2.0
# What cannot be handled is found again each time, and must not keep the process from starting.
PICK_UPS_AT_START = 20


def readiness(store: Store, library: Library) -> tuple[str, list[str]]:
    """Why the process is not ready, or '', and a note for each broken playbook."""
    notes = _broken(library)
    try:
        if not store.schema_is_current():
            return "the database schema is older than this program: run 'throughline migrate'", notes
    except StoreUnavailable as away:
        return str(away), notes
    if not library.current.playbooks.initiatives:
        return "no playbook is usable; 'throughline check' says why", notes
    return "", notes


def _broken(library: Library) -> list[str]:
    """One line for each playbook that is broken, however much is wrong with it; files beside them are one by one."""
    first: dict[str, str] = {}
    errors = Counter[str]()
    for fault in library.faults:
        folder, _, name = fault.file.partition("/")
        where = folder if name else fault.file
        first.setdefault(where, str(fault))
        errors[where] += 1
    in_force = library.current.playbooks.initiatives
    return [
        f"broken: {text}"
        + (f" (and {errors[where] - 1} more)" if errors[where] > 1 else "")
        + ("; its last good version stays in force" if where in in_force else "")
        for where, text in first.items()
    ]


async def watch_playbooks(
    library: Library, clock: Callable[[], datetime], executor: Executor, stop: asyncio.Event
) -> None:
    """Takes over edits of the playbooks within seconds, until `stop`."""
    loop = asyncio.get_running_loop()
    while not stop.is_set():
        try:
            if await loop.run_in_executor(executor, library.refresh, clock()):
                log.info("playbooks in force: %s", ", ".join(sorted(library.current.playbooks.initiatives)))
        except StoreUnavailable as away:
            log.warning("the playbooks could not be stored: %s", away)
        except Exception as fault:  # noqa: BLE001 - whatever it is, the last good ones must stay in force
            log.error("the playbooks could not be read; the last good ones stay in force: %s", described(fault))
        await _pause(stop, LOOK_AT_PLAYBOOKS_SECONDS)


async def encode_playbooks(library: Library, executor: Executor, stop: asyncio.Event) -> None:
    """Encodes what is new in the playbooks, a few texts at a time, until `stop`. `executor` is for this alone."""
    while not stop.is_set():
        more = False
        try:
            more = await asyncio.get_running_loop().run_in_executor(executor, library.encode)
        except StoreUnavailable as away:
            log.warning("what was encoded could not be stored: %s", away)
        except Exception as fault:  # noqa: BLE001 - whatever it is, finding by words goes on
            log.error("passages could not be encoded: %s", described(fault))
        if not more:
            await _pause(stop, LOOK_AT_PLAYBOOKS_SECONDS)


async def watch_clock(clock: MovedClock, executor: Executor, stop: asyncio.Event) -> None:
    """Takes over within seconds how far another process moved the clock, until `stop`."""
    while not stop.is_set():
        try:
            await asyncio.get_running_loop().run_in_executor(executor, clock.refresh)
        except StoreUnavailable as away:
            log.warning("the clock could not be read: %s", away)
        await _pause(stop, LOOK_AT_PLAYBOOKS_SECONDS)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


def warm_up() -> None:
    """Loads what takes a second to load, so that the first person who writes does not wait for it."""
    detect("a whole sentence in some language", LANGUAGES)
    for language in LANGUAGES:
        catalogue(language)


def ticking(core: Core, clock: Callable[[], datetime]) -> Callable[[], None]:
    """The core's tick at the clock's moment: what goes wrong is told in the log and left to the next tick."""

    def tick() -> None:
        try:
            core.tick(clock())
        except StoreUnavailable as away:
            log.warning("a tick could not be done, the next one follows: %s", away)
        except Exception as fault:  # noqa: BLE001 - whatever it is, the clock must go on
            log.error("a tick failed, the next one follows: %s", described(fault))

    return tick


def pick_up_at_start(core: Core, store: Store, now: datetime, alone: bool) -> None:
    """Handles what an earlier process accepted, the rest is left to the clock.

    `alone` says that no other process can be handling or sending it.
    """
    if alone:
        with store.begin() as tx:
            lanes.free_all(tx)
    for _ in range(PICK_UPS_AT_START):
        if not core.pick_up(now, at_start=alone):
            return


async def run_all(parts: list[Awaitable[None]], stop: asyncio.Event) -> None:
    """Runs the parts until one fails or `stop` is set; then all have been asked to stop and are waited for."""
    tasks = [asyncio.ensure_future(part) for part in parts]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()
    finally:
        stop.set()
        await asyncio.gather(*tasks, return_exceptions=True)


def leave_local_mode(store: Store, now: datetime) -> None:
    """Forgets the accounts of the local page once it is off: nothing that is for a person may wait there for ever."""
    with store.begin() as tx:
        accounts.forget_accounts(tx, PLATFORM)
        cancelled = deliveries.cancel_for(tx, PLATFORM, "the local page is off", now)
    if cancelled:
        log.warning("%d messages for the local page were cancelled: it is off", cancelled)


def import_sample_people(store: Store, library: Library, folder: Path, now: datetime) -> None:
    """Takes over the sample people of the playbooks folder, if there are any; bad rows are reported and left out."""
    content = read_folder(folder)[0].get("people.csv")
    if content is None:
        return
    read = read_people(content, frozenset(library.current.playbooks.organisation.units))
    for fault in read.faults:
        log.warning("left out: %s", fault)
    with store.begin() as tx:
        import_people(tx, read, now, skip_bad=True)
