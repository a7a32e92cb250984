"""How a case stands: the case with the names, numbers and history that its texts need, looked up once.

It changes nothing and says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.cases import accountable
from bot.people.audience import viewer_of
from bot.playbook.model import Initiative, Organisation, Playbooks
from bot.store import Session, case_history, case_supporters, cases, mailbox, people, requests
from bot.store.case_history import CaseEvent
from bot.store.cases import Case
from bot.store.people import PersonRecord
from bot.store.requests import Request
from bot.wins import evidence
from bot.words import Words

SHOWN_FROM = 5
"""From how many on people who joined in confidence are counted where others can see it."""
TO_THE_OWNER = 2
"""How often a case comes back to its owner as not solved; then it goes to the sponsor, once."""
HIDDEN, WRITES = "hidden", ("replied", "added", "corrected", "reopened")
"""That words were taken out of a case in confidence, and the steps with which its author writes to it."""
SEEN = ("acknowledged", "in-progress", "assigned", "asked-back", "workshop", "cause", "answered", "decided")
"""What only somebody can have done who has seen the case."""


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody with a part in a case: their address, name, unit, and whether they have done something about it."""

    address: str
    name: str
    unit: str = ""
    seen: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """A case with all that its texts need.

    `author` is None in confidence and where nobody is to be named; `readers` are those who answer for it; `named` how
    many joined under their name, `unnamed` how many in confidence. `names` are names by person's key; `merged` are the
    cases that go on in this one. `better` says in a reader's words what got better that answers such a worry;
    `request` is what a request is weighed by. `closed`: its author in confidence can write no more to it;
    `not_for` the names of those whom its author left out; `last_word` the address of the sponsor who is not told who
    raised it; `nameless` that its author is known and not to be named.
    """

    case: Case
    organisation: Organisation
    initiative: Initiative | None
    author: Part | None = None
    readers: tuple[Part, ...] = ()
    history: tuple[CaseEvent, ...] = ()
    named: int = 0
    unnamed: int = 0
    names: Mapping[str, str] = field(default_factory=dict)
    merged: tuple[Case, ...] = ()
    into: Case | None = None
    better: Callable[[Words, PersonRecord], str] = lambda *_: ""
    request: Request | None = None
    closed: bool = False
    not_for: tuple[str, ...] = ()
    last_word: str = ""
    nameless: bool = False

    def as_read_by(self, address: str) -> Subject:
        """The same for whoever has this address, who may not be told who raised it."""
        return self.without_author() if address and address == self.last_word else self

    def without_author(self) -> Subject:
        """The same without whoever raised it."""
        names = {key: name for key, name in self.names.items() if key != self.case.asker}
        return replace(self, author=None, names=names, nameless=bool(self.case.asker))

    @property
    def hidden(self) -> bool:
        """Whether the words of its author were taken out, and nothing was written since."""
        last = next((one.what for one in reversed(self.history) if one.what in (HIDDEN, *WRITES)), "")
        return last == HIDDEN

    def project(self, words: Words) -> str:
        """The initiative's name as people say it: what stands before a colon."""
        if self.initiative is None:
            return self.case.initiative
        return self.initiative.text(words.locale).name.partition(":")[0].strip()

    def unit(self, words: Words) -> str:
        """The name of the unit that it concerns; '' where it is about none."""
        return unit_name(self.organisation, self.case.unit, words)

    def day(self, at: datetime, zone: str) -> date:
        """The day of a moment that is kept of this case."""
        return kept_day(self.case, at, zone)

    def name_of(self, address: str) -> str:
        """The name of whoever answers for it under this address, else the address."""
        return next((one.name for one in self.readers if one.address == address), address)


def kept_day(case: Case, at: datetime, zone: str) -> date:
    """The day of a moment that is kept of a case; without a name only the day is kept, as its end in UTC."""
    if case.asker:
        return at.astimezone(ZoneInfo(zone)).date()
    return (at - timedelta(seconds=1)).astimezone(ZoneInfo("UTC")).date()


def may_come_back(case: Case) -> bool:
    """Whether it can still be said that a case is not solved: the sponsor's word is the last. A request is looked at
    again once."""
    return case.reopened <= (0 if case.kind == "request" else TO_THE_OWNER)


def unit_name(organisation: Organisation, unit: str, words: Words) -> str:
    """A unit's name in the language of these words."""
    translated = organisation.translated_units.get(words.language, {}).get(unit)
    found = translated or organisation.units.get(unit)
    return (found.name if found else "") or unit


def subject(tx: Session, playbooks: Playbooks, case: Case, unnamed: int = 0) -> Subject:
    """The case as it stands now. `unnamed`: how many joined in confidence."""
    history = tuple(case_history.history(tx, case.id))
    names = _names(tx, history)
    seen = {event.actor for event in history if event.actor and event.what in SEEN}
    asker = people.person(tx, case.asker) if case.asker else None
    return Subject(
        case,
        playbooks.organisation,
        playbooks.initiatives.get(case.initiative),
        author=Part(asker.email, asker.name or asker.email, asker.unit) if asker else None,
        readers=tuple(_part(tx, one, seen) for one in accountable.readers_of(tx, playbooks, case)),
        history=history,
        named=len(case_supporters.supporters(tx, case.id)),
        unnamed=unnamed if unnamed >= SHOWN_FROM else 0,
        names=names,
        merged=tuple(cases.merged_into(tx, case.id)),
        into=goes_on_in(tx, case),
        better=lambda words, person: _better(tx, playbooks, case, words, person),
        request=requests.request(tx, case) if case.kind == "request" else None,
        closed=case.confidential and mailbox.is_closed(tx, case.id),
        last_word=accountable.last_word(tx, playbooks, case),
        not_for=tuple(_part(tx, one, seen).name for one in sorted(_left_out(playbooks, case))),
    )


def _left_out(playbooks: Playbooks, case: Case) -> frozenset[str]:
    return accountable.left_out(playbooks, case.unit) - {case.owner} if case.avoid_owner else frozenset()


def goes_on_in(tx: Session, case: Case) -> Case | None:
    """The case that this one was merged into, the last of them; None where it is one of its own."""
    found, seen = None, {case.id}
    while case.merged_into and case.merged_into not in seen:
        seen.add(case.merged_into)
        further = cases.case(tx, case.merged_into)
        if further is None:
            break
        found = case = further
    return found


def _part(tx: Session, address: str, seen: set[str]) -> Part:
    person = people.person_by_email(tx, address)
    if person is None:
        return Part(address, address)
    return Part(address, person.name or address, person.unit, person.key in seen)


def _names(tx: Session, history: tuple[CaseEvent, ...]) -> dict[str, str]:
    keys = {event.actor for event in history} | {event.text for event in history if event.what == "assigned"}
    found = {key: people.person(tx, key) for key in keys if key}
    return {key: person.name or person.email for key, person in found.items() if person}


def _better(tx: Session, playbooks: Playbooks, case: Case, words: Words, person: PersonRecord) -> str:
    if case.kind != "concern":
        return ""
    happened = evidence(tx, viewer_of(person), words, playbooks, case.initiative, case.text)
    return words("win.for-answer", happened=happened) if happened else ""
