"""What waits for its recipient's right moment, with all that is needed to decide about it, and what was decided.

Everything about one person is decided under a lock on that person, so that two clocks decide it once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, literal, select, text, update

from bot.messages import Card
from bot.store import accounts, lanes, news, people
from bot.store import tables as t
from bot.store.engine import Session
from bot.store.lanes import Lane
from bot.store.people import PersonRecord
from bot.store.seal import SealBroken
from bot.store.sql import changed, is_now, one_of

# A week in any zone, and what a clock change adds to it.
A_WEEK = timedelta(days=8)
NOWHERE = Lane("", "")
_C = t.delivery.c
_UNTIMED: ColumnElement[bool] = text("NOT delivery.timed AND delivery.state = 'queued'")  # type: ignore[assignment]  # as the index
_OF_A_KIND = _C.kind != literal("", literal_execute=True)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery whose right moment is not decided. `since`: it could have been sent from then on; `lane`: where it is
    queued."""

    id: str
    kind: str
    since: datetime
    lane: Lane = NOWHERE


@dataclass(frozen=True, slots=True)
class Reach:
    """How a person can be reached: what they set, how many accounts they have, and why the platforms refuse all of
    them, if they do. `lane` is that of the account they are written to."""

    settings: Mapping[str, str] = field(default_factory=dict)
    accounts: int = 0
    refused: str = ""
    lane: Lane = NOWHERE


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody for whom something waits, in the order in which it was queued. `person` is None if they are erased.

    `told` is what the bot wrote to them of its own accord: when it was sent in the last days or, while it is on its
    way, when it is to be.
    """

    key: str
    person: PersonRecord | None
    reach: Reach
    waiting: tuple[Waiting, ...]
    told: tuple[datetime, ...] = ()


def due(tx: Session, now: datetime, limit: int) -> list[Recipient]:
    """The people for whom something may be due, of at most `limit` waiting deliveries, each locked until the end of
    the transaction. Whoever is being decided about elsewhere is left out."""
    head = select(_C.person).where(_UNTIMED, _C.not_before <= now, _C.person.is_not(None))
    keys = sorted(set(tx.scalars(head.order_by(_C.not_before, _C.seq).limit(limit))))
    held = _locked(tx, keys)
    gone = set(keys) - held.keys() - set(tx.scalars(select(t.person.c.key).where(t.person.c.key.in_(keys))))
    mine = [key for key in keys if key in held or key in gone]
    # Read after the lock: another clock may have decided about some of them just before.
    waiting: dict[str, list[Waiting]] = defaultdict(list)
    rows = select(_C.id, _C.person, _C.kind, _C.not_before, _C.platform, _C.workspace)
    rows = rows.where(_UNTIMED, _OF_A_KIND, _C.not_before <= now, _C.person.in_(mine))
    for row in tx.execute(rows.order_by(_C.seq)):
        waiting[row.person].append(Waiting(row.id, row.kind, row.not_before, Lane(row.platform, row.workspace)))
    reached, told = reach(tx, mine), _told(tx, mine, now)
    return [
        Recipient(key, held.get(key), reached.get(key, Reach()), tuple(waiting[key]), tuple(told.get(key, ())))
        for key in mine
        if key in waiting
    ]


def _locked(tx: Session, keys: Collection[str]) -> dict[str, PersonRecord]:
    # Without key_share it would wait for everybody who just inserts a row that refers to the person.
    query = select(t.person).where(t.person.c.key.in_(keys)).order_by(t.person.c.key)
    rows = tx.execute(query.with_for_update(skip_locked=True, key_share=True))
    return {row.key: people.record(row, True) for row in rows}


def reach(tx: Session, keys: Collection[str]) -> dict[str, Reach]:
    """How these people can be reached; who has neither account nor setting is missing."""
    settings = settings_of(tx, keys)
    theirs: dict[str, list[Any]] = defaultdict(list)
    for row in tx.execute(select(t.identity).where(one_of(tx, t.identity.c.person, keys))):
        theirs[row.person].append(row)
    return {key: _reach(tx, key, settings.get(key, {}), theirs[key]) for key in {*settings, *theirs}}


def settings_of(tx: Session, keys: Collection[str]) -> dict[str, dict[str, str]]:
    """What these people have set, by name; who has set nothing is missing."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in tx.execute(select(t.setting).where(one_of(tx, t.setting.c.person, keys))):
        found[row.person][row.name] = row.value
    return found


def _reach(tx: Session, key: str, settings: Mapping[str, str], theirs: list[Any]) -> Reach:
    refused = theirs[0].refused if theirs and all(a.refused for a in theirs) else ""
    chosen = accounts.account_for_writing(tx, key) if len(theirs) > 1 else None
    account = chosen or (theirs[0] if theirs else None)
    lane = Lane(account.platform, account.workspace) if account else NOWHERE
    return Reach(settings, len(theirs), refused, lane)


def _told(tx: Session, keys: Collection[str], now: datetime) -> dict[str, list[datetime]]:
    on_its_way = _C.state.in_(("queued", "sending"))
    lately = is_now(_C.state, "sent") & (_C.sent_at > now - A_WEEK)
    rows = select(_C.person, _C.sent_at, _C.not_before)
    rows = rows.where(_C.person.in_(keys), _OF_A_KIND, _C.timed, _C.action == "post", on_its_way | lately)
    found: dict[str, list[datetime]] = defaultdict(list)
    for row in tx.execute(rows):
        found[row.person].append(row.sent_at or max(now, row.not_before))
    return found


def postpone(tx: Session, moments: Mapping[str, datetime]) -> None:
    """These deliveries are looked at again at their moments."""
    if moments:
        later = update(t.delivery).where(_C.id == bindparam("delivery"), _UNTIMED)
        values = [{"delivery": id, "moment": moment} for id, moment in moments.items()]
        tx.connection().execute(later.values(not_before=bindparam("moment")), values)


def release(tx: Session, deliveries: Mapping[str, Lane], now: datetime) -> None:
    """The moment of these deliveries has come: they are sent from now on, and the workers of these lanes woken."""
    if deliveries:
        mine = update(t.delivery).where(_C.id.in_(list(deliveries)), _UNTIMED)
        tx.execute(mine.values(timed=True, not_before=now))
        lanes.wake(tx, deliveries.values())


def release_places(tx: Session, now: datetime) -> int:
    """What goes to a place and not to a person: whoever queued it has chosen its moment. Says how many."""
    due = (_UNTIMED, _C.person.is_(None), _C.not_before <= now)
    released = changed(tx, update(t.delivery).where(*due).values(timed=True))
    if released:
        news.tell(tx)
    return released


def move(tx: Session, delivery: str, lane: Lane) -> None:
    """The person is written to on another platform or in another workspace by now."""
    moved = update(t.delivery).where(_C.id == delivery, _UNTIMED)
    tx.execute(moved.values(platform=lane.platform, workspace=lane.workspace))


def end(tx: Session, reasons: Mapping[str, str], state: str) -> None:
    """These deliveries are not sent: `state` is suppressed or failed, with the reason of each."""
    if reasons:
        ended = update(t.delivery).where(_C.id == bindparam("delivery"), _UNTIMED)
        values = [{"delivery": id, "why": why} for id, why in reasons.items()]
        over = {"state": state, "timed": True, "conversation": None, "reason": bindparam("why")}
        tx.connection().execute(ended.values(over), values)


def cards(tx: Session, deliveries: Iterable[str]) -> list[Card] | None:
    """What these deliveries say, in this order; None if one of them cannot be read (any more)."""
    wanted = list(deliveries)
    query = select(_C.id, _C.card, t.content.c.card.label("shared")).outerjoin(t.content, t.content.c.id == _C.content)
    found = {row.id: row.card or row.shared for row in tx.execute(query.where(_C.id.in_(wanted)))}
    try:
        return [Card.from_json(tx.seal.open(found[id])) for id in wanted]
    except (SealBroken, KeyError, AttributeError):  # sealed with another key, deleted, wiped
        return None


def gathered(tx: Session, person: str, delivery: str) -> Card | None:
    """The whole of a message that this person was told of in a digest; None if it was taken back, is too old to be
    kept, or is somebody else's."""
    mine = select(_C.id).where(_C.id == delivery, _C.person == person, is_now(_C.state, "suppressed"))
    found = cards(tx, [delivery]) if tx.scalar(mine) else None
    return found[0] if found else None


def id_of(tx: Session, key: str) -> str | None:
    """The delivery that was queued under this key."""
    return tx.scalar(select(_C.id).where(_C.key == key))
