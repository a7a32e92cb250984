"""Which groups of answers may ever be shown: fixed once when a round closes, so that nothing smaller can be worked out.

Pure: it knows numbers of answers by unit and the tree of units, and never what was answered.

The rule. For each question the answers are divided into *atoms*: disjoint groups, each made of all answers of some
units, each of at least the minimum (five answers, ten comments, or more where the template asks for it). The division
is made once, from the numbers of answers alone, and kept with the round. Whatever is shown of a question (a unit, a
merged group, everybody; on a card, a page, a picture, in a file) is a union of its atoms.

Why that is enough. Take the answers to one question of one round as coordinates and a group as the vector that is 1 for
its answers and 0 for others. What is shown of a group is linear in that vector, as its total, its number of answers and
the number for each option are. Every vector that was shown is constant on each atom; so is every linear combination of
such vectors. If a combination is the vector of a set of answers, its values are 0 and 1, so that the set is a union of
atoms, and either empty or at least as large as the minimum. Hence no combination of what was ever shown, with whatever
factors, is the total of one to four answers; a difference and a complement are such combinations. Answers to other
questions and of other rounds are other coordinates: a combination over several questions or rounds is one for each of
them. What is worked out from several questions (a profile) is made of what is shown of each.

What it does not promise: if a whole group answered the same, everybody in it is known to have answered that; and
whoever knows how all others in a group answered knows the last answer. No grouping prevents either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from bot.playbook.access import lineage
from bot.playbook.shared_files import Unit

FEWEST_ANSWERS = 5
FEWEST_COMMENTS = 10
NO_UNIT = "-"
"""Stands for people without a unit; no unit can have this id."""

Group = tuple[str, ...]
"""All answers of these units, of each without those below it. In the order of the alphabet."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A group that is shown: a unit with all below it (`unit`), the small ones that stand together (neither), or
    `everybody`. `atoms` are what it is made of."""

    atoms: frozenset[Group]
    unit: str = ""
    everybody: bool = False

    @property
    def key(self) -> str:
        """What it is called in an address and a button: `all`, a unit's id, or the ids of its units."""
        return "all" if self.everybody else self.unit or "+".join(self.units)

    @property
    def units(self) -> Group:
        """The units whose answers are in it."""
        return tuple(sorted(unit for atom in self.atoms for unit in atom))

    @property
    def every_unit(self) -> frozenset[str]:
        """The same, to look something up in."""
        return frozenset(unit for atom in self.atoms for unit in atom)


def label(group: Group) -> str:
    """The group as it is stored beside an answer."""
    return " ".join(group)


def group_of(labelled: str) -> Group:
    """The group with this label."""
    return tuple(sorted(labelled.split())) or (NO_UNIT,)


def partition(sizes: Mapping[Group, int], units: Mapping[str, Unit], minimum: int) -> tuple[Group, ...]:
    """Merges these disjoint groups, with so many answers each, into atoms of at least `minimum` answers, in order; none
    where there are too few in all. It depends on nothing else, so that it comes out the same each time.

    Small groups stand together with their neighbours below the same unit; what is still too few joins the smallest atom
    there, so that a unit with enough answers in and below it can always be shown as a whole.
    """
    minimum = max(FEWEST_ANSWERS, minimum)
    here: dict[str, list[Group]] = {}
    for group in sorted(group for group, size in sizes.items() if size > 0):
        here.setdefault(_above(group, units), []).append(group)
    tree = _children([*here, ""], units)
    whole, rest = _merged("", tree, here, sizes, minimum)
    return tuple(sorted(_joined(atom) for atom in whole)) if not rest else ()


def scopes(atoms: Iterable[Group], units: Mapping[str, Unit]) -> tuple[Scope, ...]:
    """Everything that can be shown of these atoms, everybody first, then as the tree of units goes. A group that is
    there twice is called by the unit that is nearest to its answers."""
    atoms = tuple(sorted(atoms))
    if not atoms:
        return ()
    found: dict[frozenset[Group], Scope] = {frozenset(atoms): Scope(frozenset(atoms), everybody=True)}
    below: dict[str, set[str]] = {}
    of = {unit: atom for atom in atoms for unit in atom}
    for one in of:
        for above in reversed(lineage(one, units)):
            below.setdefault(above, set()).add(one)
    for unit, inside in below.items():
        scope = Scope(frozenset(of[one] for one in inside), unit=unit)
        if scope.every_unit == inside and not found.get(scope.atoms, scope).everybody:
            found[scope.atoms] = scope
    for atom in atoms:
        found.setdefault(frozenset([atom]), Scope(frozenset([atom])))
    return tuple(found.values())


def _above(group: Group, units: Mapping[str, Unit]) -> str:
    """The lowest unit that has all of the group in or below it, '' for none."""
    lines = [lineage(unit, units) for unit in group]
    return next((unit for unit in lines[0] if all(unit in line for line in lines)), "") if lines else ""


def _children(places: Iterable[str], units: Mapping[str, Unit]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for place in places:
        line = [*lineage(place, units), ""]
        for child, parent in pairwise(line):
            found.setdefault(parent, set()).add(child)
    return {parent: sorted(children) for parent, children in found.items()}


_Piece = tuple[Group, ...]


def _merged(
    place: str, tree: Mapping[str, list[str]], here: Mapping[str, list[Group]], sizes: Mapping[Group, int], minimum: int
) -> tuple[list[_Piece], list[Group]]:
    """The atoms in and below a place, and what is too few to be one and waits to be merged above it."""
    whole: list[_Piece] = []
    rest: list[Group] = []
    for group in here.get(place, []):
        if sizes[group] >= minimum:
            whole.append((group,))
        else:
            rest.append(group)
    for child in tree.get(place, []):
        atoms, left = _merged(child, tree, here, sizes, minimum)
        whole += atoms
        rest += left
    size = sum(sizes[group] for group in rest)
    if size >= minimum:
        return [*whole, tuple(rest)], []
    if not rest or not whole:
        return whole, rest
    smallest = min(whole, key=lambda atom: (sum(sizes[group] for group in atom), atom))
    return [*(atom for atom in whole if atom != smallest), (*smallest, *rest)], []


def _joined(piece: _Piece) -> Group:
    return tuple(sorted(unit for group in piece for unit in group))
