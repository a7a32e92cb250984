"""Telling more than the unit: the author asks for it, the project manager approves, changes it or sends it back."""

from __future__ import annotations

from dataclasses import replace

from bot.capabilities.wins.forms import form_for, handed_in, reason_in, said_fields
from bot.capabilities.wins.there import (
    Held,
    name_of_speaker,
    no,
    not_yours,
    note,
    out_of_force,
    plain_reply,
    tell_person,
)
from bot.playbook.model import Initiative
from bot.store import wins as kept
from bot.store.wins import APPROVED, ASKED, THANKS_YES, TOLD, Said, Win
from bot.turn import Reply, Turn
from bot.wins import telling
from bot.wins.words import approved_card, changed_card, sent_back_card, withdraw_choice


def everybody(turn: Turn, found: Held) -> Reply:
    """The author asks for it to be told to everybody affected; the project manager may do so at once."""
    if found.initiative is None:
        return out_of_force(turn, found)
    if not found.is_author(turn) or not found.tells(turn):
        return not_yours(turn)
    if found.win.state != TOLD:
        return no(turn, "win.decided")
    if found.leads(turn):
        return _approved(turn, found.win, found.initiative, found.win.said)
    return _asked(turn, found.win, found.initiative, found.win.said)


def again(turn: Turn, found: Held) -> Reply:
    """The author changes what was sent back, and asks once more."""
    if found.initiative is None:
        return out_of_force(turn, found)
    if not found.is_author(turn) or not found.tells(turn):
        return not_yours(turn)
    if found.win.state != TOLD:
        return no(turn, "win.decided")
    words, asks = turn.words, said_fields(turn, found.win.said)
    form = form_for(turn, found, "again", words("win.again-button"), words("win.again-body"), asks)
    given, reply = handed_in(turn, form, found.initiative)
    if given is None:
        return reply
    return _asked(turn, found.win, found.initiative, replace(given.said, thanks=found.win.said.thanks))


def _asked(turn: Turn, win: Win, initiative: Initiative, said: Said) -> Reply:
    asked = replace(win, said=said)
    name = telling.ask_leader(turn.tx, asked, initiative, turn.reader.playbooks, turn.now)
    if not name:
        return no(turn, "win.nobody-approves")
    _keep(turn, win, said)
    note(turn, win, "win.asked")
    return plain_reply(turn, turn.words("win.asked", name=name), withdraw_choice(win, turn.words))


def approve(turn: Turn, found: Held) -> Reply:
    """The project manager lets everybody hear it."""
    if found.initiative is None or not found.leads(turn):
        return not_yours(turn)
    if found.win.state != ASKED:
        return no(turn, "win.decided")
    return _approved(turn, found.win, found.initiative, found.win.said)


def edit(turn: Turn, found: Held) -> Reply:
    """The project manager changes the words and lets everybody hear it."""
    if found.initiative is None or not found.leads(turn):
        return not_yours(turn)
    if found.win.state != ASKED:
        return no(turn, "win.decided")
    words, author = turn.words, telling.name_of(turn.tx, found.win.author) or turn.words("name.somebody")
    body, asks = words("win.edit-body", name=author), said_fields(turn, found.win.said)
    given, reply = handed_in(
        turn, form_for(turn, found, "edit", words("win.edit-button"), body, asks), found.initiative
    )
    if given is None:
        return reply
    return _approved(turn, found.win, found.initiative, replace(given.said, thanks=found.win.said.thanks))


def _approved(turn: Turn, win: Win, initiative: Initiative, said: Said) -> Reply:
    if not kept.turn(turn.tx, win.id, APPROVED, of=[TOLD, ASKED], approved_at=turn.now):
        return no(turn, "win.decided")
    note(turn, win, "win.approved")
    _keep(turn, win, said)
    playbooks, told = turn.reader.playbooks, replace(win, said=said)
    telling.tell_everybody(turn.tx, told, initiative, playbooks, turn.now)
    if win.author != turn.person.key:
        shown, by = telling.subject(turn.tx, told, initiative, playbooks), name_of_speaker(turn)
        tell_person(
            turn, win, "approved", win.author, lambda words: approved_card(shown, words, by, changed=said != win.said)
        )
    return plain_reply(turn, turn.words("win.approved"), withdraw_choice(win, turn.words))


def _keep(turn: Turn, win: Win, said: Said) -> None:
    """Keeps changed words; whoever is named in them hears of it."""
    if said == win.said:
        return
    kept.say(turn.tx, win.id, said)
    if win.thanks == THANKS_YES:
        by = name_of_speaker(turn)
        tell_person(turn, win, "changed", win.thanked, lambda words: changed_card(win, words, by, said))


def back(turn: Turn, found: Held) -> Reply:
    """The project manager sends it back with a comment; it stays in its unit."""
    subject, words = found.subject(turn), turn.words
    if subject is None or not found.leads(turn):
        return not_yours(turn)
    if found.win.state != ASKED:
        return no(turn, "win.decided")
    author = subject.author or words("name.somebody")
    comment, form = reason_in(turn, found, "back", words("win.back-button"), words("win.back-ask"), author)
    if not comment:
        return form
    if not kept.turn(turn.tx, found.win.id, TOLD, of=[ASKED]):
        return no(turn, "win.decided")
    note(turn, found.win, "win.sent-back")
    by = name_of_speaker(turn)
    tell_person(turn, found.win, "back", found.win.author, lambda words: sent_back_card(subject, words, by, comment))
    return no(turn, "win.sent-back", name=author)
