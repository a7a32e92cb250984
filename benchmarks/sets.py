"""Reads evaluation sets: a folder with `playbooks/` and `questions.jsonl`, one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.playbook.folder import read_folder
from bot.playbook.load import assemble
from bot.playbook.model import Passage


@dataclass(frozen=True)
class Question:
    """A question with the passages (file and heading) that answer it; none where the playbook does not."""

    text: str
    locale: str
    initiative: str
    expect: frozenset[tuple[str, str]]
    type: str

    def answered_by(self, passage: Passage) -> bool:
        """Whether this is one of the expected passages."""
        return (passage.file, passage.heading) in self.expect


@dataclass(frozen=True)
class Set:
    """One evaluation set."""

    name: str
    passages: tuple[Passage, ...]
    questions: tuple[Question, ...]


def read_set(folder: Path) -> Set:
    """The set in this folder. OSError where it is none, ValueError or KeyError where a question is malformed."""
    lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    files, _ = read_folder(folder / "playbooks")
    passages = [p for initiative in assemble(files).initiatives.values() for p in initiative.passages]
    return Set(folder.name, tuple(passages), tuple(_question(json.loads(line)) for line in lines if line))


def read_sets(folders: Sequence[Path]) -> list[Set]:
    """The sets in these folders; a folder without questions of its own stands for the sets inside it."""
    found: list[Path] = []
    for folder in folders:
        alone = (folder / "questions.jsonl").exists()
        found += [folder] if alone else sorted(line.parent for line in folder.glob("*/questions.jsonl"))
    return [read_set(folder) for folder in found]


def _question(line: Mapping[str, Any]) -> Question:
    return Question(
        text=line["text"],
        locale=line.get("locale", "en"),
        initiative=line.get("initiative", ""),
        expect=frozenset((each["file"], each["heading"]) for each in line["expect"]),
        type=line.get("type", "in"),
    )
