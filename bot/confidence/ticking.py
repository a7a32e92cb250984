"""What the clock brings to what waits in confidence: at a slot it is passed on, shuffled; at every tick all of it is
written anew, so that nothing in the database says when it came.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from functools import cached_property

from bot.cases import life, mails, offering, telling
from bot.cases.opening import open_raised
from bot.cases.raised import Raised
from bot.cases.steps import Step
from bot.confidence.raising import CONCERN, JOIN, SAY
from bot.confidence.units import shown
from bot.confidence.words import passed_on
from bot.faults import described
from bot.messages import Place, Post
from bot.playbook.model import Playbooks
from bot.store import Session, Store, blurring, cases, deliveries, lanes, mailbox, outgoing, people
from bot.store.cases import OPEN
from bot.store.mailbox import AUTHOR, JOINED, Behind, Waiting

NOWHERE = Place("", "", "")
_ORDER = (CONCERN, JOIN, SAY)
# What ends something comes after what is said about it.
_LAST = ("settled", "not-settled", "withdraw")

log = logging.getLogger(__name__)


def due(store: Store, playbooks: Playbooks, now: datetime, draw: Callable[[int], int] = secrets.randbelow) -> int:
    """Passes on what is due; says how many posts were queued, and in how many lanes mails can go now. `draw(n)` gives a
    random number below n.
    """
    with store.begin() as tx:
        blurring.blur(tx, now)
    with store.read() as tx:
        if not mailbox.is_waiting(tx):
            return 0
    with store.begin() as tx:
        posts = _pass_on(_Slot(tx, playbooks, now, draw)) if mailbox.is_waiting(tx, now) else []
        queued = deliveries.enqueue(tx, posts, now)
        outgoing.forget(tx, now)
        mailbox.stir(tx)
        recipients = outgoing.lanes_due(tx, now)
        lanes.wake(tx, recipients)
    mailbox.leave_no_order(store)
    return queued + len(recipients)


def _pass_on(slot: _Slot) -> list[Post]:
    """All of one slot together: cases first, then who joined, then what authors say; each kind in no order."""
    tx = slot.tx
    waiting = [one for one in mailbox.waiting(tx, slot.now, lock=True) if one.what in _ORDER]
    mailbox.take(tx, [one.key for one in waiting])
    posts: list[Post] = []
    for one in sorted(waiting, key=_turn):
        try:
            with tx.begin_nested():
                posts += slot.pass_on(one)
        except Exception as fault:  # noqa: BLE001 - one that cannot be passed on must not keep back all others
            log.error("something said in confidence could not be passed on and waits: %s", described(fault))
            mailbox.put(tx, one.due_at, one.what, one.person, one.rest)
    if waiting:
        # Everybody's row is written anew at each slot, whether or not somebody is new.
        mailbox.admit(tx, slot.behind)
    return posts


def _turn(one: Waiting) -> tuple[int, int]:
    step = one.rest.get("step", "")
    return _ORDER.index(one.what), _LAST.index(step) + 1 if step in _LAST else 0


@dataclass
class _Slot:
    """One slot. `behind` gathers who stands behind a case from now on."""

    tx: Session
    playbooks: Playbooks
    now: datetime
    draw: Callable[[int], int]
    behind: list[Behind] = field(default_factory=list)

    @cached_property
    def _before(self) -> list[Behind]:
        return mailbox.everybody(self.tx)

    def pass_on(self, one: Waiting) -> Sequence[Post]:
        """Does what was said; the posts for those who answer."""
        return self._open(one) if one.what == CONCERN else self._join(one) if one.what == JOIN else self._say(one)

    def _open(self, one: Waiting) -> Sequence[Post]:
        known = {field.name for field in fields(Raised)}
        raised = Raised(**{name: value for name, value in one.rest.items() if name in known})
        raised = replace(raised, unit=shown(self.tx, self.playbooks.organisation.units, raised.unit))
        if self._is_open(raised, one.person):
            return ()
        case, posts = open_raised(
            self.tx,
            self.playbooks,
            raised,
            asker=None,
            reply_to=NOWHERE,
            now=self.now,
            draw=self.draw,
            confidential=True,
        )
        author = people.person(self.tx, one.person)
        if author is not None and author.left_on is None:
            words = telling.words_of(self.tx, self.playbooks, author)
            mails.write(self.tx, self.playbooks, case, author, passed_on(case, words), self.now)
        self.behind.append(Behind(case.id, one.person, AUTHOR))
        return posts

    def _is_open(self, raised: Raised, author: str) -> bool:
        """Whether the author has said the same before and it is not settled: who presses again after a slot means it
        once. It is found by who stands behind cases, so that no mark is kept of who handed something in.
        """
        behind = [*self._before, *self.behind]
        known = (cases.case(self.tx, one.case) for one in behind if (one.person, one.role) == (author, AUTHOR))
        said = (raised.kind, raised.initiative, raised.text)
        return any((one.kind, one.initiative, one.text) == said and one.state in OPEN for one in known if one)

    def _join(self, one: Waiting) -> Sequence[Post]:
        case = cases.case(self.tx, one.rest["case"])
        there = {found.person for found in mailbox.behind(self.tx, case.id)} if case else set()
        if case and one.person not in (*there, case.asker):
            self.behind.append(Behind(case.id, one.person, JOINED))
        return ()

    def _say(self, one: Waiting) -> Sequence[Post]:
        """Nothing where it was closed, decided, withdrawn or merged before the slot came."""
        case = cases.case(self.tx, one.rest["case"])
        if case is None or mailbox.is_closed(self.tx, case.id):
            return ()
        step, text = Step(self.tx, self.playbooks, "", self.now), one.rest["text"]
        match one.rest["step"]:
            case "reply":
                posts = life.replied(step, case, text)
            case "add":
                posts = life.added(step, case, text)
            case "correct":
                posts = life.corrected(step, case, text)
            case "withdraw":
                posts = life.withdrawn(step, case, text)
            case "accept":
                posts = offering.accepted(step, case, text)
            case "settled":
                posts = life.thanked(step, case, text)
            case _:
                posts = life.not_solved(step, case, text)
        return posts or ()
