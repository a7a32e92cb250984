"""From files to playbooks: splitting, versions, and the lenient way for what was once found good."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from bot.playbook.fault import Fault
from bot.playbook.load import Checked, assemble, check, folder_of, split

Check = Callable[[dict[str, bytes]], Checked]


def test_files_are_split_by_initiative_and_shared_ones_stand_alone() -> None:
    names = [
        "strategy.yaml",
        "units.pt.yaml",
        "policy.yaml",
        "people.csv",
        "pushback/cost.md",
        "pulse/readiness.pt.yaml",
        "crm/initiative.yaml",
        "crm/lessons/one.md",
    ]
    groups = split(dict.fromkeys(names, b""))
    assert {folder: sorted(group) for folder, group in groups.items()} == {
        "": sorted(names[:6]),
        "crm": ["crm/initiative.yaml", "crm/lessons/one.md"],
    }


@pytest.mark.parametrize(
    ("file", "folder"), [(".", ""), ("units.yaml", ""), ("pulse", ""), ("crm", "crm"), ("crm/a/b.md", "crm")]
)
def test_a_fault_belongs_to_the_folder_of_its_file(file: str, folder: str) -> None:
    assert folder_of(file) == folder


def test_assembled_playbooks_are_those_that_were_checked(good: dict[str, bytes], checked: Check) -> None:
    assert assemble(good) == checked(good).playbooks


def test_assembling_leaves_out_what_cannot_be_read_and_ignores_references(good: dict[str, bytes]) -> None:
    found = assemble({**good, "units.yaml": b"[", "time-sheets/lesson.md": b"\xff", "other/initiative.yaml": b"id: ["})
    assert found.organisation.units == {}
    assert set(found.organisation.goals) == {"faster-service"}
    assert list(found.initiatives) == ["time-sheets"]
    assert {page.file for page in found.initiatives["time-sheets"].pages} == {
        "time-sheets/faq.md",
        "time-sheets/lesson.pt.md",
    }


def test_nothing_assembles_to_nothing() -> None:
    assert assemble({}).initiatives == {}


def test_a_version_changes_with_any_file_of_its_own_folder_only(good: dict[str, bytes], checked: Check) -> None:
    def versions(files: dict[str, bytes]) -> tuple[str, str]:
        playbooks = checked(files).playbooks
        return playbooks.organisation.version, playbooks.initiatives["time-sheets"].version

    shared, own = versions(good)
    assert len(shared) == len(own) == 16
    assert versions(dict(reversed(good.items()))) == (shared, own)
    page = {**good, "time-sheets/lesson.md": good["time-sheets/lesson.md"] + b" "}
    assert versions(page)[0] == shared
    assert versions(page)[1] != own
    policy = {**good, "policy.yaml": good["policy.yaml"] + b" "}
    assert versions(policy)[0] != shared
    assert versions(policy)[1] == own
    renamed = {**good, "time-sheets/lesson-2.md": b"# X\n\n## Y\nZ\n"}
    assert versions(renamed)[1] != own


def test_faults_met_while_reading_break_their_folder_and_come_in_order(good: dict[str, bytes]) -> None:
    unread = (Fault("time-sheets/big.md", 1, "error", "larger than 5 MB"), Fault("other.yml", 1, "warning", "not read"))
    result = check(good, date(2027, 1, 15), unread)
    assert [fault.file for fault in result.faults] == ["other.yml", "time-sheets/big.md"]
    assert result.broken == {"time-sheets"}
    assert result.playbooks.initiatives == {}
    assert result.playbooks.organisation.units


def test_a_missing_folder_is_not_reported_twice() -> None:
    missing = (Fault(".", 1, "error", "there is no folder"),)
    assert check({}, date(2027, 1, 15), missing).faults == missing


def test_what_is_shared_is_loaded_with_its_translations(good: dict[str, bytes], checked: Check) -> None:
    good["strategy.pt.yaml"] = b"goals:\n  - {id: faster-service, name: Responder no mesmo dia}\n"
    good["units.pt.yaml"] = b"units:\n  - {id: payroll, name: Folha}\n"
    good["pulse/readiness.pt.yaml"] = (
        "id: readiness\nname: Estou pronto?\nquestions:\n"
        "  - {id: can-do, text: Eu consigo., labels: {1: não, 5: sim}}\n"
        "  - {id: help, options: [sim, não]}\n"
    ).encode()
    result = checked(good)
    assert result.faults == ()
    organisation = result.playbooks.organisation
    assert organisation.goals["faster-service"].name == "Answer the same day"
    assert organisation.translated_goals["pt"]["faster-service"].name == "Responder no mesmo dia"
    assert organisation.translated_goals["pt"]["faster-service"].description == "Customers wait too long."
    assert organisation.translated_units["pt"]["payroll"].name == "Folha"
    assert organisation.translated_units["pt"]["corporate"].name == "Corporate functions"
    template = organisation.translated_pulses["pt"]["readiness"]
    assert template.questions[0].labels == {1: "não", 5: "sim"}
    assert template.questions[1].options == ("sim", "não")
    assert template.questions[1].text == "Did you get help?"
    assert organisation.pulses["readiness"].name == "Am I ready?"
    assert [page.file for page in organisation.pushback] == ["pushback/workload.md"]


def test_an_initiative_speaks_the_languages_it_is_written_in(good: dict[str, bytes], checked: Check) -> None:
    initiative = checked(good).playbooks.initiatives["time-sheets"]
    assert initiative.text("pt-BR").name == "Uma folha de horas para todos"
    assert initiative.text("pt").purpose == "Three systems keep us from closing the month."
    assert initiative.text("de").name == "One time sheet for everyone"
