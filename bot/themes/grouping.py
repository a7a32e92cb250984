"""Puts cases into themes: each new one into the nearest theme that it is like, else into one of its own.

Deterministic: cases come in the order in which they were raised, and a theme lies in the middle of its cases. A theme
keeps its id as it grows; two that have become alike go on as the one that began first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

import numpy as np

from bot.store import Session, case_themes
from bot.store.case_themes import Member
from bot.themes.likeness import SIZE, Floats, Likeness
from bot.themes.memory import rows as rows_of

COUNTS = timedelta(days=92)
"""So long a case counts in its theme when it is not open any more."""


COMPARED, JOINED = 500, 50


class Middles:
    """Where each theme lies: the sum of the vectors of its cases."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self._place: dict[str, int] = {}
        self._sizes: Counter[str] = Counter()
        self._sums: Floats = np.empty((0, SIZE), dtype=np.float32)

    def nearest(self, row: Floats) -> tuple[str, float]:
        """The theme that lies nearest, with the cosine; '' where there is none."""
        if not self.ids:
            return "", -1.0
        near = self._pointed() @ row
        best = int(np.argmax(near))
        return self.ids[best], float(near[best])

    def add(self, theme: str, row: Floats) -> None:
        """One more case of this theme."""
        if theme not in self._place:
            self._place[theme] = len(self.ids)
            self.ids.append(theme)
            self._sums = np.concatenate([self._sums, np.zeros((1, SIZE), dtype=np.float32)])
        self._sums[self._place[theme]] += row
        self._sizes[theme] += 1

    def largest(self, most: int) -> Middles:
        """Those with most cases, at most so many, in the same order."""
        kept = {id for id, _ in sorted(self._sizes.items(), key=lambda one: (-one[1], one[0]))[:most]}
        found = Middles()
        found.ids = [id for id in self.ids if id in kept]
        found._sums = self._sums[[self._place[id] for id in found.ids]]
        return found

    def joined(self, alike_from: float) -> Iterator[tuple[str, str]]:
        """Themes that have become one, the nearest pair first, each with the older one that it goes into."""
        while len(self.ids) > 1:
            pointed = self._pointed()
            near = np.triu(pointed @ pointed.T, k=1) - np.tril(np.ones(len(pointed), dtype=np.float32))
            old, new = divmod(int(np.argmax(near)), len(self.ids))
            if near[old, new] < alike_from:
                return
            self._sums[old] += self._sums[new]
            self._sums = np.delete(self._sums, new, axis=0)
            yield self.ids.pop(new), self.ids[old]

    def _pointed(self) -> Floats:
        lengths = np.maximum(np.linalg.norm(self._sums, axis=1, keepdims=True), 1e-6)
        return np.asarray(self._sums / lengths, dtype=np.float32)


def group(tx: Session, by: Likeness, now: datetime) -> dict[str, set[str]]:
    """Gives every case without a theme its theme: the themes that got one, by initiative. Others wait meanwhile."""
    return {initiative: _group(tx, initiative, by, now) for initiative in case_themes.without_theme(tx, by.maker)}


def _group(tx: Session, initiative: str, by: Likeness, now: datetime) -> set[str]:
    members, rows = _members(tx, initiative, by, now)
    middles, touched = _middles(members, rows), set()
    for one, row in zip(members, rows, strict=True):
        if one.theme:
            continue
        theme, near = middles.nearest(row)
        theme = theme if near >= by.theme_from else case_themes.begin(tx, initiative)
        middles.add(theme, row)
        case_themes.belongs(tx, one.vector, theme)
        touched.add(theme)
    return touched


def join(tx: Session, initiative: str, by: Likeness, now: datetime) -> int:
    """Joins the themes of an initiative that have become alike; says how many went into another. Only so many of the
    largest are compared, and only so many joined at once, since others wait meanwhile.
    """
    middles = _middles(*_members(tx, initiative, by, now)).largest(COMPARED)
    pairs = list(islice(middles.joined(by.theme_from), JOINED))
    for theme, into in pairs:
        case_themes.join(tx, theme, into)
    return len(pairs)


def _members(tx: Session, initiative: str, by: Likeness, now: datetime) -> tuple[list[Member], Floats]:
    case_themes.hold(tx)
    members = case_themes.members(tx, initiative, by.maker, now - COUNTS)
    return members, rows_of(tx, [one.vector for one in members], "themes", initiative, by.maker)


def _middles(members: list[Member], rows: Floats) -> Middles:
    """Themes in the order of their first cases."""
    middles = Middles()
    for one, row in zip(members, rows, strict=True):
        if one.theme:
            middles.add(one.theme, row)
    return middles
