"""`in-confidence reply 14`: what an author in confidence says to their case, in forms heard without a trace."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot import confidence
from bot.cases.mails import STEPS, WORD, in_confidence
from bot.cases.standing import may_come_back
from bot.cases.told import author_view, joiner_view
from bot.cases.words import begun, last_word, plainly, yours
from bot.dialogue import handed_back, problems
from bot.messages import Answers, Ask, Card, Choice
from bot.store import mailbox
from bot.store.cases import Case
from bot.turn import Reply, Turn

LONGEST = 3000
_NAMES = "|".join(sorted(STEPS, key=len, reverse=True))
_STEP = re.compile(rf"^({_NAMES})?\s*#?(\d{{1,9}})$")
_NEEDS_TEXT = ("reply", "add", "correct", "not-settled")
_OF_JOINERS = ("show", "not-settled")
_REASON = ("withdraw", "settled", "accept")
_ASKS = {"correct": "corrected", "not-settled": "missing", **dict.fromkeys(_REASON, "reason")}


@dataclass(frozen=True, slots=True)
class InConfidence:
    """Alone it lists what the person raised or joined; with a step and a number it shows a case or opens a form. Only
    the form that is handed in writes something, and it is heard without a trace.
    """

    name: str = WORD

    def takes(self, rest: str, turn: Turn) -> bool:
        """Alone, or with a number."""
        return not rest or _STEP.match(rest) is not None

    def secret(self, rest: str, answers: Answers) -> bool:
        """Always."""
        return True

    def hear(self, turn: Turn, rest: str) -> Reply:
        """The list, a case, a form, or that what was handed in waits for the next slot."""
        found = _STEP.match(rest.strip())
        if found is None:
            return _personal(_listed(turn))
        step, number = found[1] or "show", int(found[2])
        mine, joined = _known(turn)
        case = mine.get(number) or joined.get(number)
        if case is None or (number not in mine and step not in _OF_JOINERS):
            return _said(turn, "confidence.not-yours")
        if step == "show":
            view = author_view if number in mine else joiner_view
            shown = view(turn.tx, turn.reader.playbooks, case, turn.words)
            return _personal(in_confidence(shown, case, mailbox.is_closed(turn.tx, case.id)))
        if mailbox.is_closed(turn.tx, case.id):
            return _said(turn, "confidence.closed", case=plainly(case, turn.words))
        if step == "not-settled" and not may_come_back(case):
            return _said(turn, f"case.last-word{last_word(case)}", number=number)
        return _step(turn, case, step)


def _known(turn: Turn) -> tuple[dict[int, Case], dict[int, Case]]:
    tx, key = turn.tx, turn.person.key
    mine = {case.number: case for case in confidence.mine(tx, key)}
    return mine, {case.number: case for case in confidence.joined_by(tx, key)}


def _listed(turn: Turn) -> Card:
    words, (mine, joined) = turn.words, _known(turn)
    lines = [f"- {begun(yours(case, words))}" for case in mine.values()]
    others = [case for number, case in joined.items() if number not in mine]
    lines += [f"- {begun(words('case.joined-which', case=plainly(case, words)))}" for case in others]
    choices = tuple(Choice(f"{words('confidence.show')}: {n}", f"{WORD} show {n}") for n in sorted({*mine, *joined}))
    body = "\n".join(lines) or words("confidence.none")
    return Card(title=words("confidence.mine-title"), body=body, choices=choices, locale=words.language)


def _step(turn: Turn, case: Case, step: str) -> Reply:
    form = _form(turn, case, step)
    if turn.said.how != "form":
        return _personal(form)
    wrong = problems(form.asks, turn.said.answers, turn.words)
    if wrong:
        return handed_back(form, turn.said.answers, wrong)
    text = str(turn.said.answers.get("text", "")).strip()[:LONGEST]
    waits = confidence.say(turn.tx, turn.reader.playbooks, case, turn.person.key, step, text, turn.now)
    return _said(turn, "confidence.received" if waits else "confidence.too-many")


def _form(turn: Turn, case: Case, step: str) -> Card:
    words = turn.words
    ask = Ask(
        "text",
        words(f"confidence.form-{_ASKS.get(step, 'text')}"),
        optional=step not in _NEEDS_TEXT,
        longest=LONGEST,
        value=case.text if step == "correct" else "",
    )
    return Card(
        title=words(f"confidence.{step}"),
        body=f"{plainly(case, words)}\n\n{who_can_see(turn)}",
        asks=(ask,),
        submits=f"{WORD} {step} {case.number}",
        submit_label=words("confidence.send"),
        locale=words.language,
        confidential=True,
    )


def who_can_see(turn: Turn) -> str:
    """The one sentence on who could find out, which stands above every form in confidence."""
    return turn.words("confidence.who-can-see", platform=turn.said.place.platform.title())


def _personal(card: Card) -> Reply:
    return Reply(cards=(card,), personal=True)


def _said(turn: Turn, key: str, **fields: object) -> Reply:
    return _personal(Card(body=turn.words(key, **fields), locale=turn.words.language))
