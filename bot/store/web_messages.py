"""The messages of the local page, so that its history outlives the process. What was said, by whom and where is sealed.

It sends and hears nothing; who may read a place is the page's matter.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update

from bot.messages import Card
from bot.store import tables as t
from bot.store.engine import Session
from bot.store.sql import changed, insert_new, put

COUNTER = "web_message"


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `thread` is the number of the message it replies to, or 0; `sender` is an account, '' for the bot.

    `how` as in `Said`; `done` says of a form that it was handed in.
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

    Numbers become visible in their order: who has read up to one number has missed none before it.
    """
    mark = tx.seal.mark("web message", key)
    # The counter stays locked until the end of the transaction, so a later number is never committed first.
    put(tx, t.counter, {"name": COUNTER}, {"value": t.counter.c.value + 1}, first={"value": 1})
    number = newest(tx)
    content = {"place": place, "sender": sender, "text": text, "how": how, "card": card.to_json() if card else ""}
    row = {
        "number": number,
        "key": mark,
        "place": _mark(tx, place),
        "thread": thread,
        "content": tx.seal.seal(json.dumps(content)),
        "done": False,
        "at": now,
    }
    if insert_new(tx, t.web_message, row):
        return number
    return int(tx.scalars(select(t.web_message.c.number).where(t.web_message.c.key == mark)).one())


def newest(tx: Session) -> int:
    """The number that was given last, 0 if none was."""
    return tx.scalar(select(t.counter.c.value).where(t.counter.c.name == COUNTER)) or 0


def page(tx: Session, place: str, *, before: int = 0, limit: int = 50) -> list[Message]:
    """The newest messages of a place (older than `before`, if given) in their order, each followed by its replies.

    `limit` counts the messages that are no replies.
    """
    c = t.web_message.c
    here = select(c.number).where(c.place == _mark(tx, place), c.thread == 0)
    here = here.where(c.number < before) if before else here
    roots = tx.scalars(here.order_by(c.number.desc()).limit(limit)).all()
    found = _read(tx, tx.execute(select(t.web_message).where(or_(c.number.in_(roots), c.thread.in_(roots)))))
    return sorted(found, key=lambda m: (m.thread or m.number, m.number))


def since(tx: Session, number: int, places: Iterable[str], limit: int = 200) -> list[Message]:
    """What was said in these places after this number, in its order."""
    c = t.web_message.c
    marks = [_mark(tx, place) for place in places]
    query = select(t.web_message).where(c.number > number, c.place.in_(marks))
    return _read(tx, tx.execute(query.order_by(c.number).limit(limit)))


def message(tx: Session, number: int) -> Message | None:
    """The message with this number."""
    rows = tx.execute(select(t.web_message).where(t.web_message.c.number == number))
    return next(iter(_read(tx, rows)), None)


def hand_in(tx: Session, number: int) -> None:
    """Notes that the form in this message was handed in."""
    tx.execute(update(t.web_message).where(t.web_message.c.number == number).values(done=True))


def change(tx: Session, number: int, card: Card) -> bool:
    """Puts another card in the place of the one the bot posted; False if there is none of this number."""
    found = message(tx, number)
    if found is None or found.card is None:
        return False
    content = {"place": found.place, "sender": "", "text": "", "how": found.how, "card": card.to_json()}
    row = t.web_message.c.number == number
    tx.execute(update(t.web_message).where(row).values(content=tx.seal.seal(json.dumps(content)), done=False))
    return True


def remove(tx: Session, number: int) -> None:
    """Takes a message away."""
    tx.execute(delete(t.web_message).where(t.web_message.c.number == number))


def number_of(tx: Session, key: str) -> int:
    """The number that the message with this key was given, 0 if there is none."""
    mark = tx.seal.mark("web message", key)
    return tx.scalar(select(t.web_message.c.number).where(t.web_message.c.key == mark)) or 0


def forget(tx: Session, older_than: datetime) -> int:
    """Deletes messages from before this moment."""
    return changed(tx, delete(t.web_message).where(t.web_message.c.at < older_than))


def _mark(tx: Session, place: str) -> str:
    return tx.seal.mark("web place", place)


def _read(tx: Session, rows: Iterable[Any]) -> list[Message]:
    return [_message(row, json.loads(tx.seal.open(row.content))) for row in rows]


def _message(row: Any, content: dict[str, str]) -> Message:
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
    )
