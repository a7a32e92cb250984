"""Which unit a case in confidence may name: one that is large enough for nobody to be found out in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from bot.playbook.access import lineage
from bot.playbook.shared_files import Unit
from bot.store import Session, people

SMALLEST = 5
"""People, with those of the units below."""


def sizes(people_in: Iterable[str], units: Mapping[str, Unit]) -> Counter[str]:
    """How many people each unit stands for; `people_in` is the unit of each of them. A unit below that is large enough
    to be named itself does not count: else naming the one above would tell that it was not that one.
    """
    found = Counter(people_in)
    for unit in sorted(units, key=lambda one: -len(lineage(one, units))):
        above = lineage(unit, units)[1:2]
        if above and found[unit] < SMALLEST:
            found[above[0]] += found[unit]
    return found


def shown(tx: Session, units: Mapping[str, Unit], unit: str) -> str:
    """The unit that a case in confidence about this one names, by who is there now."""
    there = people.directory(tx)
    return rolled_up(unit, sizes((one.unit for one in there if one.left_on is None), units), units)


def rolled_up(unit: str, size: Mapping[str, int], units: Mapping[str, Unit]) -> str:
    """The unit itself, or the nearest above it that stands for five people; '' (the whole organisation) for none."""
    return next((one for one in lineage(unit, units) if size.get(one, 0) >= SMALLEST), "")
