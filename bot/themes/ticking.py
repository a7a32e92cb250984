"""What the clock brings for bot/themes: new cases are understood and find their themes, and one that grows is told.

Texts are encoded outside of any transaction; what was made is kept only if the case still says the same.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.answers.text import words
from bot.playbook.model import Playbooks
from bot.store import Session, Store, case_themes, occurrences, themes
from bot.themes.alike import open_rows
from bot.themes.grouping import group, join
from bot.themes.growing import tell
from bot.themes.likeness import Likeness, likeness
from bot.themes.titles import title_words, vocabulary

AT_ONCE = 20
"""Texts that are encoded in one tick: some two seconds of one core."""


def due(store: Store, playbooks: Playbooks, now: datetime, by: Likeness | None = None) -> int:
    """Understands what is new, and tells once a day (UTC) what grows; says how many posts were queued."""
    how = by or likeness()
    understand(store, playbooks, now, how)
    warm(store, playbooks, how)
    done = 0
    with store.begin() as tx:
        if not occurrences.first_time(tx, f"themes:{now.date()}", now):
            return 0
        themes.forget_other_makers(tx, how.maker)
        for id in sorted(case_themes.initiatives(tx) & playbooks.initiatives.keys()):
            join(tx, id, how, now)
            done += tell(tx, playbooks.initiatives[id], playbooks, now)
        case_themes.forget_empty(tx)
    return done


def warm(store: Store, playbooks: Playbooks, by: Likeness | None = None) -> None:
    """Opens what is compared, so that the first who raises something does not wait for it; done already, it costs
    little. Not for the event loop.
    """
    how = by or likeness()
    with store.read() as tx:
        for initiative in playbooks.initiatives:
            open_rows(tx, initiative, how)


def understand(store: Store, playbooks: Playbooks, now: datetime, by: Likeness) -> int:
    """Makes what new cases mean, a handful at a time, and puts them into themes; says how many."""
    with store.read() as tx:
        lacking = themes.without_vector(tx, by.maker, AT_ONCE)
    if not lacking:
        return 0
    made = {case: (text, by.kept(text)) for case, text in lacking}
    with store.begin() as tx:
        kept = themes.keep_vectors(tx, by.maker, made)
        for initiative, touched in group(tx, by, now).items():
            _name(tx, playbooks, initiative, touched)
    return kept


def _name(tx: Session, playbooks: Playbooks, initiative: str, touched: Collection[str]) -> None:
    """Gives themes their words."""
    there = playbooks.initiatives.get(initiative)
    said = case_themes.said_by_name(tx, touched)
    if there is None or not said:
        return
    names = {word.form for name in case_themes.names_of_people(tx) for word in words(name)}
    known = vocabulary(there, names)
    for theme, voices in said.items():
        case_themes.title(tx, theme, title_words(voices, known))
