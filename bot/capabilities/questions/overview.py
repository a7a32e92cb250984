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
    """The open questions that wait for this person's answer; None if there are none."""
    words = turn.words
    if not (turn.person.email and turn.person.member):
        return None
    waiting = cases.cases_of(turn.tx, turn.person.email)
    if not waiting:
        return None
    shown = waiting[:SHOWN]
    rows = "\n".join(f"- {_line(turn, case)}" for case in shown)
    buttons = tuple(Choice(words("questions.answer", number=c.number), f"answer {c.number}") for c in shown)
    lead = words.count("questions.waiting", len(waiting))
    return Card(body=f"{lead}\n\n{rows}", choices=buttons, locale=words.language)


def _line(turn: Turn, case: Case) -> str:
    words = turn.words
    due = words.weekday(promised_on(case, words.zone))
    state = words(f"questions.state-{'open' if case.state in OPEN else case.state}", date=due)
    text = " ".join(case.text.split())
    return f"{words('questions.number', number=case.number)} {escape(text[:200])} ({state})"
