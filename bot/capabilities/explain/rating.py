"""Rating: whether an answer helped, by a button or a reaction. Counted for each passage, never who said it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.messages import Card, Choice
from bot.store import feedback
from bot.turn import Reply, Turn
from bot.which import question_owner

# Slack's and Teams' own names for reactions.
LIKED = ("+1", "thumbsup", "heart", "white_check_mark", "heavy_check_mark", "tada", "pray", "clap", "100", "like")
NOT_LIKED = ("-1", "thumbsdown", "x", "confused", "angry", "sad")


@dataclass(frozen=True, slots=True)
class Helpful:
    """`helpful <passage>` and `not-helpful <passage>`: counted for each passage, never who said it."""

    name: str

    def takes(self, rest: str, turn: Turn) -> bool:
        """With the id of a passage."""
        return turn.reader.passage(rest) is not None

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Counts it once for each person, and offers to ask somebody where it did not help."""
        words = turn.words
        passage = turn.reader.passage(rest.strip())
        if passage is None:
            return Reply(cards=(Card(body=words("answer.gone"), locale=words.language),))
        helped = self.name == "helpful"
        feedback.vote(
            turn.tx,
            passage=passage.id,
            hash=passage.hash,
            helpful=helped,
            person=turn.person.key,
        )
        if helped:
            return Reply(cards=(Card(body=words("feedback.helpful"), locale=words.language),))
        initiative = turn.reader.initiative(passage.initiative)
        owner = question_owner(turn.reader, initiative, [passage]) if initiative else ""
        ask = Choice(
            words("unknown.ask", name=turn.reader.names(owner).split(" ")[0]),
            f"ask-owner {passage.initiative}",
        )
        body = words("feedback.not-helpful", name=turn.reader.names(owner))
        choices = (ask,) if turn.person.member else ()
        return Reply(cards=(Card(body=body, choices=choices, locale=words.language),))


@dataclass(frozen=True, slots=True)
class Reaction:
    """`reaction +1`: a reaction on an answer counts like the button for it; one that says nothing is passed over."""

    name: str = "reaction"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Never by typing."""
        return False

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Counts it for the passage that was shown last, without a word where it helped."""
        name = rest.strip().partition("::")[0]
        passage = turn.reader.topic.passage
        if not passage or name not in (*LIKED, *NOT_LIKED):
            return Reply()
        reply = Helpful("helpful" if name in LIKED else "not-helpful").hear(turn, passage)
        return Reply() if name in LIKED else replace(reply, personal=True)
