"""Asking the people who answer, or telling them what worries one: in a form, or with the text at once."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue import problems, refilled
from bot.messages import Ask, Card, Option
from bot.playbook.model import Initiative
from bot.raising import pass_on
from bot.turn import Reply, Turn
from bot.which import ask_which, initiative_for, question_owner

LONGEST = 1500
NAMED = ("named", "unnamed")


@dataclass(frozen=True, slots=True)
class AskOwner:
    """`ask-owner <initiative> named: <text>` passes a question on; without a text it is asked for in a form.

    Text without `named:` or `unnamed:` before it fills the form in.
    """

    name: str = "ask-owner"

    def takes(self, rest: str, turn: Turn) -> bool:
        """With the id of an initiative that the person may know of, or alone."""
        id = rest.split(" ", maxsplit=1)[0] if rest else ""
        return not id or turn.reader.initiative(id) is not None

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Opens the case and tells the owner; the same text pressed twice is one case."""
        words = turn.words
        id, _, tail = rest.partition(" ")
        if not turn.person.member:
            return Reply(cards=(Card(body=words("guest.only-public"), locale=words.language),))
        named_one = turn.reader.initiative(id) if id else None
        initiative = named_one or initiative_for(turn.reader)
        if initiative is None:
            return Reply(cards=(ask_which(turn.reader, f"{self.name} {{id}} {rest}".strip()),))
        tail = tail if named_one else rest
        how, colon, text = tail.partition(":")
        named = how.strip() != "unnamed"
        complete = bool(colon and how.strip() in NAMED and text.strip())
        form = self._form(turn, initiative, "" if how.strip() in NAMED else tail)
        if turn.said.answers:
            wrong = problems(form.asks, turn.said.answers, words)
            if wrong:
                return Reply(cards=(refilled(form, turn.said.answers),), problems=wrong)
            text, named = str(turn.said.answers["text"]), turn.said.answers.get("name") != "unnamed"
        elif not complete:
            return Reply(cards=(form,))
        return pass_on(turn, initiative, "question", text.strip()[:LONGEST], named)

    def _form(self, turn: Turn, initiative: Initiative, begun: str) -> Card:
        words = turn.words
        options = (Option("named", words("ask.with-name")), Option("unnamed", words("ask.without-name")))
        owner = turn.reader.names(question_owner(turn.reader, initiative, ()))
        return Card(
            title=words("ask.form-title"),
            body=words("ask.form-body", name=initiative.text(words.locale).name, owner=owner),
            asks=(
                Ask("text", words("ask.form-text"), longest=LONGEST, value=begun.strip()[:LONGEST]),
                Ask("name", words("ask.form-name"), kind="choice", options=options),
            ),
            submits=f"{self.name} {initiative.id}",
            submit_label=words("ask.send"),
            locale=words.language,
            confidential=True,
        )
