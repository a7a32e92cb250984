"""The commands about people: who there is, what is stored about one of them, and its erasure."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli import clock
from bot.cli.options import PLAYBOOKS
from bot.cli.outside import Outside
from bot.commands.terminal import Failed, count
from bot.settings import read_settings

if TYPE_CHECKING:
    from bot.playbook.fault import Fault


@click.command("import-people", short_help="Take over a CSV file as the whole directory.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--skip-bad", is_flag=True, help="Import the good rows; people on bad rows stay as before.")
@PLAYBOOKS
def import_people(file: Path, skip_bad: bool, playbooks: Path | None) -> None:
    """Take over FILE (CSV) as the whole directory. Who is missing from it is marked as left, never deleted.

    \b
    The first line is the header:
        email,name,unit,manager,locale,timezone,roles,start_date
    and optionally location,working_days,working_hours.

    Every bad row is named with its line, and then nothing is imported at all, unless --skip-bad is given.
    """
    from bot.commands.opening import opened
    from bot.people.directory import import_people as take_over
    from bot.people.people_file import read_people
    from bot.playbook.folder import read_folder
    from bot.playbook.load import assemble

    settings = read_settings(playbooks=playbooks)
    units = assemble(read_folder(settings.playbooks)[0]).organisation.units
    if not units:
        raise Failed(
            f"there are no units in {settings.playbooks / 'units.yaml'} that rows could name;"
            " name the right folder with --playbooks, or run 'throughline check'"
        )
    read = read_people(file.read_bytes(), frozenset(units), file.name)
    with opened(settings) as store, store.begin() as tx:
        report = take_over(tx, read, clock.now(), skip_bad)
    for fault in report.rejected:
        click.echo(str(fault), err=True)
    for address in report.left:
        click.echo(f"left: {address}")
    if not report.done:
        raise Failed(f"nothing was imported; {_cure(report.rejected, skip_bad)}")
    rejected = count(len({fault.line for fault in report.rejected}), "row")
    click.echo(f"{report.people} people imported, {len(report.left)} marked as left, {rejected} rejected")


def _cure(rejected: Sequence[Fault], skip_bad: bool) -> str:
    if not rejected:
        return "the file has no row"
    return "mend the rows above" if skip_bad else "mend the rows above, or use --skip-bad"


@click.command("export-person", short_help="Print everything stored about a person.")
@click.argument("person", metavar="E-MAIL")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="A file that only you can read.")
@click.pass_obj
def export_person(outside: Outside, person: str, out: Path | None) -> None:
    """Print everything stored about a person, as JSON. What they raised without a name never appears."""
    from bot.commands import persons
    from bot.commands.opening import opened

    with opened(read_settings()) as store, store.begin() as tx:
        text = persons.exported(tx, persons.known(tx, person), outside.plain, clock.now())
        if out:
            persons.write_privately(out, text)
    if not out:
        click.echo(text, nl=False)


@click.command("erase-person", short_help="Erase a person; say what stays and why.")
@click.argument("person", metavar="E-MAIL")
@click.option("--yes", is_flag=True, help="Do not ask.")
@PLAYBOOKS
def erase_person(person: str, yes: bool, playbooks: Path | None) -> None:
    """Erase everything stored about a person, and print what stays and why. It cannot be undone.

    Export first if it may be asked for. What they still hold is listed before; hand it over in chat first.
    What they raised without a name is neither named nor touched: its author handles it in chat.
    """
    from bot.commands import persons
    from bot.commands.opening import opened

    settings = read_settings(playbooks=playbooks)
    with opened(settings) as store:
        with store.begin() as tx:
            if versions := persons.erase_versions(tx, person):
                click.echo(f"{count(versions, 'earlier version')} of playbooks that named {person} deleted.")
        if not versions:
            with store.read() as tx:
                for line in persons.before(tx, persons.known(tx, person)):
                    click.echo(line, err=True)
            if not yes:
                if not sys.stdin.isatty():
                    raise click.UsageError("there is no terminal to ask on: add --yes if it is to be erased")
                click.confirm(f"Erase everything about {person}?", abort=True, err=True)
            with store.begin() as tx:
                stays = persons.erase(tx, person, settings.playbooks, clock.now())
            click.echo(f"{person} is erased. What stays, and why:")
            for line in stays:
                click.echo(line)
        for line in persons.finish(store):
            click.echo(line)
