"""`close-mailbox 14` and `hide-words 14`: against the abuse of confidence, without anybody being found out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.cases import cards, telling
from bot.cases.accountable import may_answer
from bot.cases.standing import HIDDEN
from bot.cases.words import plainly
from bot.messages import Card, Choice
from bot.store import audit, case_history, cases, mailbox
from bot.store.cases import Case
from bot.turn import Reply, Turn
from bot.words import Words

_NUMBER = re.compile(r"^#?(\d{1,9})( sure)?$")


def _asked(turn: Turn, rest: str) -> tuple[Case | None, bool]:
    """The case in confidence that the person answers for, and whether they are sure."""
    found = _NUMBER.match(rest.strip())
    case = cases.case_by_number(turn.tx, int(found[1])) if found else None
    if case is None or not (case.confidential and turn.person.member):
        return None, False
    if not may_answer(turn.tx, turn.reader.playbooks, case, turn.person.email):
        return None, False
    return case, bool(found and found[2])


def _no(turn: Turn) -> Reply:
    return Reply(cards=(Card(body=turn.words("case.not-yours"), locale=turn.words.language),), personal=True)


def _sure(turn: Turn, case: Case, name: str, texts: str) -> Reply:
    words = turn.words
    press = Choice(words(f"confidence.{texts}-button"), f"{name} {case.number} sure", style="danger")
    body = words(f"confidence.{texts}-ask", number=case.number)
    return Reply(cards=(Card(body=body, choices=(press,), locale=words.language),), personal=True)


def _done(turn: Turn, case: Case, texts: str) -> Reply:
    card = Card(body=turn.words(f"confidence.{texts}-done", number=case.number), locale=turn.words.language)
    return Reply(cards=(card,), personal=True, instead=card)


@dataclass(frozen=True, slots=True)
class CloseMailbox:
    """The author can write no more to this case and is told so; what was raised stays."""

    name: str = "close-mailbox"

    def takes(self, rest: str, turn: Turn) -> bool:
        """With a number."""
        return _NUMBER.match(rest.strip()) is not None

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Asks whether they are sure, then closes it once."""
        case, sure = _asked(turn, rest)
        if case is None:
            return _no(turn)
        if not sure:
            return _sure(turn, case, self.name, "close")
        if mailbox.close(turn.tx, case.id):
            audit.note(turn.tx, turn.person.key, "mailbox.closed", f"case {case.number}", turn.now)
            telling.to_author(turn.tx, turn.reader.playbooks, case, lambda words: _told(words, case), turn.now)
        return _done(turn, case, "close")


def _told(words: Words, case: Case) -> Card:
    return Card(body=words("confidence.closed", case=plainly(case, words)), locale=words.language)


@dataclass(frozen=True, slots=True)
class HideWords:
    """Harassing words of a case in confidence go from every view and from the database."""

    name: str = "hide-words"

    def takes(self, rest: str, turn: Turn) -> bool:
        """With a number."""
        return _NUMBER.match(rest.strip()) is not None

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Asks whether they are sure, then takes the words out."""
        case, sure = _asked(turn, rest)
        if case is None:
            return _no(turn)
        if not sure:
            return _sure(turn, case, self.name, "hide")
        mailbox.hide_words(turn.tx, case.id, turn.words("confidence.hidden"))
        case_history.step(turn.tx, case.id, HIDDEN, actor=turn.person.key, now=turn.now, of=case_history.STATES)
        hidden = cases.case(turn.tx, case.id)
        if hidden is not None:
            cards.refresh(turn.tx, turn.reader.playbooks, hidden, turn.now)
        audit.note(turn.tx, turn.person.key, "case.words-hidden", f"case {case.number}", turn.now)
        return _done(turn, case, "hide")
