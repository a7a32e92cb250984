"""Whether something that was said freely is a worry, a wish or praise rather than a question, and how it is met then.

What is written comes first: a question keeps its cited answer. Nothing that people wrote is kept here.
"""

from __future__ import annotations

from dataclasses import replace

from bot.capabilities.explain.response import Response
from bot.capabilities.explain.topics import TOPICS
from bot.cues import begins, plain
from bot.messages import Card, Choice
from bot.playbook.model import Initiative
from bot.pushback import met, which_is_meant, worry_in
from bot.pushback.sign import UNANSWERED
from bot.triage import Triage, triage
from bot.turn import Reader, Reply, Turn
from bot.which import initiative_for, named

ASKED_FOR = (*TOPICS, "kit")
"""Commands that take a name behind them; a name that is not known leaves a question, never a worry."""
LONGEST_NAME = 2
NOT_ANSWERED = ("about", "did-you-mean", "unknown", "which")
LONGEST_PASSED_ON = 1500


def judged(text: str, response: Response) -> Triage | None:
    """What the message is, where that can change how it is answered: small talk, matters for a person and standing
    questions are what they are. Takes milliseconds."""
    return triage(text) if said_freely(text, response) else None


def said_freely(text: str, response: Response) -> bool:
    """Whether it can be a worry at all: it was put in one's own words, and the response is no standing one."""
    own_words = response.kind in NOT_ANSWERED or (response.kind == "answer" and bool(response.hits))
    return own_words and not _is_asked_for(plain(text))


def _is_asked_for(short: str) -> bool:
    """Whether it is a command with a name behind it, in words."""
    behind = (begins(short, f"word.{name}") for name in ASKED_FOR)
    return any(rest is not None and len(rest.split()) <= LONGEST_NAME for rest in behind)


def said_as(turn: Turn, text: str, response: Response, verdict: Triage) -> Reply | None:
    """The reply to a worry, a wish or praise; None where the response stands as it is."""
    if not turn.person.member or turn.reader.viewer.outsider:
        return None
    answered = response.kind == "answer"
    worry = worry_in(verdict, answered, text)
    if worry is not None:
        initiative = is_meant(turn.reader, text, response)
        if initiative is None:
            return which_is_meant(turn, text, worry)
        return met(turn, initiative, text, worry, response.card if answered else None)
    if answered or verdict.confidence < UNANSWERED:
        return None
    return _wish(turn, text, response) if verdict.kind == "request" else _praise(turn, text, response, verdict)


def _wish(turn: Turn, text: str, response: Response) -> Reply | None:
    """The response with the offer to take it to those who decide on wishes."""
    initiative = is_meant(turn.reader, text, response)
    if initiative is None or response.kind == "which":
        return None
    carried = " ".join(text.split())[:LONGEST_PASSED_ON]
    offer = Choice(turn.words("concern.wish"), f"request {initiative.id} {carried}", style="primary")
    card = replace(response.card, choices=(offer, *response.card.choices))
    return Reply(cards=(card,), personal=response.personal, topic=response.topic)


def _praise(turn: Turn, text: str, response: Response, verdict: Triage) -> Reply | None:
    """A word of joy, and the offer to tell others what has become better."""
    if verdict.kind != "praise":
        return None
    words, initiative = turn.words, is_meant(turn.reader, text, response)
    if initiative is None:
        return Reply(cards=(Card(body=words("concern.praise"), locale=words.language),))
    tell = Choice(words("concern.praise-tell"), f"win {initiative.id}")
    body = f"{words('concern.praise')} {words('concern.praise-more')}"
    return Reply(cards=(Card(body=body, choices=(tell,), locale=words.language),))


def is_meant(reader: Reader, text: str, response: Response) -> Initiative | None:
    """The initiative that is meant: named, talked about, the only one of the unit, or the one that answers."""
    meant = initiative_for(reader, named(text, reader).initiative or reader.only)
    if meant is None and response.kind in ("answer", "about"):
        meant = reader.initiative(response.initiative)
    return meant
