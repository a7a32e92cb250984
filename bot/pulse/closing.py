"""Closing a round: its box is opened, and what was in it is kept without anything that leads to whoever put it in.

Nobody else waits long meanwhile, and it can end at any point and begin again:

1. a short transaction ends the answering; from then on nothing in the box changes;
2. the box is read, and what is kept of it made ready, while nothing is held;
3. who was asked is written anew, a part at a time, so that neither the order of rows nor the transaction that wrote
   them tells when somebody answered;
4. one transaction keeps all answers and texts, under new random keys, in the order of these and without time, and says
   that the round is closed. It is one so that no part of them stands closer together than the rest;
5. the box is burnt, a part at a time, and what it leaves behind in the files goes.

It shows nothing.
"""

from __future__ import annotations

import logging
import random
import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.playbook.model import Playbooks
from bot.pulse.ballots import Ballot
from bot.pulse.suppression import NO_UNIT, label, partition
from bot.store import ballots, surveys
from bot.store.ballots import Answered, Comment
from bot.store.engine import Store
from bot.store.seal import Seal
from bot.store.surveys import CLOSED, CLOSING, DESTROYED, OPEN, Round

TOLD_EVERY = 10_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Opened:
    """What is kept of a box: a few hundred bytes of each ballot. `group` is the unit of the ballot at first."""

    answers: list[Answered]
    comments: list[Comment]


def close(
    store: Store, playbooks: Playbooks, id: int, now: datetime, chance: random.Random | None = None
) -> Round | None:
    """Closes a round: opens its box, or destroys it where fewer answered than its smallest group. What was answered
    with names is kept with them, and in a group that is too small only so. Then call `swept`.

    Gives the round as it is then; None where there was nothing to do, because it is closed or open for longer. Raises
    `SealBroken`, with nobody able to answer any more and nothing else done, where a ballot cannot be opened. `chance`
    draws keys, by default as the system does.
    """
    round = _ended(store, id, now)
    if round is None:
        return None
    opened = _looked_into(store, round, chance or secrets.SystemRandom())
    groups = _groups(opened, playbooks, round.minimum)
    if not round.named:
        _rewrite_participation(store, id)
    kept = _ready(opened, groups)
    with store.begin() as tx:
        held = surveys.hold(tx, id)
        if held is None or held.state != CLOSING:
            return None
        if groups:
            ballots.keep(tx, id, kept.answers, kept.comments)
        surveys.set_state(tx, id, CLOSED if groups or round.named else DESTROYED)
        return surveys.round(tx, id)


def _ended(store: Store, id: int, now: datetime) -> Round | None:
    """From now on nobody can answer, and nothing more is asked."""
    with store.begin() as tx:
        round = surveys.hold(tx, id)
        if round is None or not (round.state == CLOSING or (round.state == OPEN and round.closes_at <= now)):
            return None
        surveys.set_state(tx, id, CLOSING)
        surveys.unqueue_closed(tx, round)
        return round


def _looked_into(store: Store, round: Round, chance: random.Random) -> _Opened:
    opened = _Opened([], [])
    with store.read() as tx:
        for number, content in enumerate(ballots.opened(tx, round.id), start=1):
            _add(opened, Ballot.from_json(content), store.seal, chance)
            if number % TOLD_EVERY == 0:
                log.info("survey %s is being closed: %s ballots opened", round.id, number)
    return opened


def _add(opened: _Opened, ballot: Ballot, seal: Seal, chance: random.Random) -> None:
    opened.answers.append(Answered(_key(chance), ballot.unit, ballot.answers))
    for question, text in ballot.texts.items():
        opened.comments.append(Comment(_key(chance), question, ballot.unit, seal.seal(text)))


def _groups(opened: _Opened, playbooks: Playbooks, minimum: int) -> dict[str, str]:
    """The label of the group for which the answers from each unit count; nothing where there are too few in all."""
    units = playbooks.organisation.units
    sizes = Counter(one.group for one in opened.answers)
    known = {unit: unit if unit in units else NO_UNIT for unit in sizes}
    together = Counter[tuple[str, ...]]()
    for unit, size in sizes.items():
        together[known[unit],] += size
    labels = {unit: label(group) for group in partition(together, units, minimum) for unit in group}
    return {unit: labels[there] for unit, there in known.items()} if labels else {}


def _ready(opened: _Opened, groups: Mapping[str, str]) -> _Opened:
    """As it is stored: neither the order nor a key of one table says anything about the other."""
    if not groups:
        return _Opened([], [])
    return _Opened(
        [one.counted_for(groups[one.group]) for one in sorted(opened.answers, key=lambda one: one.key)],
        [one.counted_for(groups[one.group]) for one in sorted(opened.comments, key=lambda one: one.key)],
    )


def _key(chance: random.Random) -> str:
    return f"{chance.getrandbits(128):032x}"


def _rewrite_participation(store: Store, id: int) -> None:
    last: str | None = ""
    while last is not None:
        with store.begin() as tx:
            surveys.hold(tx, id)  # one at a time, if two close the same round
            last = ballots.rewrite_participation(tx, id, last)


def swept(store: Store) -> bool:
    """Burns the boxes of rounds that are over, and takes what they leave behind out of the database's files; outside of
    any transaction. False where others read just now: then the database does that by itself later.
    """
    with store.read() as tx:
        over = ballots.unburnt(tx)
    for id in over:
        left = True
        while left:
            with store.begin() as tx:
                left = ballots.burn(tx, id)
    return ballots.swept(store)
