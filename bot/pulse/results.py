"""What a closed round says: everything is read off its tallies, which hold only groups that may be shown.

Pure. It knows no reader and no words. `None` stands for what is suppressed, wherever a figure could be.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from bot.playbook.access import lineage
from bot.playbook.shared_files import PulseTemplate, Question, Unit
from bot.pulse import statistics
from bot.pulse.statistics import Estimate, Participation
from bot.pulse.suppression import FEWEST_COMMENTS, Group, Scope, group_of, label, partition, scopes
from bot.store.results import Given, Tally

RECOMMENDS = (0, 10)
"""The scale on which the share of those who would recommend it is counted."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a group answered to a question: `answers` how many, `counts` how often each value or option. `estimate` is
    the mean of a scale, `score` that of a recommendation; `asked` how many of the group were asked."""

    question: Question
    scope: Scope
    answers: int
    counts: Mapping[int, int]
    asked: int

    @property
    def estimate(self) -> Estimate | None:
        """The mean with its interval; None for what is no scale."""
        if self.question.type != "scale":
            return None
        return statistics.mean_estimate(self.counts, self.asked, self.question.min, self.question.max)

    @property
    def score(self) -> Estimate | None:
        """The score of a recommendation; None for anything else."""
        if self.question.type != "scale" or (self.question.min, self.question.max) != RECOMMENDS:
            return None
        return statistics.recommendation(self.counts, self.asked)

    def share(self, value: int) -> float:
        """The part of those who answered that gave this value or option."""
        return self.counts.get(value, 0) / self.answers


class Outcome:
    """A closed round. `asked` is by unit, `units` the tree of units as it is now."""

    def __init__(
        self,
        template: PulseTemplate,
        tallies: Iterable[Tally],
        asked: Mapping[str, int],
        asked_in_all: int,
        units: Mapping[str, Unit],
    ) -> None:
        self.template = template
        self._asked, self._asked_in_all, self._units = asked, asked_in_all, units
        self._tallies: dict[str, dict[Group, Tally]] = defaultdict(dict)
        self._by_unit: dict[str, dict[str, Group]] = {}
        for one in tallies:
            self._tallies[one.question][group_of(one.atom)] = one

    @cached_property
    def scopes(self) -> tuple[Scope, ...]:
        """The groups of which anything is shown, everybody first; none where too few answered."""
        return scopes(self._tallies[""], self._units)

    @property
    def everybody(self) -> Scope | None:
        """All who answered; None where they were too few."""
        return next(iter(self.scopes), None)

    def scope(self, key: str) -> Scope | None:
        """The group of this key, if it is shown: of the whole round, or of one question."""
        return next((one for one in self._every_scope if one.key == key), None)

    @cached_property
    def _every_scope(self) -> tuple[Scope, ...]:
        return (*self.scopes, *(one for question in self.template.questions for one in self._smallest(question.id)))

    def _smallest(self, question: str) -> Iterator[Scope]:
        """The smallest groups that are shown of a question."""
        atoms = tuple(self._tallies.get(question, ()))
        for one in scopes(atoms, self._units):
            if len(one.atoms) == 1:
                yield one

    def smallest(self, question: Question) -> Iterator[Cell]:
        """The question in each of the smallest groups in which it is shown: together they are all who answered it."""
        yield from (cell for one in self._smallest(question.id) if (cell := self.cell(question, one)))

    def cell(self, question: Question, scope: Scope) -> Cell | None:
        """What this group answered to the question; None where that is not shown, also of free texts."""
        inside = self._inside(question.id, scope) if question.type != "text" else []
        if not inside:
            return None
        counts: Counter[int] = Counter()
        for one in inside:
            counts.update(one.counts)
        return Cell(question, scope, sum(one.answers for one in inside), counts, self.asked_in(scope))

    def _inside(self, question: str, scope: Scope) -> list[Tally]:
        """The atoms of a question that make up this group; none where it is no union of them, so that nothing of it
        is shown."""
        if question not in self._by_unit:
            self._by_unit[question] = {u: atom for atom in self._tallies.get(question, {}) for u in atom}
        there, units = self._by_unit[question], scope.every_unit
        atoms = dict.fromkeys(there[unit] for unit in scope.units if unit in there)
        whole = all(unit in units for atom in atoms for unit in atom)
        return [self._tallies[question][atom] for atom in atoms] if whole else []

    def comment_labels(self, question: Question, scope: Scope) -> tuple[str, ...]:
        """The atoms of which comments are shown in this group; none where they are too few."""
        return tuple(one.atom for one in self._inside(question.id, scope)) if question.type == "text" else ()

    def comments(self, question: Question, scope: Scope) -> int:
        """How many comments are shown in this group."""
        return sum(one.answers for one in self._inside(question.id, scope)) if question.type == "text" else 0

    def answered_in(self, scope: Scope) -> int:
        """How many of this group answered anything."""
        return sum(one.answers for one in self._inside("", scope))

    def asked_in(self, scope: Scope) -> int:
        """How many of this group were asked."""
        if scope.everybody:
            return self._asked_in_all
        if scope.unit:
            return self._asked_below.get(scope.unit, 0)
        return sum(self._asked.get(unit, 0) for unit in scope.units)

    @cached_property
    def _asked_below(self) -> Mapping[str, int]:
        """How many were asked, by unit with all below it."""
        found: Counter[str] = Counter()
        for unit, asked in self._asked.items():
            for above in lineage(unit, self._units):
                found[above] += asked
        return found

    def participation(self, scope: Scope) -> Participation:
        """How many of this group answered, with what that is worth."""
        return statistics.participation(self.answered_in(scope), self.asked_in(scope))

    def scales(self) -> tuple[Question, ...]:
        """The questions that are answered on a scale."""
        return tuple(question for question in self.template.questions if question.type == "scale")


@dataclass(frozen=True, slots=True)
class Change:
    """How the mean of a question moved in a group since the round before, by more than noise."""

    question: Question
    scope: Scope
    before: float
    after: float


def changes(now: Outcome, before: Outcome) -> tuple[Change, ...]:
    """What moved by more than noise: of all means that both rounds show for the same units and the same question, those
    that pass the test (see `statistics`) with all of them counted. A question that was worded otherwise, or had another
    scale, is another question."""
    earlier = {question.id: question for question in before.scales()}
    groups = {one.key: one for one in before.scopes}
    found: list[tuple[Cell, Cell]] = []
    for question in now.scales():
        was = earlier.get(question.id)
        if was is None or not same_question(was, question):
            continue
        for scope in now.scopes:
            there = groups.get(scope.key)
            one, other = now.cell(question, scope), before.cell(was, there) if there else None
            if one and other and one.answers and other.answers:
                found.append((other, one))
    sure = statistics.more_than_noise([statistics.welch(a.counts, b.counts) for a, b in found])
    return tuple(
        Change(b.question, b.scope, statistics.mean(a.counts), statistics.mean(b.counts))
        for (a, b), shown in zip(found, sure, strict=True)
        if shown
    )


def same_question(one: Question, other: Question) -> bool:
    """Whether the answers to both mean the same."""
    return all(getattr(one, key) == getattr(other, key) for key in ("text", "type", "min", "max", "options", "only_if"))


def tallied(
    template: PulseTemplate,
    given: Iterable[Given],
    commented: Mapping[str, Mapping[str, int]],
    units: Mapping[str, Unit],
    minimum: int,
) -> list[Tally]:
    """What is kept of a round when it closes: for all who answered, and for each question, the atoms with their counts.
    `commented` is how many comments there are by question and label."""
    questions = {question.id for question in template.questions}
    answers: Counter[tuple[str, str]] = Counter()
    counts: Counter[tuple[str, str, int]] = Counter()
    for one in given:
        answers["", one.label] += one.times
        for id, value in one.answers.items():
            values = dict.fromkeys(value) if isinstance(value, list) else (value,)
            if id in questions and values:
                answers[id, one.label] += one.times
                for each in values:
                    counts[id, one.label, each] += one.times
    by_group: dict[str, dict[Group, tuple[int, Counter[int]]]] = defaultdict(dict)
    for (id, labelled), n in answers.items():
        by_group[id][group_of(labelled)] = (n, Counter())
    for (id, labelled, value), n in counts.items():
        by_group[id][group_of(labelled)][1][value] = n
    found = [tally for id, groups in by_group.items() for tally in _atoms(id, groups, units, minimum)]
    for id, labels in commented.items():
        texts = {group_of(one): (n, Counter[int]()) for one, n in labels.items()}
        found += _atoms(id, texts, units, max(minimum, FEWEST_COMMENTS))
    return found


def _atoms(
    question: str, groups: Mapping[Group, tuple[int, Counter[int]]], units: Mapping[str, Unit], minimum: int
) -> Iterator[Tally]:
    atoms = partition({group: n for group, (n, _) in groups.items()}, units, minimum)
    of = {unit: atom for atom in atoms for unit in atom}
    sums: dict[Group, tuple[int, Counter[int]]] = {}
    for group, (n, counts) in groups.items():
        if group[0] in of:
            answers, together = sums.setdefault(of[group[0]], (0, Counter()))
            together.update(counts)
            sums[of[group[0]]] = (answers + n, together)
    for atom, (answers, together) in sums.items():
        yield Tally(question, label(atom), answers, together)
