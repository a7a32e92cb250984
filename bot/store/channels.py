"""Which channels are for which audience or unit. Who may say so is decided elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update

from bot.messages import Place
from bot.store import tables as t
from bot.store.engine import Session
from bot.store.sql import changed, put


@dataclass(frozen=True, slots=True)
class Binding:
    """A channel is for an audience of an initiative or, without an initiative, for a unit. `refused`: why the
    platform takes no posts there any more, or ''.
    """

    place: Place
    initiative: str
    audience: str
    refused: str = ""


def bind(tx: Session, binding: Binding, person: str, today: date) -> None:
    """From now on this channel is for that audience or unit, besides what it is for already."""
    place = _channel(binding.place)
    key = {"mark": _mark(tx, place), "initiative": binding.initiative, "audience": binding.audience}
    values = {
        "platform": place.platform,
        "workspace": place.workspace,
        "place": tx.seal.seal(place.encode()),
        "bound_by": person,
        "bound_on": today,
        "refused": "",
    }
    put(tx, t.channel, key, values)


def release(tx: Session, place: Place) -> int:
    """This channel is for nobody in particular any more; says what it was for, counted."""
    return changed(tx, delete(t.channel).where(t.channel.c.mark == _mark(tx, place)))


def refuse(tx: Session, place: Place, reason: str) -> None:
    """Notes why the platform takes no posts there any more; a new `bind` makes it good again."""
    here = t.channel.c.mark == _mark(tx, place)
    tx.execute(update(t.channel).where(here).values(refused=reason))


def move(tx: Session, place: Place, conversation: str) -> None:
    """The platform has given this channel another id."""
    there = replace(_channel(place), conversation=conversation)
    here = t.channel.c.mark == _mark(tx, place)
    tx.execute(update(t.channel).where(here).values(mark=_mark(tx, there), place=tx.seal.seal(there.encode())))


def bindings_of(tx: Session, place: Place) -> list[Binding]:
    """What this channel is for."""
    return _read(tx, t.channel.c.mark == _mark(tx, place))


def all_bindings(tx: Session) -> list[Binding]:
    """Every channel with what it is for."""
    return _read(tx, t.channel.c.mark != "")


def _read(tx: Session, which: Any) -> list[Binding]:
    c = t.channel.c
    rows = tx.execute(
        select(t.channel).where(which).order_by(c.platform, c.workspace, c.initiative, c.audience, c.mark)
    )
    return [
        Binding(Place.decode(tx.seal.open(row.place)), row.initiative, row.audience, row.refused) for row in rows.all()
    ]


def _channel(place: Place) -> Place:
    return replace(place, thread="", outsiders=False)


def _mark(tx: Session, place: Place) -> str:
    return tx.seal.mark("channel", _channel(place).encode())
