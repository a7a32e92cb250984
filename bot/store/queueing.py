"""Putting posts into the outbox, one or a hundred thousand. It sends nothing and knows no pace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from bot.messages import Card, Place, Post
from bot.store import contents, lanes
from bot.store import tables as t
from bot.store.engine import Session
from bot.store.lanes import Lane
from bot.store.people import PLATFORM_SETTING
from bot.store.sql import insert_all_new, one_of

AT_ONCE = 500
# In this order a lane sends what is due: what somebody waits for, what is for one person, what goes to many.
REPLY, SINGLE, TO_MANY = RANKS = (0, 1, 2)


def enqueue(tx: Session, posts: Iterable[Post], now: datetime) -> int:
    """Queues these posts, in this order; says how many were new. A key that was queued before is not queued again.

    Takes any number of posts and holds few of them in memory. What the bot writes of its own accord (with a `kind`)
    and what is not urgent is not sent before its right moment was decided (`timed`).
    """
    iterator = iter(posts)
    shared: dict[tuple[str, Card], str] = {}
    new, woken = 0, set[Lane]()
    while some := list(islice(iterator, AT_ONCE)):
        rows = _rows(tx, some, shared, now)
        new += insert_all_new(tx, t.delivery, rows)
        woken |= {Lane(row["platform"], row["workspace"]) for row in rows if row["state"] == "queued"}
    lanes.wake(tx, woken)
    return new


def _rows(tx: Session, posts: list[Post], shared: dict[tuple[str, Card], str], now: datetime) -> list[dict[str, Any]]:
    _share(tx, posts, shared, now)
    known = _lanes_of(tx, {post.person for post in posts if post.place is None})
    return [_row(tx, post, known.get(post.person), shared.get((post.batch, post.card)), now) for post in posts]


def _share(tx: Session, posts: list[Post], shared: dict[tuple[str, Card], str], now: datetime) -> None:
    """Keeps once what several posts of a batch say."""
    said = Counter((post.batch, post.card) for post in posts if post.batch and not post.reply)
    for (batch, card), times in said.items():
        if times > 1 and (batch, card) not in shared:
            shared[batch, card] = contents.keep(tx, batch, card, now)


def _lanes_of(tx: Session, persons: Collection[str]) -> dict[str, Lane]:
    """Where these persons want to be written to: an account that takes messages, on the platform they chose, else one
    where they have written to us.
    """
    if not persons:
        return {}
    i, s = t.identity.c, t.setting.c
    chose = select(s.person, s.value).where(s.name == PLATFORM_SETTING, one_of(tx, s.person, persons))
    chosen = {row.person: row.value for row in tx.execute(chose)}
    best: dict[str, tuple[Any, ...]] = {}
    accounts = select(i.person, i.platform, i.workspace, i.account, i.refused, i.direct)
    for row in tx.execute(accounts.where(one_of(tx, i.person, persons))):
        unliked = (row.refused != "", row.platform != chosen.get(row.person), not row.direct)
        found = (*unliked, row.platform, row.workspace, row.account)
        best[row.person] = min(best.get(row.person, found), found)
    return {person: Lane(*found[3:5]) for person, found in best.items()}


def _row(tx: Session, post: Post, known: Lane | None, content: str | None, now: datetime) -> dict[str, Any]:
    lane = Lane(post.place.platform, post.place.workspace) if post.place else known
    own_accord = bool(post.kind) and not post.reply
    sealed = tx.seal.seal(post.card.to_json()) if lane and not content else None
    return {
        **new_row(tx, lane, post.place, post.person, now),
        "key": _key(tx, post),
        "card": sealed,
        "content": content if lane else None,
        "reply": post.reply,
        "not_before": max(post.not_before or now, now),
        "kind": post.kind,
        "urgent": post.urgent,
        "timed": not (own_accord and post.person) or post.urgent,
        "batch": post.batch,
        "rank": REPLY if post.reply else TO_MANY if (own_accord or post.batch) and not post.urgent else SINGLE,
    }


def new_row(tx: Session, lane: Lane | None, place: Place | None, person: str, now: datetime) -> dict[str, Any]:
    """What every new delivery has in common: where it goes, and that nothing has come of it yet."""
    goes_to = place.encode() if place else ""
    return {
        "id": uuid4().hex,
        "platform": lane.platform if lane else "",
        "workspace": lane.workspace if lane else "",
        "place": tx.seal.seal(goes_to) if goes_to else None,
        "person": person or None,
        "conversation": tx.seal.mark("delivery", goes_to or person) if lane else None,
        "state": "queued" if lane else "failed",
        "reason": "" if lane else "no account on any platform",
        "attempts": 0,
        "doubts": 0,
        "created_at": now,
        "platform_id": "",
        "action": "post",
        "target": None,
    }


def _key(tx: Session, post: Post) -> str:
    # The key of a reply names the event it answers, which on some platforms names the person.
    return tx.seal.mark("delivery", post.key) if post.reply else post.key


def in_parts(rows: Iterable[Any], size: int = AT_ONCE) -> Iterator[list[Any]]:
    """The rows in lists of this length."""
    iterator = iter(rows)
    while part := list(islice(iterator, size)):
        yield part
