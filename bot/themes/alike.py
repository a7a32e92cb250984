"""Finds the open cases that say something similar to a text. Who may see what of them is the caller's matter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from bot.store import Session, cases, themes
from bot.store.cases import Case
from bot.themes.likeness import BY_WORDS, SIMILAR, Floats, Likeness, likeness
from bot.themes.memory import rows

FEW = 100
"""So many cases that have no vector yet are compared by their words: the newest."""
ASKED_AT_ONCE = 200


def alike(
    tx: Session, initiative: str, unit: str, text: str, limit: int = 3, by: Likeness | None = None
) -> list[tuple[Case, float]]:
    """The open concerns and requests of an initiative that say something similar to this text in any language, the
    most similar first, each with its likeness (0..1, where 0.5 is just similar enough). With `unit` only cases of that
    very unit. Takes some 0.7 ms a character of the text: not for the event loop.
    """
    how = by or likeness()
    near = list(_by_vector(tx, initiative, unit, text, limit, how))
    near += _by_words(themes.newest_without_vector(tx, initiative, unit, how.maker, FEW), text)
    mine = sorted((-score, id) for id, score in near)[:limit]
    return [(case, -score) for score, id in mine if (case := cases.case(tx, id))]


def open_rows(tx: Session, initiative: str, by: Likeness) -> tuple[list[str], Floats]:
    """The vectors of the open cases of an initiative, by their ids. The first time all of them are opened."""
    ids = themes.open_vectors(tx, initiative, by.maker)
    return ids, rows(tx, ids, "open", initiative, by.maker)


def _by_vector(
    tx: Session, initiative: str, unit: str, text: str, limit: int, by: Likeness
) -> Iterator[tuple[str, float]]:
    """The most similar of those that have a vector; at most so many."""
    ids, known = open_rows(tx, initiative, by)
    if not ids:
        return
    scores = by.scores(known @ by.make(text))
    order = [int(at) for at in np.argsort(-scores, kind="stable") if scores[at] >= SIMILAR]
    for start in range(0, len(order), ASKED_AT_ONCE):
        found = themes.open_among(tx, [ids[at] for at in order[start : start + ASKED_AT_ONCE]], unit)
        for at in order[start : start + ASKED_AT_ONCE]:
            if limit and ids[at] in found:
                limit -= 1
                yield found[ids[at]], float(scores[at])
        if not limit:
            return


def _by_words(said: Mapping[str, str], text: str) -> list[tuple[str, float]]:
    """Compares with cases that were raised just now."""
    if not said:
        return []
    asked = BY_WORDS.make(text)
    scored = ((id, float(BY_WORDS.scores(BY_WORDS.make(one) @ asked))) for id, one in said.items())
    return [(id, score) for id, score in scored if score >= SIMILAR]
