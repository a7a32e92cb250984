"""How the watch over open cases stands, for metrics and the doctor. It only reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.store import Session, case_clocks
from bot.store.case_clocks import HEALED, LOST

TICK = "case-audit"
SILENT = timedelta(hours=1)
"""An audit that is older than this is an alarm."""


@dataclass(frozen=True, slots=True)
class Watched:
    """How the last audit stands: when it was, how many cases run, how many of them are lost, how many were mended since
    the beginning."""

    last: datetime | None
    running: int
    lost: int
    healed: int

    def silent(self, now: datetime) -> bool:
        """Whether the last audit is too old. Where no case runs nothing is lost by that."""
        return self.running > 0 and (self.last is None or now - self.last > SILENT)


def watched(tx: Session) -> Watched:
    """What the auditor knows, for metrics and the doctor."""
    count = case_clocks.count
    return Watched(case_clocks.last_audit(tx, TICK), case_clocks.how_many(tx), count(tx, LOST), count(tx, HEALED))
