"""The commands of whoever writes playbooks: what the bot would say, what is wrong, and what people miss."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import BinaryIO

import click

from bot.cli import clock
from bot.cli.options import PLAYBOOKS
from bot.cli.outside import Outside
from bot.commands.terminal import Failed, count, progress
from bot.settings import playbooks_folder, quiet_native_threads, read_settings


@click.command(short_help="Answer a question, or a batch of them.")
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
        desk = asking.Desk(playbooks or playbooks_folder(), clock.now(), embedded(asking.ENCODING_THREADS))
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


@click.command(short_help="Say what is wrong with the playbooks, by file and line.")
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
    checked = check_files(files, clock.now().date(), faults)
    for fault in checked.faults:
        click.echo(str(fault))
    errors = sum(1 for fault in checked.faults if fault.level == "error")
    warnings = len(checked.faults) - errors
    good = count(len(checked.playbooks.initiatives), "initiative")
    click.echo(f"{good} usable, {count(errors, 'error')}, {count(warnings, 'warning')}", err=True)
    if errors or not files:
        sys.exit(1)


@click.command(short_help="What people asked and the playbooks did not answer.")
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


@click.command(short_help="Say what each message of a batch is.")
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
