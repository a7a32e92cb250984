"""The messages of the local page, so that its history outlives the process. What was said, by whom and where is sealed.

It sends and hears nothing; who may read a place is the page's matter.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, or_, select, update

from bot.messages import Card
from bot.store import tables as t
from bot.store.engine import Session
from bot.store.sql import changed, insert_new, put

COUNTER = "web_message"


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `thread` is the number of the message it replies to, or 0; `sender` is an account, '' for the bot.

    `how` as in `Said`; `done` says of a form that it was handed in. `changed` is what was counted when it changed last,
    its number where it never did; `edited` says that the bot put another card here, `removed` that it took it back.
    """

    number: int
    place: str
    thread: int
    sender: str
    text: str
    how: str
    card: Card | None
    done: bool
    at: datetime
    changed: int
    edited: bool = False
    removed: bool = False


def add(
    tx: Session,
    *,
    key: str,
    place: str,
    thread: int = 0,
    sender: str = "",
    text: str = "",
    how: str = "typed",
    card: Card | None = None,
    now: datetime,
) -> int:
    """Keeps a message and gives its number, one more than the last; the earlier one's if the key was there before.

    Messages and their changes are counted together, and become visible in this order: who has read up to one count
    has missed none before it.
    """
    mark = tx.seal.mark("web message", key)
    number = _count(tx)
    row = {
        "number": number,
        "key": mark,
        "place": _mark(tx, place),
        "thread": thread,
        "content": _content(tx, place, sender=sender, text=text, how=how, card=card),
        "done": False,
        "at": now,
        "changed": number,
    }
    if insert_new(tx, t.web_message, row):
        return number
    return int(tx.scalars(select(t.web_message.c.number).where(t.web_message.c.key == mark)).one())


def newest(tx: Session) -> int:
    """What was counted last, messages and changes together; 0 if nothing was."""
    return tx.scalar(select(t.counter.c.value).where(t.counter.c.name == COUNTER)) or 0


def page(tx: Session, place: str, *, before: int = 0, limit: int = 50) -> list[Message]:
    """The newest messages of a place (older than `before`, if given) in their order, each followed by its replies.

    `limit` counts the messages that are no replies. What was taken back is there only while somebody replied to it.
    """
    c, reply = t.web_message.c, t.web_message.alias()
    answered = exists().where(reply.c.thread == c.number, reply.c.removed.is_(False))
    here = select(c.number).where(c.place == _mark(tx, place), c.thread == 0, or_(c.removed.is_(False), answered))
    here = here.where(c.number < before) if before else here
    roots = tx.scalars(here.order_by(c.number.desc()).limit(limit)).all()
    shown = or_(c.number.in_(roots), c.thread.in_(roots) & c.removed.is_(False))
    found = _read(tx, tx.execute(select(t.web_message).where(shown)))
    return sorted(found, key=lambda m: (m.thread or m.number, m.number))


def since(tx: Session, number: int, places: Iterable[str], limit: int = 200) -> list[Message]:
    """What was said, changed or taken back in these places after this count, as it is now, what changed last at the
    end.
    """
    c = t.web_message.c
    marks = [_mark(tx, place) for place in places]
    query = select(t.web_message).where(c.changed > number, c.place.in_(marks))
    return _read(tx, tx.execute(query.order_by(c.changed).limit(limit)))


def message(tx: Session, number: int) -> Message | None:
    """The message with this number."""
    rows = tx.execute(select(t.web_message).where(t.web_message.c.number == number))
    return next(iter(_read(tx, rows)), None)


def hand_in(tx: Session, number: int) -> None:
    """Notes that the form in this message was handed in."""
    row = t.web_message.c.number == number
    tx.execute(update(t.web_message).where(row).values(done=True, changed=_count(tx)))


def change(tx: Session, number: int, card: Card) -> bool:
    """Puts another card in the place of the one the bot posted; False if there is none of this number any more."""
    count = _count(tx)
    found = message(tx, number)
    if found is None or found.card is None:
        return False
    if found.card != card or found.done:
        content = _content(tx, found.place, how=found.how, card=card, edited=True)
        row = t.web_message.c.number == number
        tx.execute(update(t.web_message).where(row).values(content=content, done=False, changed=count))
    return True


def remove(tx: Session, number: int) -> None:
    """Takes back what the bot posted: what it was is wiped at once."""
    count = _count(tx)
    found = message(tx, number)
    if found is not None and found.card is not None:
        row = t.web_message.c.number == number
        values = {"content": _content(tx, found.place), "done": False, "removed": True, "changed": count}
        tx.execute(update(t.web_message).where(row).values(values))


def number_of(tx: Session, key: str) -> int:
    """The number that the message with this key was given, 0 if there is none."""
    mark = tx.seal.mark("web message", key)
    return tx.scalar(select(t.web_message.c.number).where(t.web_message.c.key == mark)) or 0


def forget(tx: Session, older_than: datetime) -> int:
    """Deletes messages from before this moment."""
    return changed(tx, delete(t.web_message).where(t.web_message.c.at < older_than))


def _count(tx: Session) -> int:
    # The counter stays locked until the end of the transaction, so a later count is never committed first.
    put(tx, t.counter, {"name": COUNTER}, {"value": t.counter.c.value + 1}, first={"value": 1})
    return newest(tx)


def _content(
    tx: Session,
    place: str,
    *,
    sender: str = "",
    text: str = "",
    how: str = "typed",
    card: Card | None = None,
    edited: bool = False,
) -> str:
    said = {"place": place, "sender": sender, "text": text, "how": how, "edited": edited}
    return tx.seal.seal(json.dumps({**said, "card": card.to_json() if card else ""}))


def _mark(tx: Session, place: str) -> str:
    return tx.seal.mark("web place", place)


def _read(tx: Session, rows: Iterable[Any]) -> list[Message]:
    return [_message(row, json.loads(tx.seal.open(row.content))) for row in rows]


def _message(row: Any, content: dict[str, Any]) -> Message:
    return Message(
        number=row.number,
        place=content["place"],
        thread=row.thread,
        sender=content["sender"],
        text=content["text"],
        how=content["how"],
        card=Card.from_json(content["card"]) if content["card"] else None,
        done=row.done,
        at=row.at,
        changed=row.changed,
        edited=content.get("edited", False),
        removed=row.removed,
    )
