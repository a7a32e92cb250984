"""The composition root: environment in, running bot out. The only module of the core that knows the adapters."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

import click

from adapters.plain import plain_text
from bot.cli import run
from bot.cli.clock import now
from bot.cli.outside import Commands, Outside
from bot.commands.terminal import Failed
from bot.settings import Settings, quiet_native_threads

if TYPE_CHECKING:
    from adapters.web.app import Face
    from bot.composition.process import Process
    from bot.library import Library
    from bot.store import Store

TO_TRY = """Three things to try there:
  1. Be an employee and ask "what changes for me?", then something that nobody has written down
  2. Let it ask who leads the project, open a second window as that person, answer, and see it arrive in the first
  3. Mention @throughline in a channel, or move the clock to next Monday"""


def main() -> None:
    """Runs the command line."""
    run(Outside(serve, plain_text, slack_manifest, teams_package, credential_faults))


def slack_manifest(url: str | None, hear_replies: bool, commands: Commands) -> str:
    """The manifest as YAML. ValueError says what cannot be used."""
    from adapters.slack.manifest import manifest
    from bot.playbook.yaml12 import written

    return written(manifest(url, hear_replies, commands))


def teams_package(url: str, app_id: str, hear_replies: bool, commands: Commands) -> bytes:
    """The ZIP to upload. ValueError says what cannot be used."""
    from adapters.teams.package import build

    return build(url, app_id, commands, hear_replies=hear_replies)


def credential_faults(settings: Settings) -> list[str]:
    """What the configured platforms say is wrong with the credentials; nothing where all is well."""
    from bot.composition import opening

    return asyncio.run(opening.credential_faults(settings))


def serve(settings: Settings, parts: frozenset[str], listens: bool) -> None:
    """Runs these parts of the bot in this process until it is told to stop. Raises what keeps it from starting."""
    from bot.commands.opening import opened

    with opened(settings) as store:
        asyncio.run(_serve(settings, store, parts, listens))


async def _serve(settings: Settings, store: Store, parts: frozenset[str], listens: bool) -> None:
    # Only what serves needs these; the other commands answer a second sooner without them.
    from bot import serving
    from bot.answers.encoder import embedded
    from bot.composition import opening
    from bot.composition.platforms import Platforms
    from bot.composition.process import FORMS, Process, deployment, pools
    from bot.core import Core
    from bot.library import Library
    from bot.moved_clock import MovedClock

    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    clock = MovedClock(store, now) if settings.local else now
    quiet_native_threads()
    library = Library(store, settings.playbooks, embedded())
    library.refresh(clock())
    if settings.local:
        serving.import_sample_people(store, library, settings.playbooks, clock())
    else:
        serving.leave_local_mode(store, clock())
    platforms = Platforms()
    shortener = opening.shortener(settings, platforms)
    shorten = (lambda brief: shortener.shorten(brief, clock())) if shortener else None
    with pools() as threads:
        threads.core.submit(serving.warm_up)
        core = Core(
            store,
            library,
            clock,
            FORMS,
            platforms.wake,
            introduce=platforms.introduce,
            shorten=shorten,
            deployment=deployment(settings, platforms),
        )
        async with opening.opened(settings, store, core, clock, platforms):
            process = Process(settings, store, library, core, clock, threads, platforms, shortener)
            await serving.run_all(await _running(process, parts, listens, stop), stop)


async def _running(
    process: Process, parts: frozenset[str], listens: bool, stop: asyncio.Event
) -> list[Awaitable[None]]:
    """Everything that runs in this process, by the parts of the bot that it is to be."""
    from adapters.clock import Clock
    from bot import serving
    from bot.composition import local, web
    from bot.composition.process import sender
    from bot.moved_clock import MovedClock

    core, clock, library, pools = process.core, process.clock, process.library, process.pools
    tick = serving.ticking(core, clock)
    page = local.local_page(process, tick) if isinstance(clock, MovedClock) else None
    sending = sender(process, page)
    running: list[Awaitable[None]] = [
        serving.watch_playbooks(library, clock, pools.core, stop),
        serving.encode_playbooks(library, pools.encoding, stop),
    ]
    if isinstance(clock, MovedClock) and not process.settings.embedded:
        running.append(serving.watch_clock(clock, pools.core, stop))
    if "worker" in parts:
        pick_up = partial(serving.pick_up_at_start, core, process.store, clock(), alone=process.settings.embedded)
        await asyncio.get_running_loop().run_in_executor(pools.core, pick_up)
        running.append(sending.run(stop))
    if "clock" in parts:
        running.append(Clock(lambda _: tick(), now, pools.core).run(stop))
    if "web" in parts:
        running += [platform.run(stop) for platform in process.platforms.by_name.values() if platform.run]
    if listens:
        face = web.face(process, page, speaks="web" in parts)
        running.append(_listen(face, process.settings, stop, _announce(process.settings, library)))
    return running


async def _listen(face: Face, settings: Settings, stop: asyncio.Event, ready: Callable[[int], None]) -> None:
    from adapters.web.app import application, listen

    try:
        await listen(application(face), settings.host, settings.port, stop, ready)
    except OSError as wrong:
        # The loop's own words name the address a second time.
        reason = os.strerror(wrong.errno) if wrong.errno and wrong.errno > 0 else wrong.strerror
        raise Failed(
            f"cannot listen on {settings.host}:{settings.port}: {reason}."
            " Choose another --port or --host, or stop what listens there"
        ) from wrong


def _announce(settings: Settings, library: Library) -> Callable[[int], None]:
    def announce(port: int) -> None:
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        there = ", ".join(i.name for i in library.initiatives()) or "no playbook yet"
        click.echo(f"Throughline is running at http://{host}:{port}/ with: {there}")
        if settings.local:
            click.echo(TO_TRY)
        click.echo("Stop it with Ctrl-C.")

    return announce


if __name__ == "__main__":
    main()
