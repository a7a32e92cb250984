"""What holds for every command: help worth reading, one-line errors, exit statuses, no traceback."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.plain import plain_text
from bot.__main__ import credential_faults, slack_manifest, teams_package
from bot.cli import run as run_command_line
from bot.cli.outside import Outside
from bot.settings import Settings
from tests.commands.conftest import Run, Stdin
from tests.commands.deployment import throughline

COMMANDS = ("serve", "ask", "check", "migrate", "import-people", "slack-manifest", "teams-package", "doctor", "gaps",
            "audit", "new-key", "triage", "export-person", "erase-person")  # fmt: skip
# What the help of a command must tell besides its usage.
TOLD = {
    "serve": ("--host", "--port", "--only", "--playbooks", "3978", "PostgreSQL"),
    "ask": ("--initiative", "--locale", "--unit", "--playbooks", "--json", "--batch", '"id"', "standard input"),
    "check": ("--playbooks", "error", "warning", "status is 1"),
    "migrate": ("newest schema",),
    "import-people": ("--skip-bad", "marked as left", "never deleted", "email,name,unit,manager"),
    "triage": ("--batch", "--json", '"id"', "standard input"),
    "slack-manifest": ("--url", "Socket Mode", "--hear-replies", "docs/slack.md"),
    "teams-package": ("--url", "--out", "--hear-replies", "MicrosoftAppId", "docs/teams.md"),
    "doctor": ("one line each", "status is 1", "--list"),
    "gaps": ("--initiative", "--patch", "faq.md"),
    "audit": ("--since", "2027-03-15", "broken"),
    "new-key": ("shown once", "/metrics"),
    "export-person": ("E-MAIL", "--out", "as JSON", "without a name"),
    "erase-person": ("E-MAIL", "--yes", "--playbooks", "cannot be undone", "what stays and why"),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_tells_what_a_command_takes_and_does(run: Run, command: str, flag: str) -> None:
    ended = run(command, flag)
    assert (ended.status, ended.err) == (0, "")
    told = " ".join(ended.out.split())
    for word in TOLD[command]:
        assert word in told
    assert max(len(line) for line in ended.out.splitlines()) <= 100


def test_the_list_of_commands_is_complete_and_no_line_of_it_is_cut(run: Run) -> None:
    ended = run("--help")
    listed = ended.out.split("Commands:\n")[1]
    assert [line.split()[0] for line in listed.splitlines()] == sorted(COMMANDS)
    assert "..." not in listed


def test_without_a_command_the_help_is_shown(run: Run) -> None:
    ended = run()
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith("Usage: throughline [OPTIONS] COMMAND")


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_option_is_wrong_use(run: Run, command: str) -> None:
    ended = run(command, "--loud")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith(f"throughline {command}: ")
    assert "--loud" in ended.err
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nonsense",), "nonsense"),
        (("check", "extra"), "extra"),
        (("import-people",), "FILE"),
        (("import-people", "none.csv"), "none.csv"),
        (("import-people", "playbooks"), "playbooks"),
        (("serve", "--port", "http"), "--port"),
        (("serve", "--port", "65536"), "--port"),
        (("serve", "--only", "everything"), "--only"),
        (("serve", "--only", "worker"), "--only worker needs PostgreSQL"),
        (("audit", "--since", "yesterday"), "write the date like 2027-03-15"),
        (("audit", "--since", "2027-02-30"), "write the date like 2027-03-15"),
        (("new-key", "--name", "two\nlines"), "--name"),
        (("new-key", "--name", "\udcff"), "--name"),
    ],
)
def test_wrong_use_is_one_line_and_status_2(run: Run, arguments: tuple[str, ...], says: str) -> None:
    ended = run(*arguments)
    assert (ended.status, ended.out) == (2, "")
    assert says in ended.err
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "variables", "says"),
    [
        (("serve", "--host", "192.0.2.1"), {"THROUGHLINE_LOCAL": "1"}, "THROUGHLINE_LOCAL=1 lets anybody"),
        (("serve",), {"PORT": "http"}, "PORT is 'http'"),
        (("serve",), {"MicrosoftAppId": "id"}, "Teams is half configured: MicrosoftAppPassword, MicrosoftAppTenantId"),
        (("migrate",), {"DATABASE_URL": "oracle"}, "DATABASE_URL names no database"),
        (("migrate",), {"DATABASE_URL": "postgres://h/d"}, "THROUGHLINE_SECRET is missing"),
    ],
)
def test_a_variable_that_cannot_be_is_named(
    run: Run, arguments: tuple[str, ...], variables: dict[str, str], says: str
) -> None:
    ended = run(*arguments, **variables)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith(f"throughline: {says}")
    assert ended.err.count("\n") == 1


EVERYTHING = frozenset({"web", "worker", "clock"})
POSTGRESQL = {"DATABASE_URL": "postgresql://h/d", "THROUGHLINE_SECRET": "x" * 32}


@pytest.mark.parametrize(
    ("arguments", "variables", "parts", "listens", "port"),
    [
        ((), {}, EVERYTHING, True, 3978),
        ((), {"PORT": "81"}, EVERYTHING, True, 81),
        (("--port", "0"), {"PORT": "81"}, EVERYTHING, True, 0),
        (("--only", "web"), POSTGRESQL, frozenset({"web"}), True, 3978),
        (("--only", "worker"), {**POSTGRESQL, "PORT": "81"}, frozenset({"worker"}), False, 81),
        (("--only", "worker", "--port", "5000"), POSTGRESQL, frozenset({"worker"}), True, 5000),
        (("--only", "clock"), POSTGRESQL, frozenset({"clock"}), False, 3978),
        (("--only", "clock", "--port", "0"), POSTGRESQL, frozenset({"clock"}), True, 0),
    ],
)
def test_serve_runs_these_parts_and_listens_there(
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    variables: dict[str, str],
    parts: frozenset[str],
    listens: bool,
    port: int,
) -> None:
    served: list[tuple[Settings, frozenset[str], bool]] = []
    monkeypatch.setattr(sys, "argv", ["throughline", "serve", *arguments])
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        run_command_line(outside(lambda *told: served.append(told)))
    assert ended.value.code == 0
    ((settings, told_parts, told_listens),) = served
    assert (told_parts, told_listens, settings.port) == (parts, listens, port)


def outside(serve: Callable[..., None]) -> Outside:
    """The real thing, but for the serving."""
    return Outside(serve, plain_text, slack_manifest, teams_package, credential_faults)


NEED_SETTINGS = [("migrate",), ("gaps",), ("audit",), ("new-key",), ("serve",), ("import-people", "people.csv")]


@pytest.mark.parametrize("command", NEED_SETTINGS, ids=lambda c: c[0])
def test_a_configuration_that_does_not_fit_is_one_line_and_status_2(
    run: Run, place: Path, command: tuple[str, ...]
) -> None:
    (place / "people.csv").touch()
    ended = run(*command, SLACK_BOT_TOKEN="half")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith("throughline: Slack is half configured: SLACK_SIGNING_SECRET is missing.")
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize("command", [c for c in NEED_SETTINGS if c[0] != "import-people"], ids=lambda c: c[0])
def test_a_database_that_cannot_be_reached_is_one_line_without_its_password(run: Run, command: tuple[str, ...]) -> None:
    ended = run(*command, DATABASE_URL="postgresql://bot:geheim@127.0.0.1:1/d", THROUGHLINE_SECRET="x" * 32)
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.startswith("throughline: the database postgresql://bot:***@127.0.0.1:1/d cannot be used:")
    assert "geheim" not in ended.err
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize("command", NEED_SETTINGS[:4], ids=lambda c: c[0])
def test_a_database_folder_that_cannot_be_written_is_one_line(run: Run, place: Path, command: tuple[str, ...]) -> None:
    (place / "file").touch()
    ended = run(*command, DATABASE_URL=f"sqlite:///{place}/file/t.db", THROUGHLINE_SECRET="x" * 32)
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.startswith(f"throughline: the database file {place}/file/t.db cannot be opened:")
    assert ended.err.count("\n") == 1


def test_a_file_that_is_no_database_is_one_line(run: Run, place: Path) -> None:
    (place / "t.db").write_bytes(b"this is a letter, not a database\n" * 200)
    ended = run("gaps", DATABASE_URL=f"sqlite:///{place}/t.db")
    assert (ended.status, ended.out) == (1, "")
    assert f"the database file {place}/t.db cannot be used" in ended.err
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize("blank_database_url", ["postgresql"], indirect=True)
def test_an_older_schema_is_refused_until_it_is_migrated(run: Run, blank_database_url: str) -> None:
    env = {"DATABASE_URL": blank_database_url, "THROUGHLINE_SECRET": "x" * 32}
    refused = run("gaps", **env)
    assert (refused.status, refused.out) == (1, "")
    assert refused.err == "throughline: the database schema is older than this program: run 'throughline migrate'\n"
    assert "is older than this program" in run("doctor", **env).out
    for _ in range(2):
        assert run("migrate", **env).status == 0
    assert run("gaps", **env).status == 0


def test_as_a_process_it_ends_as_it_does_here(place: Path) -> None:
    wrong = throughline("nonsense", folder=place)
    assert (wrong.status, wrong.out) == (2, "")
    assert wrong.err == "throughline: No such command 'nonsense'. (see 'throughline --help')\n"


def test_a_fault_of_our_own_is_one_line_that_quotes_nothing(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def serve(settings: Settings, parts: frozenset[str], listens: bool) -> None:
        raise LookupError("what somebody wrote")

    monkeypatch.setattr(sys, "argv", ["throughline", "serve"])
    with pytest.raises(SystemExit) as ended:
        run_command_line(outside(serve))
    assert ended.value.code == 1
    printed = capsys.readouterr()
    assert printed.err.startswith("throughline: this is a fault of Throughline itself, please report it: LookupError (")
    assert "what somebody wrote" not in printed.err
    assert printed.err.count("\n") == 1


def test_an_interrupted_command_ends_quietly(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(Stdin):
        def read(self, size: int | None = -1, /) -> bytes:
            raise KeyboardInterrupt

        __next__ = readline = read  # whatever way it is read

    ended = run("ask", "--batch", "-", "--json", stdin=Interrupted())
    assert (ended.status, ended.out, ended.err.strip()) == (130, "", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_one_line(place: Path) -> None:
    ended = throughline("--help", folder=place, out="/dev/full")
    assert ended.status == 1
    assert ended.err == "throughline: No space left on device\n"
