"""The command line run in this process, through its real entry point."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.__main__ import main
from tests.commands.deployment import Ended, clean_environment, write_playbooks

Run = Callable[..., Ended]


class Stdin(io.BytesIO):
    """Standard input with these bytes in it, under the name that a process gives it."""

    name = "<stdin>"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with the small playbooks in it, and nothing set in the environment."""
    for variable in set(os.environ) - clean_environment().keys():
        monkeypatch.delenv(variable)
    monkeypatch.chdir(tmp_path)
    write_playbooks(tmp_path / "playbooks")
    return tmp_path


@pytest.fixture
def run(place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line; the words are its arguments, `stdin` its input, the rest environment variables."""

    def run(*arguments: str, stdin: bytes | Stdin = b"", **variables: str) -> Ended:
        capsys.readouterr()
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["throughline", *arguments])
            patch.setattr(
                sys, "stdin", io.TextIOWrapper(stdin if isinstance(stdin, Stdin) else Stdin(stdin), encoding="utf-8")
            )
            for name, value in variables.items():
                patch.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                main()
        printed = capsys.readouterr()
        status = ended.value.code
        assert isinstance(status, int)
        assert "Traceback" not in printed.err
        assert "fault of Throughline itself" not in printed.err
        return Ended(status, printed.out, printed.err)

    return run
