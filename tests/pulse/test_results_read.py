"""What is read off the tallies of a closed round, without a database: edge cases, changes, profiles, rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from bot.playbook.conditions import parse_condition
from bot.playbook.initiative_file import PulseRule
from bot.playbook.shared_files import PulseTemplate, Unit
from bot.pulse.adkar import profile
from bot.pulse.results import Cell, Outcome, changes, same_question, tallied
from bot.pulse.rules import holds, weak_points
from bot.pulse.suppression import label, partition
from bot.store.results import Given

UNITS = {
    name: Unit.model_validate({"id": name, "timezone": "UTC", "owner": "o@example.com", "parent": parent})
    for name, parent in {"all": None, "north": "all", "south": "all"}.items()
}
WHY = {"id": "why", "text": "I know why.", "type": "scale", "measures": "awareness"}
CAN = {"id": "can", "text": "I can.", "type": "scale", "measures": "ability"}
USE = {"id": "use", "text": "Do you use it?", "type": "choice", "options": ["yes", "now and then", "no"]}


def _template(*questions: dict[str, Any]) -> PulseTemplate:
    return PulseTemplate.model_validate({"id": "t", "name": "T", "questions": questions or (WHY, CAN, USE)})


def _outcome(answers: Mapping[str, Sequence[Mapping[str, int]]], template: PulseTemplate | None = None) -> Outcome:
    """A round in which these answers came from these units."""
    made = template or _template()
    groups = partition({(unit,): len(some) for unit, some in answers.items()}, UNITS, 5)
    of = {unit: label(group) for group in groups for unit in group}
    given = [Given(of[unit], one, 1) for unit, some in answers.items() for one in some if unit in of]
    asked = {unit: len(some) for unit, some in answers.items()}
    return Outcome(made, tallied(made, given, {}, UNITS, 5), asked, sum(asked.values()), UNITS)


def _cell(outcome: Outcome, id: str) -> Cell:
    question = next(one for one in outcome.template.questions if one.id == id)
    everybody = outcome.everybody
    found = outcome.cell(question, everybody) if everybody else None
    assert found is not None
    return found


@pytest.mark.parametrize("number", [0, 4])
def test_nobody_and_four(number: int) -> None:
    outcome = _outcome({"north": [{"why": 1}] * number})
    assert outcome.scopes == ()
    assert outcome.everybody is None
    assert weak_points(outcome, [PulseRule(when="why < 5", propose="a talk")]) == ()


def test_everybody_the_same() -> None:
    """No spread, and no fault: the mean is what all said."""
    found = _cell(_outcome({"north": [{"why": 3}] * 5}), "why").estimate
    assert found is not None
    assert (found.low, found.value, found.high) == (3, 3, 3)


def test_a_change_is_told_only_of_the_same_question_in_the_same_group() -> None:
    before = _outcome({"north": [{"why": 1, "can": 1}, {"why": 2, "can": 2}] * 5})
    after = _outcome({"north": [{"why": 5, "can": 5}, {"why": 4, "can": 4}] * 5})
    moved = {(one.question.id, one.scope.key) for one in changes(after, before)}
    assert moved == {("why", "all"), ("can", "all")}

    for other in ({**WHY, "text": "I know what for."}, {**WHY, "max": 7}):
        edited = _outcome({"north": [{"why": 5, "can": 5}, {"why": 4, "can": 4}] * 5}, _template(other, CAN, USE))
        assert {one.question.id for one in changes(edited, before)} == {"can"}


def test_noise_is_not_told() -> None:
    before = _outcome({"north": [{"why": n % 5 + 1} for n in range(12)]})
    after = _outcome({"north": [{"why": (n + 1) % 5 + 1} for n in range(12)]})
    assert changes(after, before) == ()


def test_a_translation_is_the_same_question_only_if_the_original_is() -> None:
    one, other = _template().questions[0], _template({**WHY, "measures": "desire"}).questions[0]
    assert same_question(one, other)


def test_people_get_stuck_at_the_first_element_at_three_or_below() -> None:
    outcome = _outcome({"north": [{"why": 4, "can": 3}] * 6})
    assert outcome.everybody is not None
    found = profile(outcome, outcome.everybody)
    assert found is not None
    assert found.elements == (("awareness", 4.0), ("ability", 3.0))
    assert found.stuck == "ability"


def test_what_comes_after_something_hidden_is_not_judged() -> None:
    """Only four answered whether they know why: where people get stuck is not said."""
    outcome = _outcome({"north": [{"why": 1, "can": 1}] * 4 + [{"can": 1}] * 4})
    assert outcome.everybody is not None
    found = profile(outcome, outcome.everybody)
    assert found is not None
    assert found.elements == (("awareness", None), ("ability", 1.0))
    assert found.stuck == ""


def test_a_rule_is_judged_for_each_of_the_smallest_groups() -> None:
    outcome = _outcome({"north": [{"can": 1}] * 6, "south": [{"can": 5}] * 6})
    found = weak_points(outcome, [PulseRule(when="can < 3", propose="practice")])
    assert [(one.cell.scope.key, one.proposal) for one in found] == [("north", "practice")]


def test_a_rule_never_holds_for_a_group_that_is_not_shown() -> None:
    """Three in the south are as low as can be; with the north they are not."""
    outcome = _outcome({"north": [{"can": 5}] * 9, "south": [{"can": 1}] * 3})
    assert weak_points(outcome, [PulseRule(when="can < 3", propose="practice")]) == ()


def test_without_a_rule_the_lowest_means_are_the_weak_points() -> None:
    outcome = _outcome({"north": [{"why": 3, "can": 4}] * 6})
    assert [(one.cell.question.id, one.proposal) for one in weak_points(outcome, [])] == [("why", "")]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [("= no", True), ("!= no", False), ("= yes", False), ("!= yes", True)],
)
def test_a_rule_between_options_means_at_least_half(condition: str, expected: bool) -> None:
    cell = _cell(_outcome({"north": [{"use": 2}] * 3 + [{"use": 0}] * 2 + [{"use": 1}] * 1}), "use")
    assert holds(parse_condition(condition), cell) is expected
