"""Mails in confidence on their way out: what is due in a lane, and what came of it. When one has arrived, nothing is
left of it; when nobody knows whether it has, it is sent again: twice at worst, never lost.

Beside `sending`, which does the same for deliveries; here no time, attempt or id of the platform is kept.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, exists, select, update

from bot.messages import Card, Later, Sent
from bot.store import accounts, mailbox
from bot.store import tables as t
from bot.store.accounts import Account
from bot.store.engine import Session
from bot.store.lanes import Lane
from bot.store.mailbox import Waiting
from bot.store.patience import Patience
from bot.store.sending import Claimed, Result

MAIL = "mail"
GIVE_UP = timedelta(days=7)
"""For so long a mail that cannot be delivered is tried again. Its author can read in their cases what it says."""
# Whatever went wrong, it is tried again at the next full ten minutes, like everything else then.
TRY_AGAIN = timedelta(minutes=10)

_W = t.mailbox_waiting.c
_GONE = (_W.sending_since < bindparam("before"), _W.key.not_in(bindparam("in_hand", expanding=True)))
# Asked in every lane at every turn: put together once.
_ANY_GONE = select(exists().where(*_GONE))
_LET_WAIT = update(t.mailbox_waiting).where(*_GONE).values(sending_since=None)


def _due(tx: Session, now: datetime, lock: bool) -> list[tuple[Waiting, Account]]:
    """The mails that are due, with the account that each goes to."""
    found = []
    for one in mailbox.waiting(tx, now, lock=lock) if mailbox.is_waiting(tx, now) else ():
        account = accounts.account_for_writing(tx, one.person) if one.what == MAIL else None
        if account is not None:
            found.append((one, account))
    # Of one person's mails the earlier first; their moment is sealed with them.
    return sorted(found, key=lambda one: (str(one[0].rest["at"]), one[0].rest.get("nth", [])))


def lanes_due(tx: Session, now: datetime) -> set[Lane]:
    """The lanes in which mails are due."""
    return {Lane(account.platform, account.workspace) for _, account in _due(tx, now, lock=False)}


def claim(tx: Session, lane: Lane, now: datetime, limit: int) -> list[Claimed]:
    """Takes up to `limit` mails that are due in this lane to be sent now."""
    found = [(m, a) for m, a in _due(tx, now, lock=True) if Lane(a.platform, a.workspace) == lane][:limit]
    keys = [mail.key for mail, _ in found]
    if keys:
        tx.execute(update(t.mailbox_waiting).where(_W.key.in_(keys)).values(sending_since=now))
    return [_claimed(mail, account) for mail, account in found]


def _claimed(mail: Waiting, account: Account) -> Claimed:
    return Claimed(
        id=mail.key,
        platform=account.platform,
        workspace=account.workspace,
        account=account.account,
        place=account.direct,
        card=Card.from_json(mail.rest["card"]),
        reply=False,
        in_confidence=True,
    )


def record_all(tx: Session, results: Collection[Result], now: datetime) -> None:
    """Notes what came of sending: what arrived is gone, all else is tried again."""
    arrived = [one.delivery for one in results if isinstance(one.outcome, Sent)]
    failed = {one.delivery: one.outcome for one in results if not isinstance(one.outcome, Sent)}
    if arrived:
        tx.execute(delete(t.mailbox_waiting).where(_W.key.in_(arrived)))
    rows = tx.execute(select(t.mailbox_waiting).where(_W.key.in_(failed))).all() if failed else []
    for row in rows:
        seconds = outcome.seconds if isinstance(outcome := failed[row.key], Later) else 0
        _again(tx, row, _later(now + timedelta(seconds=seconds)), now)


def _later(moment: datetime) -> datetime:
    start = moment.replace(minute=0, second=0, microsecond=0)
    return start + TRY_AGAIN * ((moment - start) // TRY_AGAIN + 1)


def _again(tx: Session, row: Any, at: datetime, now: datetime) -> None:
    mail = mailbox.opened(tx, row)
    if mail is not None and _is_old(mail, now):
        mailbox.take(tx, [row.key])
    else:
        tx.execute(update(t.mailbox_waiting).where(_W.key == row.key).values(due_at=at, sending_since=None))


def forget(tx: Session, now: datetime) -> None:
    """Mails that could be delivered to nobody for too long wait no longer."""
    old = [one.key for one in mailbox.waiting(tx, now) if one.what == MAIL and _is_old(one, now)]
    mailbox.take(tx, old)


def _is_old(mail: Waiting, now: datetime) -> bool:
    return now - datetime.fromisoformat(mail.rest["since"]) > GIVE_UP


def put_back(tx: Session, ids: Collection[str]) -> None:
    """Lets wait again what was claimed and not begun."""
    tx.execute(update(t.mailbox_waiting).where(_W.key.in_(list(ids))).values(sending_since=None))


def recover(tx: Session, now: datetime, in_hand: Collection[str], patience: Patience) -> None:
    """What was being sent by a process that is gone is sent again, once its call cannot be in flight any more."""
    gone = {"before": now - patience.over, "in_hand": list(in_hand)}
    if tx.scalar(_ANY_GONE, gone):
        tx.connection().execute(_LET_WAIT, gone)
