"""Opening a case out of what somebody raised: who is accountable, until when, and who sees it at once.

It knows no capability and no platform, and nothing of how it was raised.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from bot.cases import accountable
from bot.cases.cards import card_posts
from bot.cases.clock import WORK_SUFFERS, clocks
from bot.cases.raised import Raised
from bot.cases.working import calendar_for
from bot.messages import Place, Post
from bot.playbook.model import Playbooks
from bot.store import Session, audit, case_history, requests
from bot.store.cases import Case


def open_raised(
    tx: Session,
    playbooks: Playbooks,
    raised: Raised,
    *,
    asker: str | None,
    reply_to: Place,
    now: datetime,
    draw: Callable[[int], int] = secrets.randbelow,
    confidential: bool = False,
) -> tuple[Case, tuple[Post, ...]]:
    """Opens the case and gives the cards for those who answer for it, which the caller queues.

    `asker` is the author's key; None with `confidential` where only the mailbox knows who it is. KeyError where the
    initiative is not there any more.
    """
    initiative = playbooks.initiatives[raised.initiative]
    owner = _owner(tx, playbooks, raised, accountable.author_of(tx, asker, raised.for_colleague))
    calendar = calendar_for(tx, playbooks, owner, raised.unit)
    until = clocks(initiative.written.sla, raised.severity, now, calendar)
    opened = case_history.open_case(
        tx,
        kind=raised.kind,
        initiative=raised.initiative,
        unit=raised.unit,
        text=raised.text,
        asker=asker,
        reply_to=reply_to,
        owner=owner,
        due_at=until.decide_until,
        respond_until=until.respond_until,
        now=now,
        driver=raised.driver,
        severity=raised.severity,
        for_colleague=raised.for_colleague,
        confidential=confidential,
        locale=raised.locale,
        at_stake=raised.at_stake,
        would_work=raised.would_work,
        affects=raised.affects,
        avoid_owner=raised.avoid_owner,
        draw=draw,
    )
    if raised.kind == "request":
        requests.weigh(tx, opened.id, raised.value, raised.effort, raised.fit)
    if asker:
        audit.note(tx, asker, "case.opened", f"case {opened.number}", now)
    return opened, card_posts(tx, playbooks, opened) if raised.severity >= WORK_SUFFERS else ()


def who_reads(tx: Session, playbooks: Playbooks, raised: Raised, author: str = "") -> tuple[str, ...]:
    """The addresses of those who would read it, for the form to name: who is accountable, and the project manager.
    `author` is the address of whoever raises it under their name."""
    initiative = playbooks.initiatives[raised.initiative]
    leader = accountable.first_there(tx, (accountable.manager(initiative), initiative.written.sponsor))
    out = accountable.left_out(playbooks, raised.unit) if raised.avoid_owner else frozenset()
    owner = _owner(tx, playbooks, raised, author)
    return tuple(dict.fromkeys((owner, *(() if leader in {*out, author} else (leader,)))))


def _owner(tx: Session, playbooks: Playbooks, raised: Raised, author: str) -> str:
    initiative = playbooks.initiatives[raised.initiative]
    near = accountable.chain(playbooks, initiative, raised.unit, raised.avoid_owner, author)
    return accountable.first_there(tx, near)
