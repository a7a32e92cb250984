"""What learning from use does when it is time: added answers that a file now holds are retired, the week's list goes to
the project manager, and who was given what has changed since is told, once.

Every step is recorded in the transaction that does it, so that several clocks, or one that ends in the middle, do it
once.
"""

from __future__ import annotations

import logging
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.delivery.occurring import caught_up, due
from bot.learning.cards import weekly_card
from bot.learning.joining import superseded
from bot.learning.remembering import KIND
from bot.learning.telling import tell, words_of
from bot.learning.weekly import MONDAY_MORNING, asked_lately, open_gaps, weak_answers
from bot.library import Library
from bot.messages import Post
from bot.people.calendar import zone_of
from bot.playbook.model import Initiative, Playbooks
from bot.store import (
    SealBroken,
    Session,
    Store,
    audit,
    changes,
    deliveries,
    feedback,
    gaps,
    learned,
    occurrences,
    people,
    releases,
    ticks,
)

log = logging.getLogger(__name__)


class Learning:
    """Learning from use, in one process. `tick` is for one thread at a time."""

    def __init__(self, store: Store, library: Library) -> None:
        self._store = store
        self._library = library
        self._told: tuple[object, ...] = ()

    def tick(self, now: datetime) -> int:
        """Does what is due; says how many posts were queued."""
        self._library.renew()
        playbooks = self._library.current.playbooks
        queued = 0
        with self._store.begin() as tx:
            retire(tx, playbooks, now)
            queued += weekly(tx, playbooks, now)
        return queued + self._tell_once(playbooks, now)

    def _tell_once(self, playbooks: Playbooks, now: datetime) -> int:
        """Tells of changes where there can be new ones: other playbooks, an answer of a project manager, another day
        (for whoever was answered by a process that did not know of the change yet).
        """
        with self._store.read() as tx:
            state = (tuple((r.id, r.state) for r in releases.all_of(tx)), changes.states(tx), now.date())
        if self._told[:1] and self._told[0] is playbooks and self._told[1:] == state:
            return 0
        queued = tell(self._store, self._library, now)
        self._told = (playbooks, *state)
        return queued


def retire(tx: Session, playbooks: Playbooks, now: datetime) -> None:
    """Takes out of force what was added in chat and stands in a file by now."""
    for answer, _ in superseded(playbooks, learned.in_force(tx)):
        if learned.change(tx, answer.id, learned.RETIRED, now.date()):
            audit.note(tx, "", "answer.retired", f"answer {answer.id}", now)


def weekly(tx: Session, playbooks: Playbooks, now: datetime) -> int:
    """Queues the list of what was asked and is not written, on Monday at nine where the project manager is; says how
    many. Nothing where there is nothing.
    """
    since = ticks.since(tx, "weekly-gaps", now)
    posts = [post for one in playbooks.initiatives.values() if (post := _weekly(tx, one, playbooks, since, now))]
    return deliveries.enqueue(tx, posts, now)


def _weekly(tx: Session, initiative: Initiative, playbooks: Playbooks, since: datetime, now: datetime) -> Post | None:
    leader = people.person_by_email(tx, initiative.written.project_manager)
    if leader is None:
        return None
    zone = zone_of(leader, playbooks.organisation.units.get(leader.unit))
    occurrence = caught_up(KIND, due(MONDAY_MORNING, since, now, zone, f"gaps:{initiative.id}"), now, zone)
    if occurrence is None or not occurrences.first_time(tx, occurrence.key, now):
        return None
    words = words_of(tx, leader, playbooks)
    today = now.astimezone(ZoneInfo(zone)).date()
    try:
        asked = open_gaps(gaps.gaps(tx, initiative.id), initiative, learned.in_force(tx))
    except SealBroken as broken:
        log.warning("what was asked of %s cannot be listed: %s", initiative.id, broken)
        return None
    weak = weak_answers(initiative, feedback.votes(tx))
    card = weekly_card(words, initiative, asked if asked_lately(asked, today) else (), weak)
    return Post(key=occurrence.key, card=card, person=leader.key, kind=KIND) if card else None
