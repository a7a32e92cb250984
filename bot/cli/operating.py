"""The commands of whoever runs the bot: start it, keep it whole, look after it."""

from __future__ import annotations

import logging
import sys
from datetime import date
from pathlib import Path

import click

from bot.cli import clock
from bot.cli.options import PLAYBOOKS
from bot.cli.outside import Outside
from bot.commands.terminal import Failed
from bot.settings import LARGEST_PORT, read_settings

PARTS = ("web", "worker", "clock")


@click.command(short_help="Run the bot.")
@click.option("--host", help="Listen address. Default: $HOST, else 127.0.0.1.")
@click.option(
    "--port", type=click.IntRange(0, LARGEST_PORT), help="Port; 0 takes a free one. Default: $PORT, else 3978."
)
@click.option("--only", type=click.Choice(PARTS), help="Run one part (needs PostgreSQL).")
@PLAYBOOKS
@click.pass_obj
def serve(outside: Outside, host: str | None, port: int | None, only: str | None, playbooks: Path | None) -> None:
    """Run the bot until it is stopped: web, delivery worker and clock in one process, or one of them with --only.

    On a fresh machine it needs nothing else: it makes its database in var/, takes the sample playbooks and prints
    the address of a page that says what is running. Edits of the playbooks are taken over within seconds.

    With --only, worker and clock listen (for /healthz, /readyz, /metrics) only if --port is given.
    """
    settings = read_settings(host=host, port=port, playbooks=playbooks)
    if only and settings.embedded:
        raise click.UsageError(
            f"--only {only} needs PostgreSQL: SQLite is for one process. Set DATABASE_URL, or leave out --only"
        )
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    for chatty in ("alembic", "apscheduler", "aiohttp.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    listens = only in (None, "web") or port is not None
    outside.serve(settings, frozenset([only] if only else PARTS), listens)


@click.command()
def migrate() -> None:
    """Bring the database to the newest schema.

    Run it before a new version starts on PostgreSQL; running it again changes nothing. On SQLite 'serve' does it.
    """
    from bot.commands.opening import connected

    with connected(read_settings()) as store:
        store.migrate()
    click.echo("The database is up to date.")


@click.command(short_help="Check the whole installation; say how to mend it.")
@click.option("--list", "by_name", is_flag=True, help="Name the people who cannot be reached.")
@PLAYBOOKS
@click.pass_obj
def doctor(outside: Outside, by_name: bool, playbooks: Path | None) -> None:
    """Check configuration, database, playbooks, people and channels; one line each, with what to do about it.

    A line is ok, a note, or BAD; the status is 1 if anything is bad.
    """
    from bot.commands import doctor as command
    from bot.commands.opening import opened

    bad = False
    ask = outside.credential_faults
    for finding in command.examine(lambda: read_settings(playbooks=playbooks), opened, clock.now(), ask, by_name):
        click.echo(str(finding))
        bad = bad or finding.level == "bad"
    sys.exit(1 if bad else 0)


@click.command()
@click.option("--since", metavar="DATE", help="Only lines from this day on (2027-03-15).")
def audit(since: str | None) -> None:
    """Verify the audit chain and print who did what. Status 1 if the chain is broken."""
    from bot.commands import auditing
    from bot.commands.opening import opened

    try:
        start = date.fromisoformat(since) if since else None
    except ValueError:
        raise click.UsageError(f"--since {since}: write the date like 2027-03-15") from None
    with opened(read_settings()) as store, store.read() as tx:
        for line in auditing.lines(tx, start):
            click.echo(line)
        whole, words = auditing.verdict(tx)
    if not whole:
        raise Failed(words)
    click.echo(words, err=True)


@click.command("new-key")
@click.option("--name", default="", help="Whose key it is, for your records.")
def new_key(name: str) -> None:
    """Make a key for /api and /metrics. It is shown once and cannot be shown again."""
    from bot.commands.opening import opened
    from bot.store import api_keys
    from bot.store import audit as trail

    if not name.isprintable():
        raise click.UsageError("--name: write it on one line, without control characters")
    with opened(read_settings()) as store, store.begin() as tx:
        key = api_keys.new_key(tx, name, clock.now())
        trail.note(tx, "", "key.made", name or "unnamed", clock.now())
    click.echo(key)
