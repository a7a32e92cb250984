"""Which questions somebody has asked, and which wait for their answer."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages import Card, Choice, escape
from bot.raising import promised_on
from bot.store import cases
from bot.store.cases import OPEN, Case
from bot.turn import Reply, Turn

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Questions:
    """`questions`: what I asked and what became of it; what waits for me."""

    name: str = "questions"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Only alone."""
        return not rest

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Both lists, told to the person directly."""
        waiting = waiting_card(turn)
        return Reply(cards=(_asked(turn), *((waiting,) if waiting else ())), personal=True)


def home(turn: Turn) -> tuple[Card, ...]:
    """For a person's own page: what waits for their answer, and what they asked."""
    waiting = waiting_card(turn)
    return (*((waiting,) if waiting else ()), _asked(turn)) if turn.person.member else ()


def _asked(turn: Turn) -> Card:
    words = turn.words
    asked = cases.cases_asked_by(turn.tx, turn.person.key)
    rows = "\n".join(f"- {_line(turn, case)}" for case in asked[:SHOWN])
    return Card(title=words("questions.title"), body=rows or words("questions.none"), locale=words.language)


def waiting_card(turn: Turn) -> Card | None:
    """What is open and waits for this person's word; None if nothing does."""
    words = turn.words
    if not (turn.person.email and turn.person.member):
        return None
    waiting = cases.answering(turn.tx, turn.person.email)
    if not waiting:
        return None
    shown = waiting[:SHOWN]
    rows = "\n".join(f"- {_line(turn, case)}" for case in shown)
    buttons = tuple(_button(turn, case) for case in shown)
    questions = all(case.kind == "question" for case in waiting)
    lead = words.count("questions.waiting" if questions else "case.waiting", len(waiting))
    return Card(body=f"{lead}\n\n{rows}", choices=buttons, locale=words.language)


def _button(turn: Turn, case: Case) -> Choice:
    """A question is answered at once; everything else has more to it than an answer."""
    if case.kind == "question":
        return Choice(turn.words("questions.answer", number=case.number), f"answer {case.number}")
    return Choice(turn.words("case.show-number", number=case.number), f"case {case.number}")


def _line(turn: Turn, case: Case) -> str:
    words = turn.words
    due = words.weekday(promised_on(case, words.zone))
    state = words(f"questions.state-{'open' if case.state in OPEN else case.state}", date=due)
    text = " ".join(case.text.split())
    return f"{words('questions.number', number=case.number)} {escape(text[:200])} ({state})"
