"""README.md and docs/administration.md: complete, and the tour gives what the README says it gives."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from click import Context
from click.testing import CliRunner

from adapters.plain import plain_text
from bot.capabilities.explain.response import Response
from bot.cli import cli
from bot.commands.asking import Asked, Desk, as_line, as_text
from bot.playbook.folder import read_folder
from bot.playbook.load import check
from bot.settings import read_settings
from tests.docs.shown import ROOT, consoles, document, named_in_rows

README = document("README.md")
ADMINISTRATION = document("docs/administration.md")
PLAYBOOKS = ROOT / "playbooks"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)  # before all dates that the tour shows


@dataclass(frozen=True)
class Promised:
    """What the README's tour promises for a question: whether it is answered, and from which file and heading."""

    answered: bool
    file: str = ""
    heading: str = ""


TOUR = {
    "why are they taking the old system away from us??": Promised(
        True, "crm-renewal/faq.md", "Why are we replacing Visita?"
    ),
    "what changes for me?": Promised(True, "crm-renewal/initiative.yaml", "units"),
    "when does it start?": Promised(True, "crm-renewal/initiative.yaml", "milestones"),
    "am I going to lose my job?": Promised(True, "crm-renewal/faq-jobs.md", "What about my job?"),
    "do we get a parking space?": Promised(False),
}
SHOWN = {printed: shlex.split(command) for _, command, printed in consoles(README)}


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(PLAYBOOKS, NOW)


def asked(desk: Desk, command: list[str]) -> Response:
    """The response to a command of the tour, its options read by the program itself."""
    # Below its group, as ever: a command keeps the first help option it was given.
    group = Context(cli, **cli.context_settings)
    context = cli.commands["ask"].make_context("ask", command[2:], parent=group)
    given = {name: context.params[name] for name in ("locale", "initiative", "unit")}
    return desk.answer(Asked(context.params["question"], **given))


def test_the_tour_asks_five_questions() -> None:
    """Each is a command that can be typed as it stands."""
    assert [command[:2] for command in SHOWN.values()] == [[".venv/bin/throughline", "ask"]] * 5
    assert [command[2] for command in SHOWN.values()] == list(TOUR)


@pytest.mark.parametrize("printed", SHOWN, ids=lambda printed: SHOWN[printed][2])
def test_the_tour_gives_what_the_readme_shows(desk: Desk, printed: str) -> None:
    """The outcome and its source; and every line shown, up to what is left out, stands in what is printed, in order."""
    command = SHOWN[printed]
    response = asked(desk, command)
    promised, line = TOUR[command[2]], json.loads(as_line(response, plain_text))

    assert line["answered"] == promised.answered
    if promised.answered:
        assert (line["sources"][0]["file"], line["sources"][0]["heading"]) == (promised.file, promised.heading)
    rest = as_text(response, plain_text)
    for piece in re.split(r"\s*…\s*|\n", printed):
        assert piece in rest, f"{piece!r} is not printed (any more, or not here)"
        rest = rest[rest.index(piece) + len(piece) :]


def test_the_sample_is_good() -> None:
    """What the tour runs on has no error, and is named in the README as the server names it."""
    files, faults = read_folder(PLAYBOOKS)
    checked = check(files, NOW.date(), faults)
    assert [str(fault) for fault in checked.faults if fault.level == "error"] == []
    names = ", ".join(i.written.name for i in checked.playbooks.initiatives.values())
    assert f"http://127.0.0.1:3978/ with: {names}\n" in README


@pytest.mark.parametrize("command", sorted(cli.commands))
def test_every_command_has_a_row(command: str) -> None:
    """In the README's table, with every option that it takes somewhere in the README."""
    assert command in named_in_rows(README)
    options = {o for p in cli.commands[command].params for o in p.opts if o.startswith("--")}
    documents = README + ADMINISTRATION
    assert {option for option in options if option not in documents} == set()


def test_no_command_is_invented() -> None:
    """What the README tells people to type can be typed."""
    typed = set(re.findall(r"(?:^|\s|`)(?:\.venv/bin/)?throughline ([a-z][a-z-]+)", README, re.MULTILINE))
    assert typed - set(cli.commands) == set()
    targets = set(re.findall(r"^([a-z]+):.*##", document("Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z]+)\b", README, re.MULTILINE)) - targets == set()


class Noted(dict[str, str]):
    """An environment that remembers what was looked up in it."""

    def __init__(self, **variables: str) -> None:
        super().__init__(variables)
        self.names: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return super().get(name, default)


def test_every_variable_is_described() -> None:
    """Each variable that the settings read stands in the README or the administration guide."""
    environment = Noted(THROUGHLINE_SECRET="a secret for tests only")
    read_settings(environment)
    assert len(environment.names) > 10
    assert {name for name in environment.names if f"`{name}`" not in README + ADMINISTRATION} == set()


def test_every_metric_is_described() -> None:
    """Each metric that the program has stands in the administration guide."""
    names = set(re.findall(r"\"(throughline_\w+)\"", document("bot/metrics.py")))
    assert len(names) > 3
    assert {
        name for name in names if not re.search(rf"^\| `{name}(\{{\w+\}})?` ", ADMINISTRATION, re.MULTILINE)
    } == set()


def test_every_table_of_the_database_is_described() -> None:
    """What is stored is listed in the administration guide, table by table."""
    code = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "bot/store/tables").glob("*.py"))
    tables = set(re.findall(r"= Table\(\s*\"(\w+)\"", code))
    assert len(tables) > 10
    assert {table for table in tables if f"`{table}`" not in ADMINISTRATION} == set()


@pytest.mark.parametrize("name", ["README.md", "DECISIONS.md", "CHANGELOG.md", "docs/administration.md",
                                  "docs/communicating.md", "docs/contributing.md", "docs/playbooks.md"])  # fmt: skip
def test_documents_point_to_what_is_there(name: str) -> None:
    """Links within the project lead to files; paths in code exist."""
    text = document(name)
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    here = (ROOT / name).parent
    assert [link for link in links if not (here / link).exists()] == []
    paths = re.findall(r"`((?:bot|adapters|tests|benchmarks)/[\w/.-]*)`", text)
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_help_can_be_read() -> None:
    """Every command answers --help with a sentence."""
    for command in cli.commands:
        result = CliRunner().invoke(cli, [command, "--help"])
        assert result.exit_code == 0, command
        assert len(result.output.splitlines()) > 4
