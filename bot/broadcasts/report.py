"""What has become of a broadcast: its messages by state and reason, how many pressed, how much is still to come.

It reads and changes nothing. Nobody is named: figures only, and what people pressed only from five recipients on.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.broadcasts.dry_run import Pace, lasts, usual_pace
from bot.broadcasts.permission import allowed
from bot.playbook.model import Playbooks
from bot.store import Session, announcements, broadcasts, deliveries
from bot.store.broadcasts import OUT, PRESSED, READ, RECALLED, Ahead, Broadcast
from bot.store.lanes import Lane
from bot.words import Words

FEWEST = 5
"""Recipients from which on it is told how many of them pressed: of fewer, a figure would name them."""
STOPPED_REASON, RECALLED_REASON = "stopped", "taken back"
SENT, GOING = "sent", ("queued", "sending")
# A cell that begins so would be a formula where the file is opened (OWASP, "CSV Injection"), the wide signs of East
# Asian keyboards and what stands behind blanks too.
FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_OWN_REASONS = frozenset(
    {
        "digest",
        "no account on any platform",
        "the person has left",
        "the person is no longer known",
        "switched off",
        "nothing is to be sent",
        "too late",
        STOPPED_REASON,
        RECALLED_REASON,
    }
)


@dataclass(frozen=True, slots=True)
class Row:
    """So many messages are in this state (of the outbox) for this reason ('' for none)."""

    state: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Report:
    """What has become of a broadcast. `state` is its own, `at` when it went out; `people` and `channels` are those that
    messages were made for. `later` messages wait for their recipients' working hours, the first until `later_at`;
    `seconds` is what the others need. `changing` messages are still to be deleted (or, where it is `corrected`,
    corrected), `changed` were.
    `read` and `pressed` are None where it is not counted or not told; `few`: it is counted, and there are too few
    recipients to tell it. `finished`: nothing more will change by itself.
    """

    id: str
    initiative: str
    title: str
    state: str
    at: datetime | None
    people: int
    channels: int
    rows: tuple[Row, ...]
    later: int = 0
    later_at: datetime | None = None
    seconds: float = 0.0
    changing: int = 0
    changed: int = 0
    corrected: bool = False
    read: int | None = None
    pressed: int | None = None
    few: bool = False
    finished: bool = False

    def total(self, *states: str) -> int:
        """How many messages are in one of these states."""
        return sum(row.count for row in self.rows if row.state in states)

    def table(self, words: Words) -> tuple[tuple[str, str, str], ...]:
        """State, reason and number as people read them; the first row names the columns."""
        head = (words("broadcast.col-state"), words("broadcast.col-reason"), words("broadcast.col-number"))
        return (head, *(_told(row, words) for row in self.rows))


def report(
    tx: Session,
    id: str | int,
    playbooks: Playbooks,
    now: datetime | None = None,
    pace: Pace = usual_pace,
) -> Report | None:
    """What has become of the broadcast with this number; None if there is none. Without `now` nothing is said of what
    is still to come."""
    found = broadcasts.get(tx, int(id)) if str(id).isdecimal() and len(str(id)) < 10 else None  # noqa: PLR2004 - digits of an INTEGER
    return _report(tx, found, playbooks, now, pace) if found else None


def _report(tx: Session, broadcast: Broadcast, playbooks: Playbooks, now: datetime | None, pace: Pace) -> Report:
    key = broadcast.key
    going = announcements.progress(tx, key)
    people, channels = (going.people, going.channels) if going else (0, 0)
    rows = _rows(broadcasts.fates(tx, key))
    ahead = broadcasts.ahead(tx, key, now) if now else Ahead({}, 0, None)
    changes = [deliveries.progress(tx, key, action) for action in ("delete", "edit")]
    expanding = going is not None and going.state in ("waiting", "expanding")
    finished = broadcast.state != OUT or not (expanding or any(row.state in GOING for row in rows))
    sent = sum(row.count for row in rows if row.state == SENT)
    found = Report(
        id=str(broadcast.number),
        initiative=broadcast.initiative,
        title=broadcast.written.original.title,
        state=broadcast.state,
        at=broadcast.out_at,
        people=people,
        channels=channels,
        rows=rows,
        later=ahead.later,
        later_at=ahead.at,
        seconds=lasts({Lane(*lane): n for lane, n in ahead.now.items()}, pace),
        changing=sum(one.get(state, 0) for one in changes for state in GOING),
        changed=sum(one.get(SENT, 0) for one in changes),
        corrected=broadcast.state == RECALLED and bool(changes[1]),
        finished=finished,
    )
    return _with_presses(found, broadcast, broadcasts.marks(tx, broadcast.number), sent - channels, playbooks)


def _with_presses(
    found: Report, broadcast: Broadcast, marks: Mapping[str, int], reached: int, playbooks: Playbooks
) -> Report:
    """With how many pressed, where that is allowed and says of nobody that it was they. `reached` are people: nobody
    knows how many read a channel."""
    asked = broadcast.written.receipt and allowed("read-marks", "", playbooks)
    if max(reached, *marks.values(), 0) < FEWEST:
        return replace(found, few=asked and found.finished)
    counted = allowed("interaction-counts", "", playbooks)
    return replace(
        found,
        read=marks.get(READ, 0) if asked else None,
        pressed=marks.get(PRESSED, 0) if counted else None,
    )


def csv_of(rows: Iterable[Sequence[object]]) -> str:
    """These rows as comma-separated values (RFC 4180), safe to open in a spreadsheet: a cell that would be a formula
    there has an apostrophe in front."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([[_cell(value) for value in row] for row in rows])
    return out.getvalue()


def _cell(value: object) -> str:
    text = str(value)
    if isinstance(value, int | float):
        return text  # a figure below zero is no formula
    return f"'{text}" if text.lstrip().startswith(FORMULA) or text.startswith(("\t", "\r", "\n")) else text


def _rows(fates: Mapping[tuple[str, str], int]) -> tuple[Row, ...]:
    """Sent first, then by number. What follows a colon differs from person to person."""
    found = Counter[tuple[str, str]]()
    for (state, reason), count in fates.items():
        # What is under way or was sent may carry the reason of an earlier try.
        why = reason.partition(":")[0] if reason == "digest" or state not in (SENT, *GOING) else ""
        found[state, _known(reason, why)] += count
    ordered = sorted(found.items(), key=lambda one: (one[0][0] != SENT, -one[1], one[0]))
    return tuple(Row(state, reason, count) for (state, reason), count in ordered)


def _known(reason: str, begins: str) -> str:
    """The beginning of a reason of our own; a platform's own words whole."""
    return begins if not begins or begins in _OWN_REASONS else reason


def _told(row: Row, words: Words) -> tuple[str, str, str]:
    state = {
        "queued": "broadcast.state-queued",
        "sending": "broadcast.state-sending",
        "sent": "broadcast.state-sent",
        "failed": "broadcast.state-failed",
        "cancelled": "broadcast.state-cancelled",
        "suppressed": "broadcast.state-suppressed",
    }[row.state]
    return words(state), _why(row.reason, words), words.number(row.count)


def _why(reason: str, words: Words) -> str:
    key = {
        "digest": "broadcast.reason-digest",
        "no account on any platform": "milestone.missed-no-account",
        "the person has left": "milestone.missed-left",
        "the person is no longer known": "milestone.missed-left",
        "switched off": "milestone.missed-switched-off",
        "nothing is to be sent": "broadcast.reason-cap",
        "too late": "broadcast.reason-late",
        STOPPED_REASON: "broadcast.reason-stopped",
        RECALLED_REASON: "broadcast.reason-recalled",
    }.get(reason, "")
    if key:
        return words(key)
    return words("broadcast.reason-platform", reason=reason) if reason else ""
