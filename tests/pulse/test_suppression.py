"""No linear combination of what is shown of a survey isolates fewer answers than may be shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playbook.shared_files import PulseTemplate, Question, Unit
from bot.pulse.results import Outcome, tallied
from bot.pulse.suppression import FEWEST_ANSWERS, Group, group_of, label, partition, scopes
from bot.store.results import Given, Tally

Partition = Callable[[Mapping[Group, int], Mapping[str, Unit], int], tuple[Group, ...]]
NAMES = ("a", "b", "c", "d")


def _tree(parents: Sequence[str]) -> dict[str, Unit]:
    return {
        name: Unit(id=name, timezone="UTC", owner="owner@example.com", parent=parent or None)
        for name, parent in zip(NAMES, parents, strict=False)
    }


def _forests(count: int) -> Iterator[dict[str, Unit]]:
    """Every way in which so many units can stand below each other, up to their names."""
    for parents in product(*[("", *NAMES[:n]) for n in range(count)]):
        yield _tree(parents)


def _isolated(shown: Iterable[frozenset[str]], sizes: Mapping[str, int], below: int) -> tuple[str, ...] | None:
    """A set of 1 to `below` - 1 answers whose total is a linear combination of the totals of the shown sets of units,
    by exact arithmetic; None where there is none. It knows nothing of atoms.

    A combination has one factor for each unit, so that only sets of whole units can come out; all of these are tried.
    """
    units = sorted(unit for unit, size in sizes.items() if size)
    basis = _reduced(tuple(sorted({tuple(int(unit in one) for unit in units) for one in shown})))
    for chosen in product((0, 1), repeat=len(units)):
        size = sum(sizes[unit] for unit, there in zip(units, chosen, strict=True) if there)
        if 0 < size < below and _spanned(basis, chosen):
            return tuple(unit for unit, there in zip(units, chosen, strict=True) if there)
    return None


@cache
def _reduced(rows: tuple[tuple[int, ...], ...]) -> tuple[tuple[Fraction, ...], ...]:
    """The rows in echelon form, over the rational numbers."""
    found: list[list[Fraction]] = []
    for row in rows:
        left = _less(found, [Fraction(x) for x in row])
        if any(left):
            pivot = next(x for x in left if x)
            found.append([x / pivot for x in left])
    return tuple(map(tuple, found))


def _less(basis: Iterable[Sequence[Fraction]], row: list[Fraction]) -> list[Fraction]:
    for one in basis:
        at = next(n for n, x in enumerate(one) if x)
        if row[at]:
            row = [x - row[at] * y for x, y in zip(row, one, strict=True)]
    return row


def _spanned(basis: Sequence[Sequence[Fraction]], row: Sequence[int]) -> bool:
    return not any(_less(basis, [Fraction(x) for x in row]))


def _shown(atoms: Sequence[Group], units: Mapping[str, Unit]) -> list[frozenset[str]]:
    return [frozenset(one.units) for one in scopes(atoms, units)]


def _alone(sizes: Mapping[Group, int], _units: Mapping[str, Unit], minimum: int) -> tuple[Group, ...]:
    """A broken rule, as many tools have it: each unit with enough answers, and the rest hidden."""
    return tuple(sorted(group for group, size in sizes.items() if size >= minimum))


def _whole_world(rule: Partition, count: int, most: int) -> Iterator[tuple[str, ...]]:
    """What can be isolated anywhere in every world of so many units with up to `most` answers each."""
    for units in _forests(count):
        for numbers in product(range(most + 1), repeat=count):
            sizes = dict(zip(NAMES, numbers, strict=False))
            atoms = rule({(unit,): size for unit, size in sizes.items()}, units, FEWEST_ANSWERS)
            # Everybody is shown wherever anybody is.
            everybody = [frozenset(sizes)] if sum(numbers) >= FEWEST_ANSWERS else []
            if found := _isolated([*_shown(atoms, units), *everybody], sizes, FEWEST_ANSWERS):
                yield found


@pytest.mark.parametrize("count", [1, 2, 3])
def test_nothing_small_can_be_isolated_in_any_world_of_three_units(count: int) -> None:
    """Every forest of up to three units, each with none to seven answers: 8 + 128 + 3072 worlds."""
    assert next(_whole_world(partition, count, 7), None) is None


def test_nothing_small_can_be_isolated_in_any_world_of_four_units() -> None:
    """All 24 forests of four units, each with none to five answers: 31,104 worlds."""
    assert next(_whole_world(partition, 4, 5), None) is None


def test_a_rule_that_only_hides_small_groups_is_caught() -> None:
    """Six and three answers: everybody less the six are the three."""
    assert next(_whole_world(_alone, 2, 7), None) is not None


CLOSED = ((("a",), ("b",), ("c",)), (("a", "b"), ("c",)), (("a", "c"), ("b",)), (("a", "b", "c"),))
"""Every way, up to names, in which three units can be grouped when a round closes."""


@pytest.mark.parametrize("groups", CLOSED)
def test_questions_that_not_all_answer_cannot_be_isolated_either(groups: tuple[Group, ...]) -> None:
    """A question that none to eight of each group of a round answered: asked of the groups of the round and of its own,
    whatever is shown of it isolates nobody."""
    for units in _forests(3):
        whole = [Tally("", label(group), 9, {}) for group in groups]
        for numbers in product(range(9), repeat=len(groups)):
            sizes = dict(zip(groups, numbers, strict=True))
            atoms = partition(sizes, units, FEWEST_ANSWERS)
            outcome = Outcome(
                TEMPLATE, [*whole, *(Tally("good", label(one), 9, {1: 9}) for one in atoms)], {}, 99, units
            )
            every = {*outcome.scopes, *(cell.scope for cell in outcome.smallest(QUESTIONS[0]))}
            visible = [one for one in every if outcome.cell(QUESTIONS[0], one)]
            shown = [frozenset(label(group) for group in groups if set(group) & set(one.units)) for one in visible]
            assert bool(visible) == (sum(numbers) >= FEWEST_ANSWERS)
            assert _isolated(shown, {label(group): n for group, n in sizes.items()}, FEWEST_ANSWERS) is None


def test_a_unit_with_enough_answers_in_and_below_it_is_shown_unless_a_neighbour_needs_it() -> None:
    """Merging costs as little as it can: of all units only one is lost to a small neighbour."""
    units = _tree(["", "a", "a", "a"])
    atoms = partition({("b",): 12, ("c",): 6, ("d",): 2}, units, FEWEST_ANSWERS)

    assert atoms == (("b",), ("c", "d"))
    assert [one.key for one in scopes(atoms, units)] == ["all", "b", "c+d"]


def test_too_few_in_all_are_shown_nowhere() -> None:
    few: dict[Group, int] = {("a",): 3, ("b",): 1}
    assert partition(few, _tree(["", ""]), FEWEST_ANSWERS) == ()
    assert partition({}, {}, FEWEST_ANSWERS) == ()
    assert scopes((), {}) == ()


def test_a_template_may_ask_for_more_and_never_for_less() -> None:
    sizes: dict[Group, int] = {("a",): 7, ("b",): 7}
    assert partition(sizes, _tree(["", ""]), 10) == (("a", "b"),)
    assert partition({("a",): 2, ("b",): 4}, _tree(["", ""]), 1) == (("a", "b"),)


def test_units_that_nobody_knows_any_more_and_people_without_one_count_too() -> None:
    atoms = partition({("-",): 2, ("gone",): 1, ("a",): 9}, _tree([""]), FEWEST_ANSWERS)

    assert atoms == (("-", "a", "gone"),)
    assert group_of(label(atoms[0])) == atoms[0]


WORLDS = st.lists(st.sampled_from(["", *NAMES]), min_size=4, max_size=4).map(
    lambda parents: _tree([parent if parent < name else "" for parent, name in zip(parents, NAMES, strict=True)])
)
QUESTIONS = (
    Question(id="good", text="Good?", type="scale", min=1, max=5),
    Question(id="why", text="Why?", type="multi", options=("time", "money"), optional=True),
    Question(id="else", text="Else?", type="text", optional=True),
)
TEMPLATE = PulseTemplate(id="t", name="T", questions=QUESTIONS)
ONE = st.tuples(
    st.sampled_from([*NAMES, "-"]),
    st.one_of(st.none(), st.integers(1, 5)),
    st.lists(st.integers(0, 1), max_size=2, unique=True),
    st.booleans(),
)


@settings(max_examples=150, deadline=None)
@given(units=WORLDS, people=st.lists(ONE, max_size=60), minimum=st.sampled_from([5, 8]))
def test_what_a_round_shows_isolates_nobody(
    units: dict[str, Unit], people: list[tuple[str, int | None, list[int], bool]], minimum: int
) -> None:
    """From answers to every figure that can come out of `Outcome`: per question, no combination of the groups that are
    shown is a set of fewer answers than the minimum; of comments, fewer than ten."""
    outcome = _outcome(units, people, minimum)
    for question in QUESTIONS:
        there = [unit for unit, good, why, wrote in people if _answered(question.id, good, why, wrote)]
        sizes = {unit: there.count(unit) for unit in (*NAMES, "-")}
        shown = list(_visible(outcome, question, sizes))
        least = 10 if question.type == "text" else minimum
        assert _isolated(shown, sizes, least) is None


def _answered(id: str, good: int | None, why: list[int], wrote: bool) -> bool:
    return {"good": good is not None, "why": bool(why), "else": wrote}[id]


def _outcome(
    units: Mapping[str, Unit], people: Sequence[tuple[str, int | None, list[int], bool]], minimum: int
) -> Outcome:
    # As closing does: the groups of the round are labelled first, the questions' made of these.
    groups = partition({(unit,): sum(p[0] == unit for p in people) for unit in (*NAMES, "-")}, units, minimum)
    of = {unit: label(group) for group in groups for unit in group}
    answers = [
        Given(of[unit], {**({"good": good} if good else {}), **({"why": why} if why else {})}, 1)
        for unit, good, why, _ in people
        if unit in of
    ]
    written: dict[str, int] = {}
    for unit, _, _, wrote in people:
        if wrote and unit in of:
            written[of[unit]] = written.get(of[unit], 0) + 1
    found = tallied(TEMPLATE, answers, {"else": written}, units, minimum)
    asked = {unit: sum(p[0] == unit for p in people) for unit in (*NAMES, "-")}
    return Outcome(TEMPLATE, found, asked, len(people), units)


def _visible(outcome: Outcome, question: Question, sizes: Mapping[str, int]) -> Iterator[frozenset[str]]:
    """The units whose answers are in what is shown, and that the figure is that of just these."""
    every = set(outcome.scopes) | {cell.scope for cell in outcome.smallest(question)}
    for scope in every:
        there = frozenset(unit for unit in scope.units if sizes.get(unit))
        if question.type == "text":
            shown = outcome.comments(question, scope)
        else:
            cell = outcome.cell(question, scope)
            shown = cell.answers if cell else 0
        if shown:
            assert shown == sum(sizes[unit] for unit in there)
            yield there
