"""docs/playbooks.md: complete, and every playbook it shows is good."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner

from bot.cli import cli
from bot.people.people_file import COLUMNS, OPTIONAL_COLUMNS, read_people
from bot.playbook.check_pushback import DRIVERS
from bot.playbook.initiative_file import Level, Phase, Status
from bot.playbook.load import Checked, check
from bot.playbook.shared_files import Switch
from bot.playbook.values import Part
from tests.docs.shown import consoles, document, files_in_order

WRITTEN_ON = date(2026, 12, 1)
GUIDE = document("docs/playbooks.md")


def parts(kind: type[Part] = Part) -> list[type[Part]]:
    """Every class of the model that is a mapping of a file."""
    return [found for below in kind.__subclasses__() for found in (below, *parts(below))]


KEYS = sorted({(part.__name__, f.alias or n) for part in parts() for n, f in part.model_fields.items()})


def as_shown_before(position: int) -> Checked:
    """The playbooks as they are when a reader has written everything up to this place."""
    files = {name: content for at, name, content in files_in_order(GUIDE) if at < position}
    return check(files, WRITTEN_ON)


@pytest.mark.parametrize(("part", "key"), KEYS, ids=lambda each: each)
def test_every_key_of_a_playbook_is_described(part: str, key: str) -> None:
    """Each key of the model stands in the guide, in code."""
    spans = " ".join(re.findall(r"`([^`\n]+)`", GUIDE))
    assert re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", spans), f"{key} of {part} is not described"


@pytest.mark.parametrize("values", [Phase, Status, Switch, Level], ids=str)
def test_every_value_that_can_be_chosen_is_named(values: object) -> None:
    """Each word that a key can take stands in the guide."""
    assert [value for value in get_args(values) if f"`{value}`" not in GUIDE] == []


def test_every_column_and_driver_is_named() -> None:
    """So do the columns of people.csv and the names of pages in pushback/."""
    assert [name for name in (*COLUMNS, *OPTIONAL_COLUMNS, *DRIVERS) if f"`{name}`" not in GUIDE] == []


def test_every_step_leaves_a_playbook_without_error() -> None:
    """From the first initiative on, what the reader has written so far passes the checker after every file."""
    steps = files_in_order(GUIDE)
    first = next(n for n, (_, name, _) in enumerate(steps) if name.endswith("initiative.yaml"))
    assert len(steps) - first >= 6
    for at, name, _ in steps[first:]:
        checked = as_shown_before(at + 1)
        errors = [str(fault) for fault in checked.faults if fault.level == "error"]
        assert errors == [], f"after {name}"
        assert list(checked.playbooks.initiatives) == ["travel-requests"]


def test_the_checker_prints_what_the_guide_says_it_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each printed line that is shown is printed at that place; the end is free of warnings."""
    monkeypatch.setattr("bot.cli.clock.now", lambda: datetime.combine(WRITTEN_ON, time(9), UTC))
    shown = [(at, printed) for at, command, printed in consoles(GUIDE) if command == "throughline check"]
    assert len(shown) == 2
    for at, printed in shown:
        for where, name, content in files_in_order(GUIDE):
            if where < at:
                (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / name).write_bytes(content)
        result = CliRunner().invoke(cli, ["check", "--playbooks", str(tmp_path)])
        assert result.exit_code == 0
        assert [line for line in printed.splitlines() if line not in result.output.splitlines()] == []
    assert [str(fault) for fault in as_shown_before(len(GUIDE)).faults] == []


def test_the_people_that_are_shown_are_good() -> None:
    """The rows of people.csv in the guide can be imported."""
    rows = re.search(r"^```csv\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    assert rows
    read = read_people(rows[1].encode(), {"sales"})
    assert (read.faults, len(read.rows)) == ((), 1)


def test_links_lead_somewhere() -> None:
    """Headings that the guide links to are there."""
    slugs = {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in re.findall(r"^#+ (.+)$", GUIDE, re.MULTILINE)}
    assert [link for link in re.findall(r"\]\(#([^)]+)\)", GUIDE) if link not in slugs] == []
