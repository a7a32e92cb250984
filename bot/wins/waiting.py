"""Wins that wait for the word of whoever is thanked: they go out with it, or when it has not come in time.

What becomes of one, and what its author hears of that, is decided in one transaction.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Literal

from bot.playbook.model import Playbooks
from bot.store import Session, Store, people
from bot.store import wins as kept
from bot.store.wins import SUGGESTED, THANKS_OWN_WORDS, TOLD, WAITING, WITHDRAWN, Win
from bot.wins.standing import is_live, tells
from bot.wins.telling import name_of, subject, suggest, tell_unit, to_person
from bot.wins.words import Because, not_live_card, out_card, passed_on_card

Outcome = Literal["told", "passed-on", "not-live", ""]


def due(store: Store, playbooks: Playbooks, now: datetime) -> int:
    """Does what is due at `now` (aware); says how many things that were. Call it before announcements are expanded."""
    done = 0
    with store.begin() as tx:
        for win in kept.waited_long_enough(tx, now):
            because: Because = "undecided" if win.thanks == THANKS_OWN_WORDS else "silence"
            done += release(tx, win, playbooks, now, because) != ""
    return done


def release(tx: Session, win: Win, playbooks: Playbooks, now: datetime, because: Because) -> Outcome:
    """Lets it go, and tells its author what became of it and why now."""
    outcome, author = go_out(tx, win, playbooks, now), win.author
    if outcome == "not-live":
        to_person(tx, win, "not-live", author, lambda words: not_live_card(win, words), playbooks, now)
    elif outcome:
        shown = subject(tx, win, playbooks.initiatives[win.initiative], playbooks)
        shown = replace(shown, thanked=name_of(tx, win.thanked))
        if outcome == "told":
            to_person(tx, win, "out", author, lambda words: out_card(shown, words, because), playbooks, now)
        else:
            to_person(tx, win, "passed-on", author, lambda words: passed_on_card(shown, words), playbooks, now)
    return outcome


def go_out(tx: Session, win: Win, playbooks: Playbooks, now: datetime) -> Outcome:
    """Tells the unit of a win that waited. Where its author may not do that any more it becomes a suggestion; where
    the initiative is not live any more nobody is told. '' where somebody was quicker."""
    initiative, units = playbooks.initiatives.get(win.initiative), playbooks.organisation.units
    if initiative is None or not is_live(initiative, win.unit, units):
        return "not-live" if kept.turn(tx, win.id, WITHDRAWN, of=[WAITING]) else ""
    author = people.person(tx, win.author) if win.author else None
    if author is None or author.left_on is not None or not tells(author.email, initiative, win.unit, units):
        if not kept.turn(tx, win.id, SUGGESTED, of=[WAITING], author=None, suggested_by=win.author or None):
            return ""
        suggested = replace(win, state=SUGGESTED, author="", suggested_by=win.author)
        suggest(tx, suggested, initiative, playbooks, now)
        return "passed-on"
    if not kept.turn(tx, win.id, TOLD, of=[WAITING], told_at=now, waits_until=None):
        return ""
    tell_unit(tx, win, initiative, playbooks, now)
    return "told"
