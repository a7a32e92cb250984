"""What is said to a question, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.answers.rank import Hit
from bot.messages import Card
from bot.turn import Topic

Kind = Literal["answer", "about", "did-you-mean", "unknown", "which", "redirect", "small-talk"]


@dataclass(frozen=True, slots=True)
class Response:
    """What is said to a question.

    `about` is what is written about the topic where the fact asked for is not. `unanswered` are the questions of the
    message that are not answered although another is. `keep` is False where its text must not be kept, not even as a
    gap.
    """

    kind: Kind
    card: Card
    topic: Topic | None = None
    hits: tuple[Hit, ...] = ()
    initiative: str = ""
    personal: bool = False
    keep: bool = True
    unanswered: tuple[str, ...] = ()
