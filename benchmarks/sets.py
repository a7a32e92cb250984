"""Reads evaluation sets: a folder with `playbooks/` and `questions.jsonl`, one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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


SAMPLES = Path(__file__).parent.parent / "playbooks"


def read_set(folder: Path) -> Set:
    """The set in this folder, about its own playbooks; where it has none, about the samples.

    A question may expect the original of a passage: its translations are as good. OSError where it is no set,
    ValueError or KeyError where a question is malformed.
    """
    lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    own = folder / "playbooks"
    files, _ = read_folder(own if own.is_dir() else SAMPLES)
    passages = [p for initiative in assemble(files).initiatives.values() for p in initiative.passages]
    asked = (_question(json.loads(line)) for line in lines if line)
    return Set(folder.name, tuple(passages), tuple(_in_all_languages(question, passages) for question in asked))


def _in_all_languages(question: Question, passages: Sequence[Passage]) -> Question:
    texts = {p.original for p in passages if p.original and question.answered_by(p)}
    versions = {(p.file, p.heading) for p in passages if p.original in texts}
    return replace(question, expect=question.expect | versions)


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
