"""What the clock brings of surveys: rounds close at their time, those that are planned begin, people are asked.

Each step is noted in the transaction that does it, so that several clocks, or one that ends in the middle, do it once.

The rules of beginning:
- A round begins at the time its schedule names. Where nobody was there at that time it begins up to a day later; after
  that the project manager is asked instead (for a week), since nobody expects it any more.
- What keeps a round from beginning is told to the project manager, once for each time it should have begun; it is not
  made up for by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from bot.delivery.occurring import Occurrence
from bot.delivery.occurring import due as due_since
from bot.messages import Card
from bot.milestones import telling
from bot.milestones.standing import standings
from bot.playbook.initiative_file import PulseSchedule
from bot.playbook.model import Initiative, Playbooks
from bot.playbook.schedule import parse
from bot.pulse import closing, leading, reminding, reporting
from bot.pulse.rounds import Draw, Plan, begin, draw, hindrance, planned
from bot.store import SealBroken, Session, Store, audit, ballots, deliveries, milestones, occurrences, surveys, ticks
from bot.store.surveys import CLOSING
from bot.words import Words

log = logging.getLogger(__name__)

TICK = "survey-rounds"
BEGINS_WITHIN = timedelta(days=1)


def due(store: Store, playbooks: Playbooks, now: datetime) -> int:
    """Does what is due at `now` (aware); says how many things that were."""
    done = close(store, playbooks, now) + _open(store, playbooks, now)
    done += reminding.invite(store, playbooks, now) + reminding.remind(store, playbooks, now)
    with store.begin() as tx:
        return done + deliveries.enqueue(tx, reporting.due(tx, playbooks, now), now)


def close(store: Store, playbooks: Playbooks, now: datetime) -> int:
    """Closes the rounds whose time is over, and tells what came of them; says how many."""
    with store.read() as tx:
        over = [one.id for one in surveys.under_way(tx) if one.state == CLOSING or one.closes_at <= now]
        unburnt, untold = ballots.unburnt(tx), surveys.unreported(tx)
    closed = [id for id in over if _close(store, playbooks, id, now)]
    # What an earlier process left of this is done too.
    for id in dict.fromkeys((*untold, *closed)):
        _report(store, playbooks, id, now)
    if closed or unburnt:
        closing.swept(store)
    return len(closed)


def _close(store: Store, playbooks: Playbooks, id: int, now: datetime) -> bool:
    """False if another clock was quicker, or if it cannot be closed now."""
    try:
        return closing.close(store, playbooks, id, now) is not None
    except SealBroken as broken:
        log.error("survey %s cannot be closed: %s", id, broken)
        return False


def _report(store: Store, playbooks: Playbooks, id: int, now: datetime) -> None:
    """What came of a round is told, once."""
    with store.begin() as tx:
        round = surveys.hold(tx, id)
        if round is not None:
            deliveries.enqueue(tx, reporting.closed(tx, playbooks, round, now), now)


def _open(store: Store, playbooks: Playbooks, now: datetime) -> int:
    with store.begin() as tx:
        since = ticks.since(tx, TICK, now)
        return sum(
            _begin(tx, playbooks, initiative, number, occurrence, now)
            for initiative in playbooks.initiatives.values()
            if telling.is_told(initiative)
            for number, pulse in enumerate(initiative.written.pulses)
            for occurrence in _occurrences(tx, playbooks, initiative, pulse, since, now)
        )


def _occurrences(
    tx: Session, playbooks: Playbooks, initiative: Initiative, pulse: PulseSchedule, since: datetime, now: datetime
) -> Iterator[Occurrence]:
    """The last time at which it should have begun since then; earlier ones would only ask the same."""
    plan = planned(initiative, playbooks, pulse)
    if plan is None:
        return
    dates = standings(initiative, milestones.reports(tx, initiative.id))
    on = {one.id: one.on for one in dates}
    start = pulse.start or min((one.on for one in dates), default=None)
    key = f"survey:{initiative.id}:{pulse.template}:{plan.audience}"
    yield from due_since(parse(pulse.schedule), since, now, plan.zone, key, start=start, milestones=on)[-1:]


def _begin(
    tx: Session, playbooks: Playbooks, initiative: Initiative, number: int, occurrence: Occurrence, now: datetime
) -> int:
    plan = planned(initiative, playbooks, initiative.written.pulses[number])
    if plan is None or not occurrences.first_time(tx, occurrence.key, now):
        return 0
    if now - occurrence.at > BEGINS_WITHIN:
        _tell(tx, playbooks, plan, f"{occurrence.key}:missed", now, partial(leading.missed_card, plan, occurrence.at))
        return 1
    drawn = draw(tx, playbooks, plan, now)
    if found := hindrance(tx, playbooks, plan, drawn, now):
        _tell(tx, playbooks, plan, f"{occurrence.key}:not", now, partial(leading.hindered_card, plan, found))
        return 1
    return _opened(tx, playbooks, plan, drawn, occurrence, now)


def _opened(tx: Session, playbooks: Playbooks, plan: Plan, drawn: Draw, occurrence: Occurrence, now: datetime) -> int:
    round = begin(tx, plan, drawn, occurrence.key, now, occurrence.reading)
    if round is None:
        return 0
    audit.note(tx, "", "survey.started", f"{plan.initiative.id} {round.id}", now)
    _tell(tx, playbooks, plan, f"{round.batch}:begun", now, partial(leading.begun_card, plan, round, drawn))
    return 1


def _tell(
    tx: Session, playbooks: Playbooks, plan: Plan, key: str, now: datetime, card: Callable[[Words], Card]
) -> None:
    """Writes it to the project manager, or where the directory does not know them to the sponsor."""
    leader = telling.leader(tx, plan.initiative, playbooks)
    if leader is not None:
        telling.to_one(tx, key, leader, card(leader.words), now)
