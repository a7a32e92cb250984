"""Replying to a card where the bot does not hear what is said beside it: a form whose text is taken as typed there."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue import problems, refilled
from bot.messages import Ask, Card
from bot.turn import Reply, Turn

LONGEST = 3000


@dataclass(frozen=True, slots=True)
class Replying:
    """`reply`: asks for a text and answers it like anything that is said."""

    name: str = "reply"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Never by typing: what one types is heard anyway."""
        return False

    def hear(self, turn: Turn, rest: str) -> Reply:
        """The form, or what its text is answered with."""
        words, given = turn.words, turn.said.answers
        form = Card(
            title=words("reply.title"),
            body=words("reply.body"),
            asks=(Ask("text", words("reply.text"), longest=LONGEST),),
            submits="reply",
            submit_label=words("reply.send"),
            locale=words.language,
        )
        if not given:
            return Reply(cards=(form,))
        wrong = problems(form.asks, given, words)
        if wrong:
            return Reply(cards=(refilled(form, given),), problems=wrong)
        return Reply(ask=str(given["text"]))
