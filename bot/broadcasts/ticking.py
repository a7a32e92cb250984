"""What is due of broadcasts: those whose moment has come go out, and their authors see how far they are.

The only part that acts by the clock. Each step is noted in the transaction that does it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.broadcasts import cards, sending
from bot.broadcasts.permission import leads, scope
from bot.broadcasts.report import GOING, SENT, Report, report
from bot.playbook.model import Playbooks
from bot.store import Session, Store, broadcasts, deliveries, people
from bot.store.broadcasts import PLANNED, STOPPED, Broadcast

LOOK_EVERY, LOOK_LATER = timedelta(minutes=1), timedelta(minutes=15)
# So long somebody watches it go; later only those follow who were waiting for their working hours.
WATCHED = timedelta(hours=2)
# What waits for the right moment longer than this is given up by the engine.
LONGEST = timedelta(days=40)
STEPS = 10


def due(store: Store, playbooks: Playbooks, now: datetime) -> int:
    """Does what is due at `now` (aware); says how many things that were. Call it before announcements are expanded."""
    with store.read() as tx:
        numbers = broadcasts.under_way(tx)
    done = 0
    for number in numbers:
        with store.begin() as tx:
            one = broadcasts.hold(tx, number)
            if one is not None:
                done += _go(tx, one, playbooks, now) if one.state == PLANNED else _look(tx, one, playbooks, now)
    return done


def _go(tx: Session, broadcast: Broadcast, playbooks: Playbooks, now: datetime) -> int:
    """Lets it go at its moment. Where its author may not write to these people any more, and no second person has
    agreed, one is asked; where the initiative is no longer in force it is stopped."""
    if broadcast.written.at is None or broadcast.written.at > now:
        return 0
    initiative = playbooks.initiatives.get(broadcast.initiative)
    if initiative is None:
        return int(broadcasts.turn(tx, broadcast.number, STOPPED, of=[PLANNED]))
    author = people.person(tx, broadcast.author) if broadcast.author else None
    second = people.person(tx, broadcast.decided_by) if broadcast.decided_by else None
    answered = author is not None and scope(author, initiative, playbooks).holds(broadcast.written)
    if answered or (second is not None and leads(second, initiative)):
        return int(sending.let_go(tx, broadcast, initiative, playbooks, now))
    return int(sending.asked_again(tx, broadcast, initiative, playbooks, now))


def _look(tx: Session, broadcast: Broadcast, playbooks: Playbooks, now: datetime) -> int:
    """Makes the card of the author say how far it is, whenever that is another tenth of the way."""
    since = now - broadcast.out_at if broadcast.out_at else LONGEST
    every = LOOK_EVERY if since < WATCHED else LOOK_LATER
    if broadcast.looked_at and now - broadcast.looked_at < every:
        return 0
    found = report(tx, broadcast.number, playbooks, now)
    if found is None:
        return 0
    shown, author = _coarsely(found), sending.author_of(tx, broadcast, playbooks)
    over = found.finished or since >= LONGEST
    broadcasts.looked(tx, broadcast.number, now, shown, over)
    if shown == broadcast.shown or author is None:
        return 0
    return int(deliveries.edit(tx, sending.progress_key(broadcast), cards.progress_card(found, author.words), now))


def _coarsely(found: Report) -> str:
    total = sum(row.count for row in found.rows)
    tenth = STEPS * found.total(SENT) // total if total else 0
    waiting = "later" if found.later and found.later == found.total(*GOING) else ""
    return f"{tenth}/{STEPS} {'finished' if found.finished else waiting}"
