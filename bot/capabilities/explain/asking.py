"""Asking: a standing question, what was missed, or anything in one's own words, and the reply to it.

It decides no answer; what could not be answered is handed to the store as a gap, without who asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.answers.text import key
from bot.capabilities.explain.answering import respond, standing_answer
from bot.capabilities.explain.missing import missed_since
from bot.capabilities.explain.response import Response
from bot.capabilities.explain.said_as import judged, said_as
from bot.capabilities.explain.shorter import brief_for, shorter
from bot.cues import begins, is_one_of
from bot.following.day_named import past_day
from bot.messages import Card
from bot.store import gaps, people
from bot.triage import triage
from bot.turn import Reply, Topic, Turn
from bot.which import ask_which, initiative_for, named

LONGEST_GAP = 500


@dataclass(frozen=True, slots=True)
class Standing:
    """One standing question about an initiative, such as `when`."""

    name: str

    def takes(self, rest: str, turn: Turn) -> bool:
        """Only with nothing behind it, or with the name of an initiative or a unit."""
        return not named(rest, turn.reader).left

    def hear(self, turn: Turn, rest: str) -> Reply:
        """The answer from the facts of the initiative."""
        return _reply(turn, standing_answer(self.name, rest, turn.reader))


@dataclass(frozen=True, slots=True)
class Missed:
    """`missed`: what happened lately; `missed since 3 November`: from that day on."""

    name: str = "missed"

    def takes(self, rest: str, turn: Turn) -> bool:
        """With nothing behind it, the name of an initiative, or a day in the past."""
        left = named(rest, turn.reader).left
        return not left or is_one_of(left, "cue.in") or begins(left, "cue.since") is not None

    def hear(self, turn: Turn, rest: str) -> Reply:
        """What this person missed, from the facts of the initiative and what was said since."""
        reader = turn.reader
        day = past_day(rest, reader.today)
        if day is None or reader.viewer.outsider:
            meant = named(rest, reader)
            return _reply(turn, standing_answer(self.name, " ".join((meant.initiative, meant.unit)).strip(), reader))
        initiative = initiative_for(reader, named(rest, reader).initiative)
        if initiative is None:
            return Reply(cards=(ask_which(reader, f"missed {{id}} {day}"),))
        card = missed_since(reader, initiative, day)
        return Reply(cards=(card,), personal=True, topic=Topic(initiative=initiative.id, word=self.name))


@dataclass(frozen=True, slots=True)
class Ask:
    """Any question in one's own words: whatever no other capability takes."""

    name: str = "ask"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Never by a command word: it gets what is left."""
        return False

    def hear(self, turn: Turn, rest: str) -> Reply:
        """The cited answer, or an honest don't-know with an offer to pass the question on; a worry is met as one."""
        return _answered(turn, rest, respond(rest, turn.reader))


@dataclass(frozen=True, slots=True)
class About:
    """`about crm-renewal: …`: a question about one initiative, as the choices of an answer say it."""

    name: str = "about"

    def takes(self, rest: str, turn: Turn) -> bool:
        """With an initiative that the person may know of and a colon."""
        id, colon, _ = rest.partition(":")
        return bool(colon) and turn.reader.initiative(id.strip()) is not None

    def hear(self, turn: Turn, rest: str) -> Reply:
        """The answer out of that initiative alone."""
        id, _, text = rest.partition(":")
        initiative = turn.reader.initiative(id.strip())
        if initiative is None:
            return Reply(cards=(Card(body=turn.words("which.none"), locale=turn.words.language),))
        reader = replace(turn.reader, only=initiative.id, topic=Topic(initiative=initiative.id))
        return _answered(replace(turn, reader=reader), text.strip(), respond(text.strip() or "why", reader))


def _reply(turn: Turn, response: Response, text: str = "") -> Reply:
    open_ones = response.unanswered
    if text and response.keep and response.kind in ("unknown", "did-you-mean", "about"):
        open_ones = (text,)
    closest = response.hits[0].passage.id if response.hits and not response.unanswered else ""
    for question in open_ones:
        gaps.record_gap(
            turn.tx,
            initiative=response.initiative,
            locale=turn.words.locale,
            text=question[:LONGEST_GAP],
            words=key(question),
            passage=closest,
            person=turn.person.key,
            today=turn.reader.today,
        )
    return Reply(cards=(response.card,), personal=response.personal, topic=response.topic)


def _answered(turn: Turn, text: str, response: Response) -> Reply:
    """The reply to something that was said freely, once it is clear whether it is a worry, a wish or praise."""
    verdict = judged(text, response)
    reply = said_as(turn, text, response, verdict) if verdict else None
    return reply or _reply(turn, _shorter(turn, text, response), text)


def _shorter(turn: Turn, text: str, response: Response) -> Response:
    """The response as a language model made it shorter, where there is one."""
    if turn.shorten is None or response.kind != "answer":
        return response
    names = (person.name for person in people.directory(turn.tx))
    wanted = brief_for(text, response, turn.reader, triage(text), names)
    made = turn.shorten(wanted) if wanted else None
    return shorter(response, made, turn.reader) if made else response
