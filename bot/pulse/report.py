"""A closed round as it is read: its outcome, what moved since the round before, its actions, and who may see which
part of it. It writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.playbook.access import Viewer, lineage, may_know, roles
from bot.playbook.model import Initiative, Organisation, Playbooks
from bot.playbook.shared_files import Question
from bot.pulse.results import Change, Outcome, changes
from bot.pulse.suppression import Scope, group_of
from bot.pulse.topics import LOOKED_AT, Topic, topics
from bot.pulse.words import short_name
from bot.store import Session, results, surveys
from bot.store.results import Action, Closed
from bot.store.surveys import Round, Snapshot
from bot.words import Words

LEADS = frozenset({"sponsor", "project-manager"})


@dataclass(frozen=True, slots=True)
class Report:
    """A closed round. `destroyed`: too few answered. `before` is the round it is compared with, if there is one."""

    round: Round
    initiative: Initiative
    organisation: Organisation
    snapshot: Snapshot
    closed: Closed
    outcome: Outcome
    changes: tuple[Change, ...] = ()
    actions: tuple[Action, ...] = field(default=())

    @property
    def destroyed(self) -> bool:
        """Whether so few answered that nothing is shown."""
        return self.outcome.everybody is None

    def name(self, words: Words) -> str:
        """What the survey is called in this language."""
        return self.snapshot.text(words.locale).name

    def project(self, words: Words) -> str:
        """The project's short name in this language."""
        return short_name(self.initiative, words)

    def question(self, id: str, words: Words) -> Question | None:
        """The question of this id in this language."""
        return next((one for one in self.snapshot.text(words.locale).questions if one.id == id), None)

    def scope_name(self, scope: Scope, words: Words) -> str:
        """What a group is called: everybody, a unit, or the units that stand together."""
        if scope.everybody:
            return words("results.everybody")
        if scope.unit:
            return self.unit_name(scope.unit, words)
        names = [self.unit_name(unit, words) for unit in scope.units]
        return words("results.together", names=words.all_of(names)) if len(names) > 1 else names[0]

    def unit_name(self, id: str, words: Words) -> str:
        """What a unit is called in this language."""
        translated = self.organisation.translated_units.get(words.language, {}).get(id)
        found = translated or self.organisation.units.get(id)
        return (found.name if found else "") or (id if found else words("results.no-unit"))


def report(tx: Session, playbooks: Playbooks, round: Round) -> Report | None:
    """The report of a round; None while it is not closed, or where its initiative or its key is gone."""
    kept, snapshot = results.closed(tx, round.id), surveys.snapshot(tx, round.id)
    initiative = playbooks.initiatives.get(round.initiative)
    if kept is None or snapshot is None or initiative is None:
        return None
    outcome = _outcome(tx, playbooks, round, snapshot, kept)
    before = surveys.round(tx, kept.before) if kept.before else None
    earlier = _earlier(tx, playbooks, before) if before else None
    return Report(
        round=round,
        initiative=initiative,
        organisation=playbooks.organisation,
        snapshot=snapshot,
        closed=kept,
        outcome=outcome,
        changes=changes(outcome, earlier) if earlier else (),
        actions=tuple(results.actions(tx, round.id)),
    )


def _earlier(tx: Session, playbooks: Playbooks, round: Round) -> Outcome | None:
    kept, snapshot = results.closed(tx, round.id), surveys.snapshot(tx, round.id)
    return _outcome(tx, playbooks, round, snapshot, kept) if kept and snapshot else None


def _outcome(tx: Session, playbooks: Playbooks, round: Round, snapshot: Snapshot, kept: Closed) -> Outcome:
    found = results.tallies(tx, round.id)
    return Outcome(snapshot.template, found, kept.asked, round.asked, playbooks.organisation.units)


def series(tx: Session, playbooks: Playbooks, round: Round) -> Iterator[tuple[Round, Outcome]]:
    """The rounds of the same survey in the same project that anything is shown of, up to this one, the oldest first."""
    for one in reversed(surveys.closed(tx, round.initiative)):
        same = (one.template, one.audience, one.named) == (round.template, round.audience, round.named)
        if same and one.id <= round.id and (found := _earlier(tx, playbooks, one)) and found.everybody:
            yield one, found


def comments(tx: Session, shown: Report, question: Question, scope: Scope, limit: int) -> list[str]:
    """At most so many free texts of this group, in an order that says nothing; none where they are fewer than ten."""
    atoms = shown.outcome.comment_labels(question, scope)
    units = {unit for atom in atoms for unit in atom.split()}
    labels = [one for one in results.commented(tx, shown.round.id).get(question.id, {}) if set(group_of(one)) <= units]
    return results.comments(tx, shown.round.id, question.id, labels, limit) if atoms else []


def spoken_of(tx: Session, shown: Report) -> dict[str, tuple[Topic, ...]]:
    """What the free texts of everybody speak of, by question, as it can be told to everybody: no word that is a name of
    somebody in the directory, and nothing of a survey with names, whose texts were written for those who lead."""
    everybody = shown.outcome.everybody
    if everybody is None or shown.round.named:
        return {}
    found = {
        question.id: topics(comments(tx, shown, question, everybody, LOOKED_AT))
        for question in shown.snapshot.template.questions
        if question.type == "text"
    }
    names = results.names_among(tx, {topic.word for some in found.values() for topic in some})
    kept = {id: tuple(topic for topic in some if topic.word not in names) for id, some in found.items()}
    return {id: some for id, some in kept.items() if some}


def leads(viewer: Viewer, initiative: Initiative) -> bool:
    """Whether this person reads results in full: project manager and sponsor."""
    return bool(roles(viewer, initiative) & LEADS)


def scopes_for(viewer: Viewer, shown: Report) -> tuple[Scope, ...]:
    """The groups whose figures this person reads: all of them who leads the project, those of their units a change
    agent; nobody else any."""
    if not may_know(viewer, shown.initiative, shown.organisation.units):
        return ()
    if leads(viewer, shown.initiative):
        return shown.outcome.scopes
    mine = [unit for unit, agents in shown.initiative.written.change_agents.items() if viewer.email in agents]
    found = (_nearest(unit, shown) for unit in mine if viewer.email)
    return tuple(dict.fromkeys(one for one in found if one))


def _nearest(unit: str, shown: Report) -> Scope | None:
    """The unit itself, else the smallest group that its answers are in, else what is shown below it; never all."""
    there = [one for one in shown.outcome.scopes if not one.everybody]
    itself = [one for one in there if one.unit == unit]
    around = [one for one in there if len(one.atoms) == 1 and unit in one.units]
    units = shown.organisation.units
    below = [one for one in there if all(unit in lineage(other, units) for other in one.units)]
    return next(iter((*itself, *around, *below)), None)
