"""What somebody suggested: a change agent takes it, as they leave it, or declines with a word."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.capabilities.wins.forms import Given, fields, form_for, handed_in, reason_in
from bot.capabilities.wins.saying import tell
from bot.capabilities.wins.there import Held, name_of_speaker, no, not_yours, note, tell_person
from bot.store import people
from bot.store import wins as kept
from bot.store.wins import DECLINED, SUGGESTED, THANKS_ASKED, THANKS_YES, TOLD, WAITING, WITHDRAWN, Win
from bot.turn import Reply, Turn
from bot.wins import telling
from bot.wins.words import about_card, declined_card, unit_name


def take(turn: Turn, found: Held) -> Reply:
    """A change agent takes a suggestion: it is theirs from now on, as they leave it."""
    if found.initiative is None or not found.tells(turn):
        return not_yours(turn)
    win, words = found.win, turn.words
    if win.state != SUGGESTED:
        return _decided(turn, win)
    thanked = people.person(turn.tx, win.thanked) if win.thanked else None
    asks = fields(turn, win.said, thanked.email if thanked else "", win.driver)
    form = form_for(turn, found, "take", words("win.take-button"), words("win.take-body"), asks)
    given, reply = handed_in(turn, form, found.initiative)
    if given is None:
        return reply
    state, more = _as_left(turn, win, given)
    if not kept.turn(turn.tx, win.id, state, of=[SUGGESTED], **more):
        return no(turn, "win.decided")
    kept.say(turn.tx, win.id, given.said)
    note(turn, win, "win.taken")
    _tell_suggester(turn, found)
    taken = kept.win(turn.tx, win.id)
    return tell(turn, taken, found.initiative) if taken else no(turn, "win.gone")


def _as_left(turn: Turn, win: Win, given: Given) -> tuple[str, dict[str, Any]]:
    """The state of what is taken, and its other columns. Whoever said yes to these words is not asked again."""
    thanked = given.thanked
    same = replace(win.said, thanks="") == given.said and thanked is not None and thanked.key == win.thanked
    agreed = same and win.thanks == THANKS_YES
    waits = thanked if thanked and not agreed else None
    thanks = THANKS_YES if agreed else THANKS_ASKED if waits else ""
    until = telling.waits_until(turn.tx, waits, turn.reader.playbooks, turn.now) if waits else None
    return WAITING if waits else TOLD, {
        "author": turn.person.key,
        "thanked": thanked.key if thanked else None,
        "thanks": thanks,
        "driver": given.driver,
        "waits_until": until,
        "told_at": None if waits else turn.now,
    }


def _tell_suggester(turn: Turn, found: Held) -> None:
    shown, by, organisation = found.subject(turn), name_of_speaker(turn), turn.reader.playbooks.organisation
    if shown is None or found.win.suggested_by == turn.person.key:
        return
    tell_person(
        turn,
        found.win,
        "taken",
        found.win.suggested_by,
        lambda w: about_card(shown, w, w("win.taken", name=by, unit=unit_name(found.win.unit, organisation, w))),
    )


def decline(turn: Turn, found: Held) -> Reply:
    """A change agent does not tell what was suggested, and says why."""
    subject, words = found.subject(turn), turn.words
    if subject is None or not found.tells(turn):
        return not_yours(turn)
    if found.win.state != SUGGESTED:
        return _decided(turn, found.win)
    who = telling.name_of(turn.tx, found.win.suggested_by) or words("name.somebody")
    reason, form = reason_in(turn, found, "decline", words("win.decline-button"), words("win.decline-ask"), who)
    if not reason:
        return form
    if not kept.turn(turn.tx, found.win.id, DECLINED, of=[SUGGESTED]):
        return no(turn, "win.decided")
    note(turn, found.win, "win.declined")
    by = name_of_speaker(turn)
    tell_person(turn, found.win, "declined", found.win.suggested_by, lambda w: declined_card(subject, w, by, reason))
    return no(turn, "win.declined", name=who)


def _decided(turn: Turn, win: Win) -> Reply:
    if win.state == WITHDRAWN:
        return no(turn, "win.withdrawn-already")
    return no(turn, "win.decided")
