"""What people behind a case in confidence read. Pure."""

from __future__ import annotations

from bot.cases.mails import WORD
from bot.messages import Card, Choice, quoted
from bot.store.cases import Case
from bot.words import Words


def passed_on(case: Case, words: Words) -> Card:
    """The first mail of a case: its number, what it says, and what its author can do."""
    kind = "request" if case.kind == "request" else "concern"
    steps = ("show", "add", "correct", "withdraw")
    return Card(
        title=words(f"confidence.{kind}-title", number=case.number),
        body=f"{words('confidence.passed-on')}\n\n{quoted(case.text)}",
        choices=tuple(Choice(words(f"confidence.{step}"), f"{WORD} {step} {case.number}") for step in steps),
        locale=words.language,
    )
