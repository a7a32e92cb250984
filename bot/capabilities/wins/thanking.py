"""Whoever is thanked says whether their name may stand in it; the author says whether to wait for that."""

from __future__ import annotations

from dataclasses import replace

from bot.capabilities.wins.forms import form_for, text_in
from bot.capabilities.wins.there import Held, not_yours, plain_reply, tell_person
from bot.messages import Ask, Choice
from bot.store import audit
from bot.store import wins as kept
from bot.store.wins import OPEN, THANKS_ASKED, THANKS_NO, THANKS_OWN_WORDS, THANKS_YES, WAITING
from bot.turn import Reply, Turn
from bot.wins import telling
from bot.wins.waiting import go_out, release
from bot.wins.words import own_words_card, told_card, unit_name

LONGEST = 200


def _asked(turn: Turn, found: Held) -> Reply | None:
    """What to say to whoever is not thanked in it, or where nothing is to be said to it any more."""
    if found.win.thanked != turn.person.key or not found.win.thanks:
        return not_yours(turn)
    if found.initiative is None or found.win.state not in OPEN:
        return plain_reply(turn, turn.words("win.gone"))
    return None


def thanks_yes(turn: Turn, found: Held) -> Reply:
    """The name may stand in it; where the win waited for that, it goes out."""
    if no := _asked(turn, found):
        return no
    win = found.win
    if not kept.answer_thanks(turn.tx, win.id, THANKS_YES, of=[THANKS_ASKED, THANKS_OWN_WORDS, THANKS_NO]):
        return plain_reply(turn, turn.words("win.decided"))
    kept.say(turn.tx, win.id, replace(win.said, thanks=""))
    audit.note(turn.tx, turn.person.key, "win.thanks-yes", f"{win.initiative} {win.id}", turn.now)
    agreed = replace(win, thanks=THANKS_YES, said=replace(win.said, thanks=""))
    outcome = release(turn.tx, agreed, turn.reader.playbooks, turn.now, "yes") if win.state == WAITING else ""
    key = "win.thanks-yes-done" if outcome == "told" else "win.thanks-yes-late"
    take_out = Choice(turn.words("win.thanks-take-out"), f"win thanks-no {win.id}")
    return plain_reply(turn, turn.words(key), take_out)


def thanks_no(turn: Turn, found: Held) -> Reply:
    """The name does not stand in it from now on; where the win waited for a word, it goes out."""
    if no := _asked(turn, found):
        return no
    win = found.win
    if not kept.answer_thanks(turn.tx, win.id, THANKS_NO, of=[THANKS_ASKED, THANKS_OWN_WORDS, THANKS_YES]):
        return plain_reply(turn, turn.words("win.decided"))
    audit.note(turn.tx, turn.person.key, "win.thanks-no", f"{win.initiative} {win.id}", turn.now)
    refused = replace(win, thanks=THANKS_NO)
    if win.state == WAITING:
        release(turn.tx, refused, turn.reader.playbooks, turn.now, "no")
    elif win.thanks == THANKS_YES and found.initiative is not None:
        telling.rewrite(turn.tx, refused, found.initiative, turn.reader.playbooks, turn.now)
    key = "win.thanks-no-late" if win.thanks == THANKS_YES else "win.thanks-no-done"
    return plain_reply(turn, turn.words(key))


def thanks_words(turn: Turn, found: Held) -> Reply:
    """Yes, with a sentence of their own, which the author sees before it goes out."""
    if no := _asked(turn, found):
        return no
    words, win, subject = turn.words, found.win, found.subject(turn)
    if win.state != WAITING or subject is None:
        return plain_reply(turn, words("win.words-late"))
    ask = Ask("text", words("win.thanks-words-ask"), longest=LONGEST, value=_proposed(turn, found))
    body = words("win.thanks-words-body", name=subject.author)
    form = form_for(turn, found, "thanks-words", words("win.thanks-words"), body, (ask,))
    sentence, reply = text_in(turn, form)
    if not sentence:
        return reply
    if not kept.answer_thanks(turn.tx, win.id, THANKS_OWN_WORDS, of=[THANKS_ASKED, THANKS_OWN_WORDS]):
        return plain_reply(turn, words("win.decided"))
    kept.say(turn.tx, win.id, replace(win.said, thanks=sentence))
    shown = replace(subject, thanked=telling.name_of(turn.tx, win.thanked))
    tell_person(turn, win, "words", win.author, lambda author: own_words_card(shown, author, sentence))
    return plain_reply(turn, words("win.thanks-words-done", name=subject.author))


def _proposed(turn: Turn, found: Held) -> str:
    """The sentence as it would stand there."""
    return found.win.said.thanks or turn.words("win.thanks", name=telling.name_of(turn.tx, found.win.thanked))


def accept(turn: Turn, found: Held) -> Reply:
    """The author takes the sentence of whoever is thanked; it goes out."""
    if not found.is_author(turn):
        return not_yours(turn)
    if not kept.answer_thanks(turn.tx, found.win.id, THANKS_YES, of=[THANKS_OWN_WORDS]):
        return plain_reply(turn, turn.words("win.decided"))
    if found.win.state != WAITING:
        return plain_reply(turn, turn.words("win.accepted-late"))
    return _now(turn, replace(found, win=replace(found.win, thanks=THANKS_YES)))


def without(turn: Turn, found: Held) -> Reply:
    """The author does not wait for whoever is thanked."""
    if not found.is_author(turn):
        return not_yours(turn)
    return _now(turn, found)


def _now(turn: Turn, found: Held) -> Reply:
    win, words = found.win, turn.words
    if win.state != WAITING:
        return plain_reply(turn, words("win.decided"))
    outcome = go_out(turn.tx, win, turn.reader.playbooks, turn.now)
    unit = unit_name(win.unit, turn.reader.playbooks.organisation, words)
    if outcome == "told":
        return Reply(cards=(told_card(win, words, words("win.told", unit=unit)),), personal=True)
    if outcome == "passed-on":
        return plain_reply(turn, words("win.passed-on", unit=unit))
    return plain_reply(turn, words("win.not-live"))
