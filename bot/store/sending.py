"""What whoever sends asks of the outbox: what is due in a lane, and what came of it. It sends nothing.

A reply is wiped when it is done: what somebody asked, where and at what time cannot be read from the database later.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, bindparam, func, or_, select, true, update

from bot.messages import Absent, Card, Later, Outcome, Place, Refused, Sent, Unknown
from bot.store import contents, outcomes
from bot.store import tables as t
from bot.store.engine import Session
from bot.store.lanes import Lane
from bot.store.outcomes import Void
from bot.store.patience import PATIENCE, Patience
from bot.store.queueing import RANKS
from bot.store.seal import SealBroken
from bot.store.sql import is_now

# What cannot be opened, perhaps because the process was started with a wrong key, is looked at again after this time.
UNREADABLE = Later(600, "sealed with a key that is not in THROUGHLINE_SECRET")
TOO_EARLY = Later(30, "what it is to change is not sent yet")
GONE = "the process ended before the answer came"

_QUEUED = is_now(t.delivery.c.state, "queued")
_SENDING = is_now(t.delivery.c.state, "sending")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is now this process's to send. Without `place` the account is to be opened first.

    `action` is post, edit or delete; the latter two are about the platform's `message`. With `unsure_since` the post
    may have arrived in an attempt that began then: it is to be looked for, and not sent. `attempt` counts from 1.
    `in_confidence`: it is a mail (see `outgoing`), and neither it nor where it goes is noted anywhere.
    """

    id: str
    platform: str
    workspace: str
    account: str
    place: Place | None
    card: Card
    reply: bool
    rank: int = 1
    attempt: int = 1
    action: str = "post"
    message: str = ""
    unsure_since: datetime | None = None
    in_confidence: bool = False


def claim(
    tx: Session, lane: Lane, now: datetime, limit: int, history: bool = False, patience: Patience = PATIENCE
) -> list[Claimed]:
    """Takes up to `limit` due deliveries of this lane to be sent now: of the first rank that has any (replies, what is
    for one person, what goes to many), the longest due first. Of one conversation only one at a time, so that its order
    is kept.

    What may have arrived already is to be looked for where there is `history`; elsewhere it is sent again, and that is
    counted as a doubt.
    """
    rows: list[Any] = []
    here = {"platform": lane.platform, "workspace": lane.workspace, "now": now, "limit": limit}
    for rank in RANKS:
        rows = rows or list(tx.execute(_DUE, here | {"rank": rank}).all())
    if not rows:
        return []
    blind = {row.seq for row in rows if row.unsure_since and row.action == "post" and not history}
    tx.connection().execute(_TAKEN, {"taken": [row.seq for row in rows], "since": now})
    if blind:
        doubted = update(t.delivery).where(t.delivery.c.seq.in_(blind), ~t.delivery.c.withdrawn)
        tx.execute(doubted.values(doubts=t.delivery.c.doubts + 1, unsure_since=None))
    around = _Around.of(tx, lane, rows)
    opened = [(row, _withdrawn(row, row.seq in blind) or _open(tx, row, around, row.seq in blind)) for row in rows]
    outcomes.settle(tx, [(row, found) for row, found in opened if not isinstance(found, Claimed)], now, patience)
    return [found for _, found in opened if isinstance(found, Claimed)]


def _due() -> Any:
    c, other = t.delivery.c, t.delivery.alias("other").c
    rank, now = bindparam("rank", type_=c.rank.type), bindparam("now", type_=c.not_before.type)
    same = select(other.seq).where(other.conversation == c.conversation).limit(1)
    under_way = same.where(is_now(other.state, "sending"))
    goes_first = and_(other.timed.is_(true()), other.rank <= rank, other.not_before <= now)
    earlier = same.where(is_now(other.state, "queued"), other.seq < c.seq, or_(other.attempts > 0, goes_first))
    due = select(t.delivery).where(_QUEUED, *_HERE, c.timed.is_(true()), c.rank == rank, c.not_before <= now)
    due = due.where(_none(under_way), _none(earlier)).order_by(c.not_before, c.seq)
    return due.limit(bindparam("limit", type_=Integer)).with_for_update(skip_locked=True, of=t.delivery)


def _none(found: Any) -> ColumnElement[bool]:
    # As a scalar: a NOT EXISTS may be planned as a join of everything that is queued.
    none: ColumnElement[bool] = found.scalar_subquery().is_(None)
    return none


# Put together once: they are asked in every lane at every turn, and putting them together takes longer than asking.
_HERE = (t.delivery.c.platform == bindparam("platform"), t.delivery.c.workspace == bindparam("workspace"))
_DUE = _due()
_TAKEN = (
    update(t.delivery)
    .where(t.delivery.c.seq.in_(bindparam("taken", expanding=True)))
    .values(state="sending", sending_since=bindparam("since"), attempts=t.delivery.c.attempts + 1)
)
_GONE = (
    select(t.delivery)
    .where(_SENDING, *_HERE, t.delivery.c.sending_since < bindparam("before"))
    .with_for_update(skip_locked=True)
)
_PENDING = (
    select(t.delivery)
    .where(t.delivery.c.id.in_(bindparam("ids", expanding=True)), or_(_SENDING, _QUEUED))
    .order_by(t.delivery.c.seq)
    .with_for_update()
)


@dataclass(frozen=True, slots=True)
class _Around:
    """What the claimed rows refer to: shared contents, the messages they change, and the accounts of persons."""

    cards: Mapping[str, str] = field(default_factory=dict)
    targets: Mapping[str, Any] = field(default_factory=dict)
    accounts: Mapping[str, Any] = field(default_factory=dict)

    @staticmethod
    def of(tx: Session, lane: Lane, rows: Collection[Any]) -> _Around:
        c, i = t.delivery.c, t.identity.c
        changed = {row.target for row in rows if row.target}
        persons = {row.person for row in rows if row.person and not row.place}
        targets: dict[str, Any] = {}
        accounts: dict[str, Any] = {}
        if changed:
            asked = select(c.id, c.state, c.platform_id).where(c.id.in_(changed))
            targets = {row.id: row for row in tx.execute(asked)}
        if persons:
            here = (i.platform == lane.platform, i.workspace == lane.workspace, i.person.in_(persons))
            found = select(t.identity).where(*here).order_by(i.account.desc())
            accounts = {row.person: row for row in tx.execute(found)}
        return _Around(contents.sealed(tx, {row.content for row in rows if row.content}), targets, accounts)


def _withdrawn(row: Any, blind: bool) -> Void | None:
    return Void("withdrawn when it was not known whether it had arrived") if row.withdrawn and blind else None


def _open(tx: Session, row: Any, around: _Around, blind: bool) -> Claimed | Void | Later | Refused:
    target = around.targets.get(row.target) if row.target else None
    if row.target and (target is None or target.state in ("failed", "cancelled", "suppressed")):
        return Void("what it was to change was not sent, or was taken back")
    if target is not None and target.state != "sent":
        return TOO_EARLY
    if target is not None and not target.platform_id:
        return Refused("the platform gave no id by which the message could be changed")
    try:
        card = Card("") if row.action == "delete" else _card(tx, row.card or around.cards[row.content])
        place = Place.decode(tx.seal.open(row.place)) if row.place else None
    except (SealBroken, LookupError, TypeError, ValueError):
        return UNREADABLE
    account = around.accounts.get(row.person) if place is None else None
    if account is not None and account.direct:
        place = Place.decode(account.direct)
    return Claimed(
        id=row.id,
        platform=row.platform,
        workspace=row.workspace,
        account=account.account if account is not None else "",
        place=place,
        card=card,
        reply=row.reply,
        rank=row.rank,
        attempt=row.attempts + 1,
        action=row.action,
        message=target.platform_id if target is not None else "",
        unsure_since=row.unsure_since if row.action == "post" and not blind else None,
    )


def _card(tx: Session, sealed: str) -> Card:
    return Card.from_json(tx.seal.open(sealed))


def put_back(tx: Session, deliveries: Collection[str], not_before: datetime | None = None) -> None:
    """Queues again what was claimed and not begun, as if it had not been claimed; not to be sent before that moment."""
    c = t.delivery.c
    values: dict[str, Any] = {"state": "queued", "sending_since": None, "attempts": c.attempts - 1}
    if not_before:
        values["not_before"] = not_before
    tx.execute(update(t.delivery).where(c.id.in_(deliveries), _SENDING).values(values))


@dataclass(frozen=True, slots=True)
class Result:
    """What came of an attempt: to send, or with `searched` to find what may have arrived. One that comes late, after
    the delivery was given to somebody else (another `attempt`), counts only if it says that the message arrived.
    """

    delivery: str
    outcome: Outcome | Absent
    attempt: int | None = None
    searched: bool = False


def record(tx: Session, delivery: str, outcome: Outcome, now: datetime, patience: Patience = PATIENCE) -> None:
    """Notes what came of sending."""
    record_all(tx, [Result(delivery, outcome)], now, patience)


def record_all(tx: Session, results: Collection[Result], now: datetime, patience: Patience = PATIENCE) -> None:
    """Notes what came of several attempts. A post that was looked for and did not arrive is sent again; if the history
    cannot be read, too, and that is counted as a doubt.
    """
    if not results:
        return
    rows = {row.id: row for row in tx.execute(_PENDING, {"ids": [one.delivery for one in results]})}
    sent: list[tuple[Any, Any]] = []
    searched: list[tuple[Any, Outcome | Absent]] = []
    for one in results:
        row = rows.get(one.delivery)
        late = row is None or row.state != "sending" or one.attempt not in (None, row.attempts)
        if row is not None and (not late or isinstance(one.outcome, Sent)):
            (searched if one.searched else sent).append((row, one.outcome))
    outcomes.settle(tx, sent, now, patience, searched=searched)


def recover(
    tx: Session, lane: Lane, now: datetime, in_hand: Collection[str] = (), patience: Patience = PATIENCE
) -> int:
    """Queues again what was being sent by a process that is gone, once its call cannot be in flight any more; says how
    many. `in_hand` is what this process is sending itself. The platform may have taken it.
    """
    here = {"platform": lane.platform, "workspace": lane.workspace, "before": now - patience.over}
    rows = [row for row in tx.execute(_GONE, here) if row.id not in in_hand]
    outcomes.settle(tx, [(row, Unknown(GONE)) for row in rows], now, patience, again_at=now)
    return len(rows)


def waiting(tx: Session, now: datetime) -> dict[tuple[Lane, bool], tuple[int, float]]:
    """How many deliveries are due in each lane and not being sent, and for how many seconds the oldest has been;
    replies apart (True).
    """
    c = t.delivery.c
    due = select(c.platform, c.workspace, c.reply, func.count().label("total"), func.min(c.not_before).label("since"))
    due = due.where(_QUEUED, c.timed.is_(true()), c.not_before <= now).group_by(c.platform, c.workspace, c.reply)
    return {
        (Lane(row.platform, row.workspace), row.reply): (row.total, (now - row.since).total_seconds())
        for row in tx.execute(due)
    }
