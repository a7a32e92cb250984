"""Lanes: one platform and workspace each, leased by the one worker that sends there. All times are the database's.

It sends nothing. Whoever holds a lane no longer than its lease says can keep the pace alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, or_, select, update

from bot.store import news
from bot.store import tables as t
from bot.store.engine import Session
from bot.store.sql import changed, insert_new, put

FORGOTTEN_AFTER = timedelta(days=1)
# Put together once: every worker asks them all the time.
_POSTGRESQL_TIME = select(func.clock_timestamp())
_SQLITE_TIME = select(func.strftime("%Y-%m-%dT%H:%M:%f", "now"))
_FORGOTTEN = delete(t.worker).where(t.worker.c.alive_until < bindparam("before"))
_ALIVE = select(func.count()).where(t.worker.c.alive_until > bindparam("now"))
_RENEWED = (
    update(t.lane)
    .where(t.lane.c.holder == bindparam("worker"), t.lane.c.held_until > bindparam("now"))
    .values(held_until=bindparam("until"))
)
_RELEASED = (
    update(t.lane)
    .where(
        t.lane.c.platform == bindparam("lane_platform"),
        t.lane.c.workspace == bindparam("lane_workspace"),
        t.lane.c.holder == bindparam("worker"),
    )
    .values(holder=None, held_until=bindparam("until"))
)
_LEFT = delete(t.worker).where(t.worker.c.id == bindparam("worker"))
_ALL = (
    select(t.lane)
    .where(t.lane.c.platform.in_(bindparam("platforms", expanding=True)))
    .order_by(t.lane.c.platform, t.lane.c.workspace)
)


@dataclass(frozen=True, slots=True, order=True)
class Lane:
    """All that goes to one workspace or tenant of a platform."""

    platform: str
    workspace: str


@dataclass(frozen=True, slots=True)
class Past:
    """What a new holder must know: how long ago the last one let go (None: there was none), and how much longer the
    platform asks for patience.
    """

    let_go: timedelta | None = None
    pause: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Kept:
    """The lanes that a worker holds now, those of them that are new to it, and those it has more than its share."""

    held: frozenset[Lane] = frozenset()
    taken: Mapping[Lane, Past] = field(default_factory=dict)
    surplus: tuple[Lane, ...] = ()


def database_time(tx: Session) -> datetime:
    """What the database's clock shows. Workers on machines with different clocks agree on it."""
    if tx.get_bind().dialect.name == "postgresql":
        here: datetime = tx.execute(_POSTGRESQL_TIME).scalar_one()
        return here.astimezone(UTC)
    shown = tx.execute(_SQLITE_TIME).scalar_one()
    return datetime.fromisoformat(shown).replace(tzinfo=UTC)


def wake(tx: Session, lanes: Iterable[Lane]) -> None:
    """There is, or soon will be, something to send here: the lanes are known from now on, and the workers of all
    processes are woken by the commit.
    """
    found = sorted(set(lanes))
    for lane in found:
        insert_new(tx, t.lane, {"platform": lane.platform, "workspace": lane.workspace})
    if found:
        news.tell(tx)


def keep(tx: Session, worker: str, platforms: Collection[str], now: datetime, lease: timedelta) -> Kept:
    """Renews this worker's leases until `now` + `lease` and takes what is free, up to its share: all workers that are
    alive share out the lanes of these platforms evenly. `worker` is a random id of the process.
    """
    put(tx, t.worker, {"id": worker}, {"alive_until": now + lease})
    tx.connection().execute(_FORGOTTEN, {"before": now - FORGOTTEN_AFTER})
    alive = tx.scalar(_ALIVE, {"now": now}) or 1
    tx.connection().execute(_RENEWED, {"worker": worker, "now": now, "until": now + lease})
    rows = tx.execute(_ALL, {"platforms": list(platforms)}).all()
    held = [_lane(row) for row in rows if row.holder == worker and row.held_until > now]
    share = ceil(len(rows) / alive)
    surplus = tuple(held[share:])
    taken: dict[Lane, Past] = {}
    for row in rows:
        if len(held) + len(taken) < share and _is_free(row, now) and _take(tx, row, worker, now, lease):
            taken[_lane(row)] = _past(row, now)
    return Kept(frozenset([*held, *taken]), taken, surplus)


def _lane(row: Any) -> Lane:
    return Lane(row.platform, row.workspace)


def _is_free(row: Any, now: datetime) -> bool:
    return row.holder is None or row.held_until is None or row.held_until <= now


def _take(tx: Session, row: Any, worker: str, now: datetime, lease: timedelta) -> bool:
    taking = update(t.lane).where(_is(_lane(row)), or_(t.lane.c.holder.is_(None), t.lane.c.held_until <= now))
    return changed(tx, taking.values(holder=worker, held_until=now + lease)) == 1


def _past(row: Any, now: datetime) -> Past:
    pause = max(row.paused_until - now, timedelta()) if row.paused_until else timedelta()
    # Whoever let go may have done so after `now` was read and before the row was.
    return Past(max(now - row.held_until, timedelta()) if row.held_until else None, pause)


def _is(lane: Lane) -> ColumnElement[bool]:
    return (t.lane.c.platform == lane.platform) & (t.lane.c.workspace == lane.workspace)


def any_free(tx: Session, platforms: Collection[str], now: datetime) -> bool:
    """Whether a lane of these platforms is held by nobody."""
    c = t.lane.c
    free = or_(c.holder.is_(None), c.held_until <= now)
    return tx.execute(select(c.platform).where(c.platform.in_(platforms), free).limit(1)).first() is not None


def pause(tx: Session, lane: Lane, worker: str, until: datetime) -> None:
    """The platform asks the whole lane for patience; whoever holds it next keeps to that too."""
    tx.execute(update(t.lane).where(_is(lane), t.lane.c.holder == worker).values(paused_until=until))


def release(tx: Session, worker: str, lane: Lane, now: datetime) -> None:
    """Lets go of a lane in which no call is in flight any more."""
    here = {"lane_platform": lane.platform, "lane_workspace": lane.workspace, "worker": worker, "until": now}
    tx.connection().execute(_RELEASED, here)


def free_all(tx: Session) -> None:
    """Takes all lanes from workers that are gone: for a process that is the only one on its database, at its start."""
    tx.execute(update(t.lane).where(t.lane.c.holder.is_not(None)).values(holder=None, held_until=database_time(tx)))
    tx.execute(delete(t.worker))


def leave(tx: Session, worker: str) -> None:
    """The worker ends: the others share out its lanes at once."""
    tx.connection().execute(_LEFT, {"worker": worker})


def held(tx: Session, now: datetime) -> dict[Lane, bool]:
    """All lanes, and whether somebody holds them."""
    return {_lane(row): not _is_free(row, now) for row in tx.execute(select(t.lane))}
