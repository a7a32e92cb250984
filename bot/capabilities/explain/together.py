"""Several questions in one message: each answered by itself, shown together on one card.

Pure; how one question is answered is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.answers.rank import Hit
from bot.capabilities.explain.response import Response
from bot.capabilities.explain.show import paragraphs
from bot.messages import Card, escape
from bot.turn import Reader

TOGETHER = ("answer", "about", "did-you-mean", "unknown")
MOST_CHOICES = 4


def answered_together(questions: Sequence[str], reader: Reader, answer: Callable[[str], Response]) -> Response | None:
    """The answers to all of them on one card; None where the message is better answered as one.

    That is so where a part is no question for the playbook, where none is answered, or where all have one answer.
    """
    responses = [answer(question) for question in questions]
    if any(response.kind not in TOGETHER for response in responses):
        return None
    answered = [response for response in responses if response.kind == "answer"]
    if not answered or len({_place(response) for response in responses}) == 1:
        return None
    first = answered[0]
    open_ones = [(q, r) for q, r in zip(questions, responses, strict=True) if r.kind != "answer"]
    hits: dict[str, Hit] = {}
    for hit in (hit for response in (first, *responses) for hit in response.hits):
        hits.setdefault(hit.passage.id, hit)
    return replace(
        first,
        card=_card(list(zip(questions, responses, strict=True)), first, reader),
        hits=tuple(hits.values()) if first.hits else (),
        personal=any(response.personal for response in responses),
        unanswered=tuple(question for question, response in open_ones if response.keep),
    )


def _place(response: Response) -> tuple[str, str]:
    """What a response rests on: its first passage, else its card."""
    if response.hits:
        return response.initiative, response.hits[0].passage.id
    return response.initiative, response.card.body


def _card(pairs: Sequence[tuple[str, Response]], first: Response, reader: Reader) -> Card:
    body = paragraphs(*(f"**{escape(question)}**\n\n{_said(response, reader)}" for question, response in pairs))
    given = [response.card for _, response in pairs if response.kind in ("answer", "about")]
    asking = [c for _, r in pairs if r.kind != "answer" for c in r.card.choices if c.says.startswith("ask-owner")]
    choices = (*asking, *(choice for card in given for choice in card.choices if choice.says.startswith("more ")))
    return replace(
        first.card,
        title="",
        body=body,
        facts=tuple(fact for card in given for fact in card.facts),
        source=" · ".join(dict.fromkeys(card.source for card in given if card.source)),
        choices=tuple({choice.says: choice for choice in choices}.values())[:MOST_CHOICES],
    )


def _said(response: Response, reader: Reader) -> str:
    if response.kind in ("answer", "about"):
        return response.card.body
    return reader.words("unknown.lead-any")
