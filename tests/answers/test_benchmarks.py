"""The figures that quality is judged by, and the learning of confidence."""

from __future__ import annotations

import json
import random
from dataclasses import astuple, fields, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks import evaluate, systems, train
from benchmarks.measure import auroc, calibration_error
from benchmarks.sets import Question, read_sets
from bot.answers.coefficients import SENSE_WEIGHTS, WEIGHTS
from bot.answers.confidence import Sense, Signs, probability

NOTHING = Signs(*([0.0] * len(fields(Signs))))
NO_SENSE = Sense(*([0.0] * len(fields(Sense))))


def test_auroc() -> None:
    assert auroc([0.1, 0.4, 0.6, 0.9], [False, False, True, True]) == 1.0
    assert auroc([0.9, 0.1], [False, True]) == 0.0
    assert auroc([0.5, 0.5, 0.5], [True, False, False]) == 0.5
    assert auroc([0.3, 0.2, 0.4], [True, False, False]) == 0.5
    assert auroc([0.3], [True]) == 0.5


def test_calibration_error() -> None:
    assert calibration_error([0.75] * 4, [True, True, True, False]) == pytest.approx(0.0)
    assert calibration_error([1.0, 1.0], [True, False]) == pytest.approx(0.5)
    assert calibration_error([], []) == 0.0


def test_learning_finds_the_signs_that_matter() -> None:
    chance = random.Random(7)
    examples = []
    for _ in range(400):
        signs = replace(NOTHING, score=chance.random(), codes=chance.random(), length=chance.random())
        examples.append((signs, signs.score - signs.codes + chance.gauss(0, 0.2) > 0))
    _, weights = train.learn([examples])
    by_name = dict(zip((f.name for f in fields(Signs)), weights, strict=True))

    assert by_name["score"] > 3
    assert by_name["codes"] < -3
    assert abs(by_name["length"]) < 1


def test_better_signs_are_never_less_sure() -> None:
    assert len(WEIGHTS) == len(astuple(NOTHING))
    for name in ("score", "precision", "margin", "mass"):
        assert probability(replace(NOTHING, **{name: 1.0})) > probability(NOTHING)
    for name in ("rivals", "unknown", "guessed", "codes"):
        assert probability(replace(NOTHING, **{name: 1.0})) < probability(NOTHING)
    assert len(SENSE_WEIGHTS) == len(astuple(NO_SENSE))
    for name in ("near", "above", "margin", "mass"):
        assert probability(replace(NO_SENSE, **{name: 1.0})) > probability(NO_SENSE)
    for name in ("rivals", "codes", "left", "lacks"):
        assert probability(replace(NO_SENSE, **{name: 1.0})) < probability(NO_SENSE)


@pytest.fixture
def small_set(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    initiative = folder / "playbooks" / "sheets"
    initiative.mkdir(parents=True)
    (folder / "playbooks" / "strategy.yaml").write_text("goals:\n  - {id: goal, name: Goal}\n")
    (folder / "playbooks" / "units.yaml").write_text(
        "units:\n  - {id: all, name: All, timezone: Europe/Lisbon, owner: head@example.com}\n"
    )
    (initiative / "initiative.yaml").write_text(
        "id: sheets\nname: Sheets\npurpose: Clarity.\nserves: [goal]\nsponsor: head@example.com\n"
        "project_manager: head@example.com\nunits:\n  - {id: all, changes: Much}\n"
    )
    (initiative / "faq.md").write_text(
        "# Questions\n\n## Why is the old sheet going away?\n\nAlso asked: what was wrong with it\n\nIt is old.\n\n"
        "## Who decided this?\n\nThe steering group.\n"
    )
    asked = [
        ("why does the old sheet go away", [{"file": "sheets/faq.md", "heading": "Why is the old sheet going away?"}]),
        ("who decided", [{"file": "sheets/faq.md", "heading": "Who decided this?"}]),
        ("what is for lunch", []),
    ]
    lines = [
        json.dumps({"id": n, "text": t, "locale": "en", "expect": e, "type": "in" if e else "far"})
        for n, (t, e) in enumerate(asked)
    ]
    (folder / "questions.jsonl").write_text("\n".join(lines) + "\n")
    return folder


def test_a_set_is_read_and_judged(small_set: Path) -> None:
    for folder in (small_set, small_set.parent):
        (each,) = read_sets([folder])
        assert evaluate.figures(systems.ask_throughline(each, None))["R@1"] == 1.0

    given = systems.replies_of(each, None)
    assert [*given] == ["BM25", "TF-IDF", "Throughline"]
    assert all(evaluate.figures(replies)["far"] == 0.0 for replies in given.values())


def test_others_give_no_more_false_answers(small_set: Path) -> None:
    (each,) = read_sets([small_set])
    ours = systems.ask_throughline(each, None)
    false = sum(r.answered and r.place != 0 for r in ours)

    def by_length(question: Question) -> NDArray[np.float32]:
        return np.array([len(question.text) + n for n in range(len(each.passages))], dtype=np.float32)

    assert sum(r.answered and r.place != 0 for r in systems.ask_plainly(each, by_length, ours)) <= false


def test_the_table_shows_all_systems(small_set: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (each,) = read_sets([small_set])
    evaluate.answers([each], None)

    printed = capsys.readouterr().out
    assert [line.split()[2] for line in printed.splitlines()[1:4]] == ["BM25", "TF-IDF", "Throughline"]
    assert printed.count("Throughline's lead in right") == 2


def test_without_a_set_it_says_what_a_set_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main([str(tmp_path)]) == 2
    assert "a set has playbooks/ and questions.jsonl" in capsys.readouterr().err
