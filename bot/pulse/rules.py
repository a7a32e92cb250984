"""What follows from weak answers: the playbook's rules, and the weakest questions where no rule speaks. Pure.

A rule is judged for each of the smallest groups in which its question is shown, so that it never fires on fewer
answers than may be shown.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.playbook.conditions import Condition, NotACondition, parse_rule
from bot.playbook.initiative_file import PulseRule
from bot.pulse import statistics
from bot.pulse.results import Cell, Outcome

MOST_BY_RULES, MOST_WITHOUT = 8, 2
HALF = 0.5
_COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True, slots=True)
class Weak:
    """A weak point: what a group answered to a question, and what the playbook proposes, '' for nothing."""

    cell: Cell
    proposal: str = ""


def weak_points(outcome: Outcome, rules: Iterable[PulseRule]) -> tuple[Weak, ...]:
    """Where something has to be done, the weakest first: where a rule holds, and the lowest means of everybody, at or
    below the middle of their scale, that no rule speaks of."""
    fired = sorted((weak for rule in rules for weak in _fired(outcome, rule)), key=lambda weak: _height(weak.cell))
    spoken = {weak.cell.question.id for weak in fired}
    low = [cell for cell in _of_everybody(outcome) if cell.question.id not in spoken and _height(cell) <= HALF]
    return (*fired[:MOST_BY_RULES], *map(Weak, sorted(low, key=_height)[:MOST_WITHOUT]))


def _of_everybody(outcome: Outcome) -> Iterator[Cell]:
    everybody = outcome.everybody
    if everybody:
        yield from (cell for question in outcome.scales() if (cell := outcome.cell(question, everybody)))


def _fired(outcome: Outcome, rule: PulseRule) -> Iterator[Weak]:
    try:
        name, condition = parse_rule(rule.when)
    except NotACondition:
        return
    question = next((one for one in outcome.template.questions if one.id == name), None)
    if question is not None and question.type != "text":
        found = (cell for cell in outcome.smallest(question) if holds(condition, cell))
        yield from (Weak(cell, rule.propose) for cell in found)


def holds(condition: Condition, cell: Cell) -> bool:
    """Whether what a group answered meets the condition. On a scale the mean is compared, between options the share of
    this one: `= no` holds where at least half chose it, `!= no` where less than half did."""
    if cell.question.type == "scale":
        value = condition.value
        return isinstance(value, float) and _COMPARED[condition.comparison](statistics.mean(cell.counts), value)
    option = next((number for number, one in enumerate(cell.question.options) if condition.means(one)), None)
    if option is None:
        return False
    return (cell.share(option) >= HALF) == (condition.comparison == "=")


def _height(cell: Cell) -> float:
    """How good it looks: where the mean stands on its scale, from 0 to 1; what is chosen from options comes first."""
    if cell.question.type != "scale":
        return 0.0
    low, high = cell.question.min, cell.question.max
    return (statistics.mean(cell.counts) - low) / (high - low)
