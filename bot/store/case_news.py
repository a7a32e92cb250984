"""What is told to everybody of how a case was decided: "you said, we did". No words of whoever raised it, no name."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.sql import changed, put

ASKED, PUBLISHED, BACK, TAKEN_BACK = "asked", "published", "back", "taken-back"
"""States: put before the project manager; told; sent back to its author; taken back."""

_N = t.case_news.c


@dataclass(frozen=True, slots=True)
class News:
    """What is told of a case's decision: to these `units` and those below them, to everybody affected where there are
    none. `version` grows with every draft; `drafted_by` is a person's key, '' where they are erased."""

    case: str
    initiative: str
    units: tuple[str, ...]
    you_said: str
    we_did: str
    state: str
    drafted_by: str
    version: int
    published_at: datetime | None


def draft(
    tx: Session, case_id: str, initiative: str, units: Collection[str], you_said: str, we_did: str, drafted_by: str
) -> News | None:
    """Keeps a draft in place of an earlier one; None where it is told already."""
    there = of_case(tx, case_id)
    if there is not None and there.state == PUBLISHED:
        return None
    values = {
        "initiative": initiative,
        "units": ",".join(units),
        "said": tx.seal.seal(json.dumps([you_said, we_did], ensure_ascii=False)),
        "state": ASKED,
        "drafted_by": drafted_by,
    }
    put(tx, t.case_news, {"case": case_id}, {**values, "version": _N.version + 1}, first={**values, "version": 1})
    return of_case(tx, case_id)


def turn(tx: Session, case_id: str, to: str, *, of: str, version: int, **also: Any) -> bool:
    """Brings this version into another state; False if it is not in that one, or there is a newer version."""
    mine = update(t.case_news).where(_N.case == case_id, _N.state == of, _N.version == version)
    return changed(tx, mine.values(state=to, **also)) == 1


def of_case(tx: Session, case_id: str) -> News | None:
    """What is told of this case, or is to be."""
    row = tx.execute(select(t.case_news).where(_N.case == case_id)).first()
    return _news(tx, row) if row else None


def published(tx: Session, initiative: str, limit: int) -> list[News]:
    """What was told in an initiative, the newest first."""
    mine = select(t.case_news).where(_N.initiative == initiative, _N.state == PUBLISHED)
    return [_news(tx, row) for row in tx.execute(mine.order_by(_N.published_at.desc(), _N.case).limit(limit))]


def _news(tx: Session, row: Any) -> News:
    you_said, we_did = json.loads(tx.seal.open(row.said))
    units = tuple(one for one in row.units.split(",") if one)
    return News(
        row.case,
        row.initiative,
        units,
        you_said,
        we_did,
        row.state,
        row.drafted_by or "",
        row.version,
        row.published_at,
    )
