"""Where people get stuck: awareness, desire, knowledge, ability and reinforcement in this order. Pure.

Each needs the one before it, so the first element at 3 or below (of 5) is the one to work on; what comes after it
cannot be judged yet. (Jeffrey M. Hiatt, ADKAR: a model for change in business, government and our community, 2006.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.pulse import statistics
from bot.pulse.results import Cell, Outcome
from bot.pulse.suppression import Scope

ELEMENTS: Final = ("awareness", "desire", "knowledge", "ability", "reinforcement")
STUCK_AT = 3.0
LOWEST, HIGHEST = 1, 5


@dataclass(frozen=True, slots=True)
class Profile:
    """The elements that were measured in a group, from 1 to 5, in their order. None: not shown, since too few
    answered."""

    scope: Scope
    elements: tuple[tuple[str, float | None], ...]

    @property
    def stuck(self) -> str:
        """The first element at 3 or below; '' where there is none, or where one before it is not shown."""
        for name, value in self.elements:
            if value is None:
                return ""
            if value <= STUCK_AT:
                return name
        return ""


def profile(outcome: Outcome, scope: Scope) -> Profile | None:
    """The profile of a group; None where the survey measures less than two elements."""
    found = []
    for element in ELEMENTS:
        asked = [question for question in outcome.scales() if question.measures == element]
        if asked:
            cells = [outcome.cell(question, scope) for question in asked]
            shown = [cell for cell in cells if cell]
            found.append((element, _mean(shown) if len(shown) == len(cells) else None))
    return Profile(scope, tuple(found)) if len(found) > 1 else None


def _mean(cells: list[Cell]) -> float:
    """The mean over all answers, each brought to the scale from 1 to 5."""
    answers = sum(cell.answers for cell in cells)
    return sum(_on_scale(cell) * cell.answers for cell in cells) / answers


def _on_scale(cell: Cell) -> float:
    low, high = cell.question.min, cell.question.max
    return LOWEST + (statistics.mean(cell.counts) - low) * (HIGHEST - LOWEST) / (high - low)
