"""Vectors of cases that were opened, kept in the memory of the process as long as they are asked for.

It compares nothing. What may be found is asked of the database each time: what another process closed, merged or
deleted is let go here as soon as somebody looks.
"""

from __future__ import annotations

from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np

from bot.store import Session, themes
from bot.store.seal import Seal
from bot.themes.likeness import SIZE, Floats, opened


class Opened:
    """Opened vectors of one initiative, as rows of a table for each list that is asked for; safe to use from several
    threads.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[list[str], Floats]] = {}
        self._lock = Lock()

    def rows(self, tx: Session, what: str, ids: list[str]) -> Floats:
        """The vectors with exactly these ids, as rows in their order. Those that this list had before are let go."""
        with self._lock:
            kept, rows = self._kept.get(what, ([], None))
            if rows is None or kept != ids:
                rows = self._read(tx, ids)
                self._kept[what] = (ids, rows)
            return rows

    def _read(self, tx: Session, ids: list[str]) -> Floats:
        held = [id for kept, _ in self._kept.values() for id in kept]
        known = set(held)
        new = themes.vectors(tx, [id for id in ids if id not in known])
        places = {id: row for row, id in enumerate((*held, *new))}
        # The last row is for one that was deleted since it was listed: it compares with nothing.
        none = np.zeros((1, SIZE), dtype=np.float32)
        every = np.concatenate([*(rows for _, rows in self._kept.values()), opened(list(new.values())), none])
        return every[[places.get(id, -1) for id in ids]]


_OPENED: WeakKeyDictionary[Seal, dict[tuple[str, str], Opened]] = WeakKeyDictionary()
_ONE_AT_A_TIME = Lock()


def rows(tx: Session, ids: list[str], what: str, initiative: str, maker: str) -> Floats:
    """The vectors with these ids, as rows in their order; one that is gone compares with nothing. `what` names the list
    that they are: only those of the last such list stay in memory.
    """
    with _ONE_AT_A_TIME:
        # By what opened them: two databases in one process have two.
        held = _OPENED.setdefault(tx.seal, {}).setdefault((initiative, maker), Opened())
    return held.rows(tx, what, ids)
