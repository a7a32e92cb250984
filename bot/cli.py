"""The command line: what each command takes, prints and returns. What lies outside the core comes from `__main__`."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from bot.commands.terminal import Failed, count, end, explained, progress, speak_utf8
from bot.messages import Card
from bot.settings import LARGEST_PORT, Settings, playbooks_folder, quiet_native_threads, read_settings

if TYPE_CHECKING:
    from bot.playbook.model import Fault

PARTS = ("web", "worker", "clock")
Commands = Sequence[tuple[str, str]]

PLAYBOOKS = click.option(
    "--playbooks",
    type=click.Path(path_type=Path),
    help="The playbooks folder. Default: $THROUGHLINE_PLAYBOOKS, else 'playbooks'.",
)


@dataclass(frozen=True, slots=True)
class Outside:
    """What the commands need from outside the core: `serve` runs until it is stopped; `plain` shows a card as text.

    `serve` gets the settings, the parts to run, and whether to listen. `slack_manifest` (address or None, whether to
    hear replies, words with their help) and `teams_package` (address, app id, and the same) raise ValueError for what
    cannot be used. `credential_faults` asks the platforms what is wrong with the credentials.
    """

    serve: Callable[[Settings, frozenset[str], bool], None]
    plain: Callable[[Card], str]
    slack_manifest: Callable[[str | None, bool, Commands], str]
    teams_package: Callable[[str, str, bool, Commands], bytes]
    credential_faults: Callable[[Settings], list[str]]


def now() -> datetime:
    """The moment it is."""
    return datetime.now(UTC)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="throughline", message="throughline %(version)s")
def cli() -> None:
    """Throughline answers why a system is changing, what it means and when, out of playbooks.

    Start with 'throughline serve', or ask something without a server:

    \b
        throughline ask "why are they taking the old system away from us?"

    docs/playbooks.md tells how to write a playbook; 'throughline check' tells what is wrong with one.
    """


@cli.command(short_help="Run the bot.")
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


@cli.command(short_help="Answer a question, or a batch of them.")
@click.argument("question", required=False)
@click.option("--initiative", default="", help="Ask about this initiative, whatever its status.")
@click.option("--locale", default="", help="Answer in this language, for example pt-BR.")
@click.option("--unit", default="", help="Ask as an employee of this unit (an id of units.yaml).")
@click.option("--batch", type=click.File("rb"), help="A file of JSON Lines; - is standard input. See above.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON. Needed with --batch.")
@PLAYBOOKS
@click.pass_obj
def ask(
    outside: Outside,
    question: str | None,
    initiative: str,
    locale: str,
    unit: str,
    batch: BinaryIO | None,
    as_json: bool,
    playbooks: Path | None,
) -> None:
    """Answer one question, or a batch of them, without a server and without a database.

    You are taken to be an employee of every affected unit, or of --unit.

    \b
        throughline ask "why are they taking the old system away from us?"
        throughline ask "what changes for me?" --unit field-sales
        throughline ask --batch questions.jsonl --json > answers.jsonl

    A line of a batch is {"id": 1, "text": "why?"}, with "locale", "initiative" and "unit" if need be. The line that
    comes out has the same id, whether it was answered, the text, how sure that is (0 to 1) and the sources, best first.
    """
    from bot.answers.encoder import embedded
    from bot.commands import asking

    if (question is None) == (batch is None):
        raise click.UsageError('give a question in quotes, or --batch FILE: throughline ask "why is this changing?"')
    if batch is not None and not as_json:
        raise click.UsageError("--batch needs --json")
    try:
        quiet_native_threads()
        desk = asking.Desk(playbooks or playbooks_folder(), now(), embedded(asking.ENCODING_THREADS))
        for fault in desk.errors:
            click.echo(f"left out: {fault}", err=True)
        if batch is not None:
            with progress("answered") as one_more:
                for line in asking.answer_batch(desk, batch, batch.name, outside.plain):
                    click.echo(line)
                    one_more()
            return
        response = desk.answer(asking.Asked(question or "", locale, initiative, unit))
    except asking.Unanswerable as wrong:
        raise Failed(str(wrong)) from None
    click.echo(asking.as_line(response, outside.plain) if as_json else asking.as_text(response, outside.plain))


@cli.command(short_help="Say what is wrong with the playbooks, by file and line.")
@PLAYBOOKS
def check(playbooks: Path | None) -> None:
    """Check every playbook, and print a line for each fault, the file relative to the playbooks folder:

    \b
        crm-renewal/initiative.yaml:12: error: no unit 'feld-sales' in units.yaml
        crm-renewal/faq.md:30: warning: the answer is empty

    An initiative with an error is not taken over: a running bot keeps its last good version. A warning tells what
    people will miss. The status is 1 if there is an error, 0 if there are only warnings.
    """
    from bot.playbook.folder import read_folder
    from bot.playbook.load import check as check_files

    files, faults = read_folder(playbooks or playbooks_folder())
    checked = check_files(files, now().date(), faults)
    for fault in checked.faults:
        click.echo(str(fault))
    errors = sum(1 for fault in checked.faults if fault.level == "error")
    warnings = len(checked.faults) - errors
    good = count(len(checked.playbooks.initiatives), "initiative")
    click.echo(f"{good} usable, {count(errors, 'error')}, {count(warnings, 'warning')}", err=True)
    if errors or not files:
        sys.exit(1)


@cli.command()
def migrate() -> None:
    """Bring the database to the newest schema.

    Run it before a new version starts on PostgreSQL; running it again changes nothing. On SQLite 'serve' does it.
    """
    from bot.commands.opening import connected

    with connected(read_settings()) as store:
        store.migrate()
    click.echo("The database is up to date.")


@cli.command("import-people", short_help="Take over a CSV file as the whole directory.")
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
        report = take_over(tx, read, now(), skip_bad)
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


@cli.command(short_help="Say what each message of a batch is.")
@click.option("--batch", type=click.File("rb"), required=True, help="A file of JSON Lines; - is standard input.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON. Needed with --batch.")
def triage(batch: BinaryIO, as_json: bool) -> None:
    """Say what each message is: kind, driver and severity, without a server, a database or a playbook.

    A line is {"id": 1, "text": "nobody asked us"}, with "locale" if you like. The line that comes out has the same id
    and how likely kind and driver are both right (0 to 1).
    """
    from bot.answers.encoder import embedded
    from bot.commands import triaging
    from bot.triage import Judge

    if not as_json:
        raise click.UsageError("--batch needs --json")
    quiet_native_threads()
    try:
        with progress("judged") as one_more:
            for line in triaging.judge_batch(Judge(embedded(2)), batch, batch.name):
                click.echo(line)
                one_more()
    except triaging.Unjudgeable as wrong:
        raise Failed(str(wrong)) from None


HEAR_REPLIES = click.option(
    "--hear-replies", is_flag=True, help="Ask for the permission to hear replies that do not mention the bot."
)


@cli.command("slack-manifest", short_help="Print the manifest of the Slack app.")
@click.option("--url", help="Where Slack reaches this server, https://…. Without it the app uses Socket Mode.")
@HEAR_REPLIES
@click.pass_obj
def slack_manifest(outside: Outside, url: str | None, hear_replies: bool) -> None:
    """Print the manifest to make the Slack app from, at api.slack.com/apps: "From a manifest".

    docs/slack.md goes through it step by step and explains every permission in it.
    """
    from bot.commands.listing import listed_commands

    try:
        click.echo(outside.slack_manifest(url, hear_replies, listed_commands()))
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from None


@cli.command("teams-package", short_help="Write the package of the Teams app.")
@click.option("--url", required=True, help="Where people reach this server, https://….")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The ZIP file to write.")
@HEAR_REPLIES
@click.pass_obj
def teams_package(outside: Outside, url: str, out: Path, hear_replies: bool) -> None:
    """Write the package (manifest and icons) to upload in the Teams admin centre. MicrosoftAppId must be set.

    docs/teams.md goes through it step by step.
    """
    from bot.commands.listing import listed_commands

    given = read_settings().teams
    if given is None:
        raise Failed("Teams is not configured: set MicrosoftAppId, MicrosoftAppPassword and MicrosoftAppTenantId")
    try:
        content = outside.teams_package(url, given.app_id, hear_replies, listed_commands())
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from None
    try:
        out.write_bytes(content)
    except OSError as wrong:
        raise Failed(f"{out} cannot be written: {wrong.strerror}") from None
    click.echo(f"{out} is ready to be uploaded ({len(content)} bytes)")


@cli.command(short_help="Check the whole installation; say how to mend it.")
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
    for finding in command.examine(lambda: read_settings(playbooks=playbooks), opened, now(), ask, by_name):
        click.echo(str(finding))
        bad = bad or finding.level == "bad"
    sys.exit(1 if bad else 0)


@cli.command(short_help="What people asked and the playbooks did not answer.")
@click.option("--initiative", help="Only this initiative.")
@click.option("--patch", is_flag=True, help="Print the gaps as questions to paste into a faq.md.")
def gaps(initiative: str | None, patch: bool) -> None:
    """What people asked and the playbook did not answer, by number of askers; and which answers help."""
    from bot.commands import gaps as command
    from bot.commands.opening import opened

    with opened(read_settings()) as store, store.read() as tx:
        in_force = command.in_force(tx)
        if initiative and initiative not in in_force.initiatives:
            there = ", ".join(sorted(in_force.initiatives)) or "none"
            raise Failed(f"no initiative {initiative!r} is in force; there is: {there}")
        for line in command.patch(tx, initiative) if patch else command.lines(tx, in_force, initiative):
            click.echo(line)


@cli.command()
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


@cli.command("export-person", short_help="Print everything stored about a person.")
@click.argument("person", metavar="E-MAIL")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="A file that only you can read.")
@click.pass_obj
def export_person(outside: Outside, person: str, out: Path | None) -> None:
    """Print everything stored about a person, as JSON. What they raised without a name never appears."""
    from bot.commands import persons
    from bot.commands.opening import opened

    with opened(read_settings()) as store, store.begin() as tx:
        text = persons.exported(tx, persons.known(tx, person), outside.plain, now())
        if out:
            persons.write_privately(out, text)
    if not out:
        click.echo(text, nl=False)


@cli.command("erase-person", short_help="Erase a person; say what stays and why.")
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
                stays = persons.erase(tx, person, settings.playbooks, now())
            click.echo(f"{person} is erased. What stays, and why:")
            for line in stays:
                click.echo(line)
        for line in persons.finish(store):
            click.echo(line)


@cli.command("new-key")
@click.option("--name", default="", help="Whose key it is, for your records.")
def new_key(name: str) -> None:
    """Make a key for /api and /metrics. It is shown once and cannot be shown again."""
    from bot.commands.opening import opened
    from bot.store import api_keys
    from bot.store import audit as trail

    if not name.isprintable():
        raise click.UsageError("--name: write it on one line, without control characters")
    with opened(read_settings()) as store, store.begin() as tx:
        key = api_keys.new_key(tx, name, now())
        trail.note(tx, "", "key.made", name or "unnamed", now())
    click.echo(key)


def _named(arguments: Sequence[str]) -> str:
    """The command in these arguments: the parser of options does not know whose they are."""
    return " ".join(["throughline", *(name for name in arguments[:1] if name in cli.commands)])


def run(outside: Outside) -> None:
    """Runs the command line. One line on standard error for what went wrong: status 2 for wrong use, else 1."""
    speak_utf8()
    try:
        status = cli.main(prog_name="throughline", standalone_mode=False, obj=outside)
    except click.exceptions.NoArgsIsHelpError as help_wanted:
        click.echo(help_wanted.format_message(), err=True)
        sys.exit(2)
    except click.UsageError as wrong:
        command = wrong.ctx.command_path if wrong.ctx else _named(sys.argv[1:])
        end(command, f"{wrong.format_message()} (see '{command} --help')", 2)
    except click.Abort:
        sys.exit(130)
    except Exception as wrong:  # noqa: BLE001 - the last resort: no command ends in a traceback
        end("throughline", *explained(wrong))
    sys.exit(status if isinstance(status, int) else 0)
