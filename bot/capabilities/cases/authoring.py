"""The author's side under their name: answering what was asked, adding, putting it in other words, taking it back; and
leaving what one has joined."""

from __future__ import annotations

from bot.capabilities.cases.there import Held, done, handed_in, not_yours, said, step_of, text_of, too_late
from bot.cases import life
from bot.cases.told import is_open
from bot.cases.words import BETWEEN_THEM
from bot.messages import Ask, Card, Choice, quoted
from bot.store import case_history, cases
from bot.turn import Reply, Turn

LONGEST = 1500


def reply(turn: Turn, held: Held) -> Reply:
    """The answer to what was asked."""
    return _passed_on(turn, held, "reply")


def add(turn: Turn, held: Held) -> Reply:
    """Something more about it."""
    return _passed_on(turn, held, "add")


def _passed_on(turn: Turn, held: Held, verb: str) -> Reply:
    if not held.author:
        return not_yours(turn)
    case, words = held.case, turn.words
    if case.merged_into or case.state in ("resolved", "withdrawn"):
        return too_late(turn, case)
    text = held.rest if not turn.said.answers and len(held.rest) <= LONGEST else ""
    if not text:
        form = Card(
            title=words(f"case.{verb}-title", number=case.number),
            body=quoted(_asked(turn, held) or case.text),
            asks=(Ask("text", words(f"case.{verb}-text"), longest=LONGEST, value=held.rest[:LONGEST]),),
            submits=f"case {verb} {case.number}",
            submit_label=words("ask.send"),
            locale=words.language,
        )
        given, shown = handed_in(turn, form)
        if given is None:
            return shown
        text = text_of(given, "text")
    return done(turn, held, life.replied(step_of(turn), case, text), "case.passed-on")


def _asked(turn: Turn, held: Held) -> str:
    """What was asked or offered last, while it waits for an answer."""
    if not held.case.paused_since:
        return ""
    between = [one for one in case_history.history(turn.tx, held.case.id) if one.what in (*BETWEEN_THEM, "offered")]
    return (
        (between[-1].text.partition("\n\n")[0] if between[-1].what == "offered" else between[-1].text)
        if between
        else ""
    )


def correct(turn: Turn, held: Held) -> Reply:
    """It is put in other words; whoever has seen it hears of that."""
    if not held.author:
        return not_yours(turn)
    case, words = held.case, turn.words
    if not is_open(case):
        return too_late(turn, case)
    form = Card(
        title=words("case.correct-title", number=case.number),
        body=words("case.correct-body" if case.state == "new" else "case.correct-seen"),
        asks=(Ask("text", words("case.correct-text"), longest=LONGEST, value=case.text[:LONGEST]),),
        submits=f"case correct {case.number}",
        submit_label=words("ask.send"),
        locale=words.language,
    )
    given, shown = handed_in(turn, form)
    if given is None:
        return shown
    return done(turn, held, life.corrected(step_of(turn), case, text_of(given, "text")), "case.corrected")


def withdraw(turn: Turn, held: Held) -> Reply:
    """Asks once, then takes it back."""
    if not held.author:
        return not_yours(turn)
    case, words = held.case, turn.words
    if case.state in ("resolved", "withdrawn") or case.merged_into:
        return too_late(turn, case)
    if held.rest != "yes":
        sure = Choice(words("case.withdraw-yes"), f"case withdraw {case.number} yes", style="danger")
        return said(turn, "case.withdraw-sure", sure, number=case.number)
    posts = life.withdrawn(step_of(turn), case)
    after = cases.case(turn.tx, case.id)
    if posts is None or (after and after.state == "withdrawn"):
        return done(turn, held, posts, "case.withdrawn")
    left = said(turn, "case.left", number=case.number)
    return Reply(cards=left.cards, personal=True, posts=posts)


def leave(turn: Turn, held: Held) -> Reply:
    """Who joined under their name does not stand behind it any more."""
    if not held.joined:
        return not_yours(turn)
    if life.parted(step_of(turn), held.case) is None:
        return too_late(turn, held.case)
    return said(turn, "case.parted", number=held.case.number)
