"""The terminal: how progress and failures of a command reach it, in words. It knows no command."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import click

from bot.configured import Misconfigured
from bot.faults import described


class Failed(Exception):
    """Something could not be done; the text is one line that a person can act on. Exit status 1."""


def speak_utf8() -> None:
    """Makes standard output and error UTF-8, as JSON Lines are wherever they go; what is no text is shown escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def count(n: int, what: str) -> str:
    """A number with its noun: '1 error', '2 errors'."""
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


@contextmanager
def progress(done: str) -> Iterator[Callable[[], None]]:
    """Counts on the terminal, unless the results themselves appear there."""
    shown = sys.stderr.isatty() and not sys.stdout.isatty()
    counted = 0

    def one_more() -> None:
        nonlocal counted
        counted += 1
        if shown:
            click.echo(f"\r{counted} {done}", err=True, nl=False)

    yield one_more
    if shown:
        click.echo(err=True)


def explained(wrong: Exception) -> tuple[str, int]:
    """What went wrong in words, and the exit status of it: 2 for wrong use, else 1."""
    match wrong:
        case Misconfigured():
            return str(wrong), 2
        case Failed():
            return str(wrong), 1
        case click.ClickException():
            return wrong.format_message(), 1
        case OSError(strerror=str(reason)):
            where = f"{os.fsdecode(wrong.filename)}: " if wrong.filename else ""
            return f"{where}{reason}", 1
        case _:
            return f"this is a fault of Throughline itself, please report it: {described(wrong)}", 1


def end(command: str, message: str, status: int) -> NoReturn:
    """Ends the process with one line on standard error."""
    click.echo(f"{command}: {' '.join(message.split())}", err=True)
    sys.exit(status)
