"""What every step of a case's life is taken with: who takes it and when, the note of it, and telling those concerned.

It decides nothing about whether somebody may take a step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.cases import cards, counting
from bot.cases.standing import Subject, subject
from bot.cases.telling import to_author, to_joined
from bot.messages import Card, Post
from bot.milestones import telling
from bot.playbook.model import Playbooks
from bot.store import Session, audit, case_history, cases, people
from bot.store.cases import OPEN, Case
from bot.words import Words

Posts = tuple[Post, ...] | None


@dataclass(frozen=True, slots=True)
class Step:
    """What a step is taken in and by whom: `actor` is a person's key, '' for an author in confidence and the clock."""

    tx: Session
    playbooks: Playbooks
    actor: str
    now: datetime

    def subject(self, case: Case) -> Subject:
        """The case as it stands now."""
        return subject(self.tx, self.playbooks, case, counting.unnamed(self.tx, case))

    def name(self) -> str:
        """The name of whoever takes the step; '' where nobody is named."""
        found = people.person(self.tx, self.actor) if self.actor else None
        return (found.name or found.email) if found else ""

    def address(self) -> str:
        """The address of whoever takes the step; '' where there is none."""
        found = people.person(self.tx, self.actor) if self.actor else None
        return found.email if found else ""


def taken(step: Step, case: Case, what: str) -> Case:
    """The case after a step: noted, where there is somebody to note, and the cards of those who answer renewed."""
    if step.actor:
        audit.note(step.tx, step.actor, f"case.{what}", f"case {case.number}", step.now)
    after = cases.case(step.tx, case.id) or case
    cards.refresh(step.tx, step.playbooks, after, step.now)
    return after


def say_author(step: Step, case: Case, say: Callable[[Subject, Words], Card]) -> tuple[Post, ...]:
    """What tells the author."""
    about = step.subject(case)
    return to_author(step.tx, step.playbooks, case, lambda words: say(about, words), step.now)


def say_everybody(step: Step, case: Case, say: Callable[[Subject, Words, bool], Card]) -> tuple[Post, ...]:
    """What tells the author (True), and those who joined (False)."""
    about = step.subject(case)
    return (
        *to_author(step.tx, step.playbooks, case, lambda words: say(about, words, True), step.now),
        *to_joined(step.tx, step.playbooks, case, lambda words: say(about, words, False), step.now),
    )


def say_answering(
    step: Step, case: Case, say: Callable[[Words], Card], addresses: tuple[str, ...] = (), what: str = "said"
) -> tuple[Post, ...]:
    """What tells those who take care of the case (or have these addresses) once, but not whoever took the step."""
    nth = len(case_history.history(step.tx, case.id))
    found = [telling.reader(step.tx, one, step.playbooks) for one in dict.fromkeys(addresses or (care_of(case),))]
    return tuple(
        Post(f"case:{case.number}:{what}:{nth}:{one.person.key}", say(one.words), person=one.person.key)
        for one in found
        if one and one.person.key != step.actor
    )


def care_of(case: Case) -> str:
    """The address of whoever takes care of it: whom it was given to, else its owner."""
    return case.handler or case.owner


def stepped(
    step: Step, case: Case, what: str, text: str, also: Mapping[str, object], of: tuple[str, ...] = OPEN
) -> bool:
    """Notes a step that leaves the state as it is, or sets it in `also` with other columns. False where it comes too
    late, or the case goes on in another one."""
    if case.merged_into:
        return False
    return case_history.step(step.tx, case.id, what, actor=step.actor, now=step.now, text=text, of=of, also=also)
