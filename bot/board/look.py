"""Who looks at a page, and which roles open the pages at all. Denies by default: without a role there is nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.cases.accountable import manager
from bot.library import Snapshot
from bot.people import audience
from bot.people.calendar import language_of, zone_of
from bot.playbook.access import Viewer, known, roles
from bot.playbook.model import Initiative, Playbooks
from bot.store import case_queue, people
from bot.store.case_queue import Sight, Wanted
from bot.store.engine import Session
from bot.store.people import PersonRecord
from bot.turn import Colleague, Reader
from bot.words import Words

LEADS = frozenset({"sponsor", "project-manager"})
AGENT = frozenset({"change-agent"})
OPENING = LEADS | AGENT
"""Roles in an initiative that open the pages."""


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody who looks at a page, in one transaction that only reads."""

    reader: Reader
    person: PersonRecord
    tx: Session

    @property
    def words(self) -> Words:
        """The words of the reader's language."""
        return self.reader.words

    def having(self, wanted: frozenset[str]) -> tuple[Initiative, ...]:
        """The initiatives in which this person has one of these roles."""
        return tuple(i for i in self.reader.initiatives() if roles(self.reader.viewer, i) & wanted)

    @property
    def unit_word(self) -> str:
        """What the organisation calls a unit, as the heading of a column."""
        word = self.words("board.unit")
        return word[:1].upper() + word[1:]

    @property
    def answers(self) -> bool:
        """Whether this person answers for what people raise: for a unit, an initiative, or a case they were given."""
        return bool(answering(self.reader.viewer, self.reader.playbooks)) or _is_given(self.tx, self.reader.viewer)


def held(tx: Session, viewer: Viewer, playbooks: Playbooks) -> tuple[str, ...]:
    """The roles that open the pages, each with its initiative or unit; none where the pages stay closed. Where others
    read makes no difference: the pages are for one person.
    """
    alone = replace(viewer, crowd=False)
    if alone.outsider or not alone.email:
        return ()
    found = ((i.id, role) for i in known(alone, playbooks) for role in roles(alone, i) & OPENING)
    by_role = tuple(sorted([*(f"{id} {role}" for id, role in found), *answering(alone, playbooks)]))
    # Somebody with a role stays who they are when a case comes and goes.
    return by_role or (("given",) if _is_given(tx, alone) else ())


def answering(viewer: Viewer, playbooks: Playbooks) -> tuple[str, ...]:
    """For what this person answers by their role: units as owner or deputy, and initiatives they lead."""
    me = "" if viewer.outsider else viewer.email
    if not me:
        return ()
    units = (f"{unit.id} owner" for unit in playbooks.organisation.units.values() if me in (unit.owner, unit.deputy))
    led = (f"{one.id} leads" for one in playbooks.initiatives.values() if me == manager(one))
    return (*units, *led)


def _is_given(tx: Session, viewer: Viewer) -> bool:
    """Whether there is a case that this person takes care of, or answers for without a role."""
    if viewer.outsider or not viewer.email:
        return False
    return bool(case_queue.how_many(tx, Sight(viewer.email), Wanted(state="")))


def viewer_of(person: PersonRecord) -> Viewer:
    """What this person may see when nobody reads along; whoever has left sees nothing."""
    return audience.viewer_of(replace(person, member=person.member and person.left_on is None))


def roles_mark(tx: Session, key: str, playbooks: Playbooks) -> str:
    """A mark of the roles that this person holds now, '' where they hold none or are not there any more."""
    person = people.person(tx, key)
    roles_held = held(tx, viewer_of(person), playbooks) if person else ()
    return tx.seal.mark("board", *roles_held) if roles_held else ""


def look_of(tx: Session, key: str, snapshot: Snapshot, now: datetime, pages: str) -> Look | None:
    """Whoever has this key, as a reader of pages; None for nobody, and for whoever holds no role that opens them."""
    person, playbooks = people.person(tx, key), snapshot.playbooks
    if person is None or not held(tx, viewer_of(person), playbooks):
        return None
    settings = people.settings(tx, key)
    unit = playbooks.organisation.units.get(person.unit)
    words = Words(language_of(person, settings, unit), zone_of(person, unit), playbooks.organisation.policy.word_for)
    reader = Reader(
        viewer=viewer_of(person),
        words=words,
        now=now,
        playbooks=playbooks,
        index=snapshot.index,
        directory=lambda address: _colleague(tx, address),
        as_of=snapshot.as_of,
        pages=pages,
    )
    return Look(reader, person, tx)


def _colleague(tx: Session, address: str) -> Colleague | None:
    found = people.person_by_email(tx, address)
    return Colleague(found.name, found.unit) if found and found.left_on is None else None
