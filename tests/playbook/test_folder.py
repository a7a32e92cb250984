"""Reading the folder: what belongs to a playbook, and nothing from elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.playbook import folder
from bot.playbook.folder import read_folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "playbooks"
    (home / "crm").mkdir(parents=True)
    (home / "crm" / "initiative.yaml").write_bytes(b"id: crm\n")
    return home


def messages(root: Path) -> list[str]:
    return [str(fault) for fault in read_folder(root)[1]]


def test_only_what_belongs_to_a_playbook_is_read(home: Path) -> None:
    (home / "crm" / "lessons").mkdir()
    for name in ("units.yaml", "people.csv", "crm/faq.md", "crm/lessons/one.md"):
        (home / name).write_bytes(name.encode())
    for name in ("crm/.faq.md.swp", "crm/faq.md~", "crm/#faq.md#", "crm/plan.xlsx", "crm/people.csv", "crm/old.md.bak"):
        (home / name).write_bytes(b"not this")
    (home / ".git").mkdir()
    (home / ".git" / "x.yaml").write_bytes(b"not this")
    files, faults = read_folder(home)
    assert files == {
        "crm/initiative.yaml": b"id: crm\n",
        "units.yaml": b"units.yaml",
        "people.csv": b"people.csv",
        "crm/faq.md": b"crm/faq.md",
        "crm/lessons/one.md": b"crm/lessons/one.md",
    }
    assert faults == ()


def test_a_missing_folder_is_one_fault_that_says_what_to_do(tmp_path: Path) -> None:
    files, faults = read_folder(tmp_path / "none")
    assert files == {}
    assert [(fault.file, fault.level) for fault in faults] == [(".", "error")]
    assert "create it, or name the right one with --playbooks" in faults[0].message


def test_a_file_in_place_of_the_folder_is_one_fault(tmp_path: Path) -> None:
    (tmp_path / "playbooks").write_text("x")
    assert len(read_folder(tmp_path / "playbooks")[1]) == 1


def test_a_link_out_of_the_folder_is_not_followed(home: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("secret")
    (home / "crm" / "faq.md").symlink_to(tmp_path / "secret.md")
    (home / "crm" / "why.md").symlink_to("../../secret.md")
    files, faults = read_folder(home)
    assert set(files) == {"crm/initiative.yaml"}
    assert [fault.file for fault in faults] == ["crm/faq.md", "crm/why.md"]
    assert {fault.message for fault in faults} == {"a link that leaves the playbooks folder; put the file itself here"}


def test_a_link_within_the_folder_is_followed(home: Path) -> None:
    (home / ".mounted").mkdir()
    (home / ".mounted" / "faq.md").write_bytes(b"## Why?\n")
    (home / "crm" / "faq.md").symlink_to("../.mounted/faq.md")
    files, faults = read_folder(home)
    assert files["crm/faq.md"] == b"## Why?\n"
    assert faults == ()


def test_a_link_to_a_folder_or_to_nothing_or_to_itself_is_a_fault(home: Path, tmp_path: Path) -> None:
    (home / "etc").symlink_to("/etc")
    (home / "crm" / "again").symlink_to("..")
    (home / "crm" / "gone.md").symlink_to("nowhere.md")
    (home / "crm" / "loop.md").symlink_to("loop.md")
    files, faults = read_folder(home)
    assert set(files) == {"crm/initiative.yaml"}
    assert [fault.file for fault in faults] == ["crm/again", "crm/gone.md", "crm/loop.md", "etc"]


def test_the_folder_itself_may_be_a_link(home: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(home)
    assert set(read_folder(tmp_path / "link")[0]) == {"crm/initiative.yaml"}


def test_a_pipe_is_never_opened(home: Path) -> None:
    os.mkfifo(home / "crm" / "faq.md")
    assert messages(home) == ["crm/faq.md:1: error: this is not a plain file; remove it"]


def test_a_huge_file_is_refused(home: Path) -> None:
    with (home / "crm" / "faq.md").open("wb") as file:
        file.truncate(folder.LARGEST_FILE + 1)
    (home / "crm" / "why.md").write_bytes(b"x" * 1000)
    files, faults = read_folder(home)
    assert set(files) == {"crm/initiative.yaml", "crm/why.md"}
    assert [str(fault) for fault in faults] == ["crm/faq.md:1: error: larger than 5 MB; split it into several files"]


def test_too_many_files_are_not_all_read(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "MOST_FILES", 3)
    for number in range(5):
        (home / "crm" / f"page-{number}.md").write_bytes(b"x")
    files, faults = read_folder(home)
    assert len(files) == 3
    assert len(faults) == 1
    assert "the files from 'crm/page-2.md' on were not read" in faults[0].message


def test_too_much_in_all_is_not_all_read(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "LARGEST_FOLDER", 1_000_000)
    for number in range(5):
        (home / "crm" / f"page-{number}.md").write_bytes(b"x" * 400_000)
    files, faults = read_folder(home)
    assert len(files) == 4
    assert len(faults) == 1


def test_a_file_that_cannot_be_read_is_a_fault(home: Path) -> None:
    path = home / "crm" / "faq.md"
    path.write_bytes(b"x")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user reads everything")
    assert messages(home) == ["crm/faq.md:1: error: the file cannot be read: Permission denied; check its permissions"]


def test_a_file_that_vanishes_is_as_if_it_had_not_been(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = [(str(home), ["crm"], []), (str(home / "crm"), [], ["gone.md", "initiative.yaml"])]
    monkeypatch.setattr(os, "walk", lambda *args, **kwargs: iter(listed))
    assert read_folder(home) == ({"crm/initiative.yaml": b"id: crm\n"}, ())


@pytest.mark.parametrize("name", ["crm/faq.yml", "crm/why.markdown", "crm/FAQ.MD"])
def test_another_spelling_of_the_ending_is_pointed_out(home: Path, name: str) -> None:
    (home / name).write_bytes(b"x")
    assert messages(home) == [f"{name}:1: warning: this file is not read; names end in .yaml or .md"]


def test_a_name_that_cannot_be_printed_is_refused_and_printed_safely(home: Path) -> None:
    (home / "crm" / "a\nerror: x.md").write_bytes(b"x")
    Path(os.fsdecode(os.fsencode(home) + b"/crm/\xff.md")).write_bytes(b"x")
    files, faults = read_folder(home)
    assert set(files) == {"crm/initiative.yaml"}
    assert len(faults) == 2
    assert all(str(fault).isprintable() for fault in faults)


def test_folders_in_folders_without_end_are_not_read(home: Path) -> None:
    deep = home.joinpath(*["a"] * 300)
    deep.mkdir(parents=True)
    (deep / "x.md").write_bytes(b"x")
    assert messages(home) == ["a/a/a/a/a:1: warning: folders more than 5 deep are not read; move the files up"]
