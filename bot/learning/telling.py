"""Telling who was given an answer what it says now. Of facts of `initiative.yaml` only what was released is told, and
a decision that changed is told elsewhere: here it is only noted that they know.

Whoever moves a row from the old version to the new one tells that person: so each change is told once. A person who
may not read the passage any more is not told, and nothing is kept of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.delivery.moment import right_moment
from bot.learning.cards import Told, changed_card, facts_card, release_card
from bot.learning.changes import notable
from bot.learning.decisions import Decisions
from bot.learning.facts import key_of, version
from bot.learning.remembering import KIND
from bot.learning.versions import Past, Present, says_something_else
from bot.library import Library
from bot.messages import Card, Post
from bot.milestones.changes.facts import decisive
from bot.people.audience import viewer_of
from bot.people.calendar import calendar_for, language_of, zone_of
from bot.playbook.access import may_know, may_read
from bot.playbook.model import Initiative, Passage, Playbooks
from bot.store import Session, Store, accounts, audit, deliveries, learned, people, releases, told
from bot.store.people import PersonRecord
from bot.store.releases import Release
from bot.store.told import Given, Version
from bot.words import Words

# Short enough that whoever presses a button meanwhile does not notice.
CHUNK = 100


def tell(store: Store, library: Library, now: datetime) -> int:
    """Tells of everything that changed; says how many posts were queued. A process that ends in the middle, or another
    one beside it, leaves and takes what is left to do.
    """
    with store.read() as tx:
        given = told.versions(tx)
    # What was given before this moment is at most as new as what is taken over now.
    library.renew()
    playbooks = library.current.playbooks
    present = Present(playbooks)
    outdated = [what for what in given if not present.holds(what)]
    if not outdated:
        return 0
    with store.read() as tx:
        past = Past(lambda id: _stored(store, id), learned.of(tx))
    work = _Work(store, playbooks, present, past, now)
    queued = sum(work.tell_of_passage(what) for what in outdated if not key_of(what.subject))
    facts: dict[str, dict[str, list[Version]]] = defaultdict(lambda: defaultdict(list))
    for what in outdated:
        if key_of(what.subject):
            facts[what.initiative][key_of(what.subject)].append(what)
    return queued + sum(work.tell_of_facts(playbooks.initiatives[id], changed) for id, changed in facts.items())


def _stored(store: Store, scope: str) -> list[dict[str, str]]:
    with store.read() as tx:
        return [dict(files) for files in told.stored_files(tx, scope)]


@dataclass(frozen=True, slots=True)
class _Work:
    """What one telling works with."""

    store: Store
    playbooks: Playbooks
    present: Present
    past: Past
    now: datetime

    def tell_of_passage(self, what: Version) -> int:
        """Tells everybody who was given this version of a passage, if it says something else now."""
        old = self.past.passage(what)
        new = self.present.passage(what.subject) or (self.present.successor(old) if old else None)
        if new is None:
            return 0
        initiative, passage = self.playbooks.initiatives[new.initiative], new
        to = Version(initiative.id, new.id, new.hash)
        silent = not says_something_else(old, new)
        cards: dict[str, Card] = {}
        with self.store.read() as tx:
            people_of = [(one.person, [one]) for one in told.given(tx, what)]

        def post(tx: Session, reader: PersonRecord, _: Sequence[Given]) -> Post | None:
            if silent:
                return None
            words = words_of(tx, reader, self.playbooks)
            if words.locale not in cards:
                cards[words.locale] = changed_card(self._told(tx, words), initiative, passage)
            return self._post(tx, reader, cards[words.locale], what.subject, to.version)

        return self._move(people_of, lambda _: to, post, lambda reader: self._may_read(reader, initiative, passage))

    def tell_of_facts(self, initiative: Initiative, changed: dict[str, list[Version]]) -> int:
        """Tells of the facts that were released, forgets what was not to be told, and asks about the others."""
        now_in = {key: version(self.present.fact(initiative.id, key)) for key in changed}
        with self.store.read() as tx:
            asked = [r for r in releases.all_of(tx) if r.initiative == initiative.id]
            decisions = Decisions.of(tx, initiative)
        open_ones: dict[str, list[Version]] = {}
        sent, silent = list[Version](), list[Version]()
        for key, versions in changed.items():
            now = self.present.fact(initiative.id, key)
            for what in versions:
                before = self.past.fact(what)
                mended = before is not None and not notable(before, now)
                state = _state(asked, key, now_in[key])
                if decisive(key, before, now):
                    state = decisions.state(key) or state
                if mended or state == releases.DROPPED:
                    silent.append(what)
                elif state == releases.SENT:
                    sent.append(what)
                elif not state:
                    open_ones.setdefault(key, []).append(what)
        self._move_facts(initiative, silent, tell=False)
        queued = self._move_facts(initiative, sent, tell=True)
        return queued + (self._ask(initiative, open_ones, now_in, asked) if open_ones else 0)

    def _move_facts(self, initiative: Initiative, versions: Sequence[Version], tell: bool) -> int:
        by_person: dict[str, list[Given]] = defaultdict(list)
        with self.store.read() as tx:
            for what in versions:
                for one in told.given(tx, what):
                    by_person[one.person].append(one)

        def now_has(one: Given) -> Version:
            value = self.present.fact(initiative.id, key_of(one.what.subject))
            return Version(initiative.id, one.what.subject, version(value))

        def post(tx: Session, reader: PersonRecord, moved: Sequence[Given]) -> Post | None:
            if not tell:
                return None
            before = {key_of(one.what.subject): self.past.fact(one.what) or "" for one in moved}
            card = facts_card(self._told(tx, words_of(tx, reader, self.playbooks)), initiative, before)
            parts = [part for one in moved for part in (one.what.subject, now_has(one).version)]
            return self._post(tx, reader, card, *parts)

        return self._move(list(by_person.items()), now_has, post, lambda reader: self._may_know(reader, initiative))

    def _ask(
        self,
        initiative: Initiative,
        changed: dict[str, list[Version]],
        now_in: dict[str, str],
        asked: Sequence[Release],
    ) -> int:
        """Asks the project manager, once for these versions, whether who asked may be told; later where that cannot be
        asked yet."""
        with self.store.begin() as tx:
            leader = people.person_by_email(tx, initiative.written.project_manager)
            if leader is None or not accounts.of_person(tx, leader.key):
                return 0
            for old in asked:
                if all(version(self.present.fact(initiative.id, key)) != held for key, held in old.facts.items()):
                    releases.drop(tx, old.id)
            facts = {key: now_in[key] for key in changed}
            id = releases.propose(tx, initiative.id, facts, self.now.date())
            if not id:
                return 0
            before = {key: self.past.fact(versions[-1]) or "" for key, versions in changed.items()}
            count = told.count(tx, [what for versions in changed.values() for what in versions])
            card = release_card(self._told(tx, words_of(tx, leader, self.playbooks)), initiative, before, count, id)
            units = self.playbooks.organisation.units
            moment = right_moment(self.now, calendar_for(leader, people.settings(tx, leader.key), units))
            audit.note(tx, "", "release.asked", f"release {id}", self.now)
            return deliveries.enqueue(
                tx, [Post(key=f"release:{id}", card=card, person=leader.key, not_before=moment)], self.now
            )

    def _move(
        self,
        people_of: Sequence[tuple[str, Sequence[Given]]],
        to: Callable[[Given], Version],
        post: Callable[[Session, PersonRecord, Sequence[Given]], Post | None],
        may: Callable[[PersonRecord], bool],
    ) -> int:
        """Moves these people to what holds now, a hundred in a transaction, and queues what they are told."""
        queued = 0
        for start in range(0, len(people_of), CHUNK):
            with self.store.begin() as tx:
                posts = []
                for key, given in people_of[start : start + CHUNK]:
                    reader = people.person(tx, key)
                    allowed = reader is not None and may(reader)
                    moved = [one for one in given if told.move(tx, one, to(one) if allowed else None)]
                    if reader and allowed and moved and (made := post(tx, reader, moved)):
                        posts.append(made)
                queued += deliveries.enqueue(tx, posts, self.now)
        return queued

    def _post(self, tx: Session, reader: PersonRecord, card: Card, *what: str) -> Post:
        # A mark, since whoever reads the key must not learn what somebody had asked; with the moment, since what goes
        # and comes back is another change each time.
        key = tx.seal.mark("changed", reader.key, self.now.isoformat(), *what)
        return Post(key=f"changed:{key}", card=card, person=reader.key, kind=KIND)

    def _told(self, tx: Session, words: Words) -> Told:
        def name(address: str) -> str:
            found = people.person_by_email(tx, address)
            return found.name if found else address

        return Told(words, name, self.playbooks.organisation)

    def _may_know(self, reader: PersonRecord, initiative: Initiative) -> bool:
        viewer = viewer_of(reader)
        return not viewer.outsider and may_know(viewer, initiative, self.playbooks.organisation.units)

    def _may_read(self, reader: PersonRecord, initiative: Initiative, passage: Passage) -> bool:
        units = self.playbooks.organisation.units
        return self._may_know(reader, initiative) and may_read(viewer_of(reader), passage, initiative, units)


def _state(asked: Sequence[Release], key: str, held: str) -> str:
    """What was decided, or is still asked, about this version of a fact; '' where nobody was asked."""
    return next((release.state for release in asked if release.facts.get(key) == held), "")


def words_of(tx: Session, person: PersonRecord, playbooks: Playbooks) -> Words:
    """The words in which somebody is written to of the bot's own accord."""
    organisation = playbooks.organisation
    unit = organisation.units.get(person.unit)
    locale = language_of(person, people.settings(tx, person.key), unit)
    return Words(locale, zone_of(person, unit), organisation.policy.word_for)
