"""What becomes of a delivery after an attempt: the one place where its state changes from being sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from bot.messages import Absent, Later, Outcome, Refused, Sent, Unknown
from bot.store import tables as t
from bot.store.engine import Session
from bot.store.patience import Patience
from bot.store.times import day, end_of_day

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Void:
    """There is nothing to send any more."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Settled:
    """A row, what came of it, and the values it gets."""

    row: Any
    outcome: Outcome | Void | Absent
    values: dict[str, Any]


def settle(
    tx: Session,
    done: Iterable[tuple[Any, Outcome | Void]],
    now: datetime,
    patience: Patience,
    again_at: datetime | None = None,
    searched: Iterable[tuple[Any, Outcome | Absent]] = (),
) -> None:
    """Writes down what came of attempts to send these rows, and of looking for the `searched` ones. What is unknown is
    looked at again when the platform cannot act on it any more, or `again_at`.
    """
    settled = [_Settled(row, outcome, _after(tx, row, outcome, now, patience)) for row, outcome in done]
    for one in settled:
        if again_at and one.values["state"] == "queued":
            one.values["not_before"] = again_at
    found = [_Settled(row, outcome, _after_search(tx, row, outcome, now, patience)) for row, outcome in searched]
    _write(tx, settled + found, now)
    _mark(tx, settled, now)
    for one in settled:
        if isinstance(one.outcome, Sent) and one.row.target:
            _changed(tx, one.row)


def _after_search(
    tx: Session, row: Any, outcome: Outcome | Absent, now: datetime, patience: Patience
) -> dict[str, Any]:
    again = {"state": "cancelled" if row.withdrawn else "queued", "not_before": now, "unsure_since": None}
    match outcome:
        case Absent():
            return again
        case Refused():
            again["doubts"] = row.doubts + 1
            return again if row.doubts < patience.doubts else again | {"state": "failed"}
        case _:
            return _after(tx, row, outcome, now, patience)


def _after(
    tx: Session, row: Any, outcome: Outcome | Void | Absent, now: datetime, patience: Patience
) -> dict[str, Any]:
    match outcome:
        case Sent(platform_id):
            return {"state": "sent", "sent_at": now, "platform_id": platform_id, "unsure_since": None}
        case Void():
            return {"state": "cancelled"}
        case Refused():
            return {"state": "failed"}
        case Later(seconds):
            later = {"state": "queued", "not_before": now + timedelta(seconds=max(seconds, 0))}
            if row.withdrawn and not row.unsure_since:
                return {"state": "cancelled"}
        case Unknown():
            later = {"state": "queued", "not_before": now + patience.settle}
            if row.action == "post":
                later["unsure_since"] = row.unsure_since or row.sending_since or now
                if row.doubts >= patience.doubts:
                    return later | {"state": "failed"}
    return later | {"state": "failed"} if _tried_for(tx, row, now) >= patience.give_up else later


def _tried_for(tx: Session, row: Any, now: datetime) -> timedelta:
    """How long ago the first attempt was. A post may have waited for its moment for weeks before."""
    attempt = t.delivery_attempt.c
    first = tx.scalar(select(func.min(attempt.at)).where(attempt.delivery == row.id)) if row.attempts else None
    return now - first if first else timedelta()


def _write(tx: Session, settled: Collection[_Settled], now: datetime) -> None:
    tried: list[dict[str, Any]] = []
    wiped: list[str] = []
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for one in settled:
        row, values = one.row, one.values
        final = values["state"] != "queued"
        reason = getattr(one.outcome, "reason", "")[:LONGEST_REASON]
        # Why somebody withdrew it says more than what the platform said meanwhile.
        values |= {"reason": row.reason if row.withdrawn else reason, "sending_since": None}
        if final:
            values["conversation"] = None
        if values["state"] == "cancelled":
            values |= {"card": None, "content": None}
        if final and row.reply:
            values |= _wiped(row, now)
            wiped.append(row.id)
        else:
            outcome = type(one.outcome).__name__.lower()
            tried.append({"delivery": row.id, "at": now, "outcome": outcome, "reason": reason})
        alike[tuple(sorted(values))].append({f"new_{name}": value for name, value in values.items()} | {"row": row.seq})
    if wiped:
        tx.execute(delete(t.delivery_attempt).where(t.delivery_attempt.c.delivery.in_(wiped)))
    if tried:
        tx.connection().execute(t.delivery_attempt.insert(), tried)
    for names, rows in alike.items():
        new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        tx.connection().execute(update(t.delivery).where(t.delivery.c.seq == bindparam("row")).values(new), rows)


def _wiped(row: Any, now: datetime) -> dict[str, Any]:
    day = end_of_day(now)
    times = {"created_at": end_of_day(row.created_at), "not_before": day, "sent_at": day}
    return {"card": None, "place": None, "person": None, "platform_id": "", "unsure_since": None, **times}


def _mark(tx: Session, settled: Iterable[_Settled], now: datetime) -> None:
    """Notes at the accounts that the platform refuses to deliver there, and that it does so no more."""
    i = t.identity.c
    took: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in settled:
        row = one.row
        if not row.person or row.action != "post":
            continue
        if isinstance(one.outcome, Sent):
            took[row.platform, row.workspace].append(row.person)
        elif isinstance(one.outcome, Refused):
            account = (i.person == row.person, i.platform == row.platform, i.workspace == row.workspace)
            why = one.outcome.reason[:LONGEST_REASON] or "refused"
            tx.execute(update(t.identity).where(*account).values(refused=why, refused_on=day(now)))
    for (platform, workspace), persons in took.items():
        accounts = (i.person.in_(persons), i.platform == platform, i.workspace == workspace, i.refused != "")
        tx.execute(update(t.identity).where(*accounts).values(refused="", refused_on=None))


def _changed(tx: Session, row: Any) -> None:
    """The message that this row was about is what this row says now, or is taken back."""
    if row.action == "delete":
        values: dict[str, Any] = {"state": "cancelled", "reason": row.reason or "taken back", "card": None}
        values["content"] = None
    else:
        values = {"card": row.card, "content": row.content}
    tx.execute(update(t.delivery).where(t.delivery.c.id == row.target).values(values))
