"""The command line: what each command takes, prints and returns. What lies outside the core comes from `__main__`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from bot.cli import apps, operating, persons, writing
from bot.cli.outside import Outside
from bot.commands.terminal import end, explained, speak_utf8

COMMANDS = (
    operating.serve,
    operating.migrate,
    operating.doctor,
    operating.audit,
    operating.new_key,
    writing.ask,
    writing.check,
    writing.gaps,
    writing.triage,
    persons.import_people,
    persons.export_person,
    persons.erase_person,
    apps.slack_manifest,
    apps.teams_package,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="throughline", message="throughline %(version)s")
def cli() -> None:
    """Throughline answers why a system is changing, what it means and when, out of playbooks.

    Start with 'throughline serve', or ask something without a server:

    \b
        throughline ask "why are they taking the old system away from us?"

    docs/playbooks.md tells how to write a playbook; 'throughline check' tells what is wrong with one.
    """


for command in COMMANDS:
    cli.add_command(command)


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
