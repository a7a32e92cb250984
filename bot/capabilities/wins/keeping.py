"""A win that is there: shown to whoever can do something with it, and taken back."""

from __future__ import annotations

from dataclasses import replace

from bot.capabilities.wins.there import Held, name_of_speaker, no, not_yours, note, tell_person
from bot.store.wins import OUT, SUGGESTED, TOLD
from bot.turn import Reply, Turn
from bot.wins import telling
from bot.wins.words import about_card, everybody_choice, news, withdraw_choice


def withdraw(turn: Turn, found: Held) -> Reply:
    """Whoever said or suggested it, or the project manager, takes it back."""
    win = found.win
    suggested = win.state == SUGGESTED and win.suggested_by == turn.person.key
    if not (found.is_author(turn) or suggested or found.leads(turn)):
        return not_yours(turn)
    if not telling.withdraw(turn.tx, win, turn.now):
        return no(turn, "win.withdrawn-already")
    note(turn, win, "win.withdrawn")
    subject, by = found.subject(turn), name_of_speaker(turn)
    if turn.person.key not in (win.author, win.suggested_by) and subject is not None:
        tell_person(
            turn,
            win,
            "withdrawn",
            win.author or win.suggested_by,
            lambda words: about_card(subject, words, words("win.withdrawn-by", name=by)),
        )
    return no(turn, "win.withdrawn" if win.state in OUT else "win.withdrawn-before")


def show(turn: Turn, found: Held) -> Reply:
    """The win with what its author and the project manager can do with it."""
    subject, words = found.subject(turn), turn.words
    if subject is None or not (found.is_author(turn) or found.leads(turn)):
        return not_yours(turn)
    if found.win.state not in OUT:
        return no(turn, "win.gone")
    more = [everybody_choice(found.win, words)] if found.is_author(turn) and found.win.state == TOLD else []
    card = replace(news(subject, words), choices=(*more, withdraw_choice(found.win, words)))
    return Reply(cards=(card,), personal=True)
