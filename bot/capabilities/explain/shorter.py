"""An answer made shorter by a language model, where one is configured and nothing forbids it: when, and how it looks.

Pure: it asks nobody. Only a question, never anything that may be a concern, and only pages that every employee may
read ever leave the house.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.answers.text import language_of
from bot.capabilities.explain.response import Response
from bot.capabilities.explain.show import LABEL, lead, paragraphs, shorten
from bot.messages import Card, Choice
from bot.playbook.access import lineage
from bot.playbook.model import Passage
from bot.shortening import Brief, Shortened, brief
from bot.triage import Triage
from bot.turn import Reader

SURELY_A_QUESTION = 0.6
AS_GOOD = 0.9
OPEN_TO_ALL = ("", "public")


def forbidden(reader: Reader) -> bool:
    """Whether the policy forbids a language model, everywhere or in the reader's unit or one above it."""
    organisation = reader.playbooks.organisation
    units = lineage(reader.viewer.unit, organisation.units)
    off = {*organisation.policy.off, *(s for unit in units for s in organisation.policy.off_in.get(unit, ()))}
    return "language-model" in off


def brief_for(text: str, response: Response, reader: Reader, judged: Triage, names: Iterable[str]) -> Brief | None:
    """What to ask of the model for this answer; None where it stays as it is quoted.

    `judged` is what the message is: only what is surely a question leaves the house. `names` are the people's.
    """
    if response.kind != "answer" or not response.hits or response.personal or not response.keep:
        return None
    if judged.kind != "question" or judged.confidence < SURELY_A_QUESTION or forbidden(reader):
        return None
    best = response.hits[0]
    if not _may_leave(best.passage) or language_of(best.passage.locale) != reader.words.language:
        return None
    near = [h.passage for h in response.hits if h.score >= AS_GOOD * best.score]
    same = [p for p in near if p.initiative == best.passage.initiative and _may_leave(p) and reader.may_read(p)]
    return brief(text, same, names)


def shorter(response: Response, shortened: Shortened, reader: Reader) -> Response:
    """The response with the shorter text, marked as such, and the whole text behind a button. Unchanged if it saves
    nothing."""
    found = {hit.passage.id: hit.passage for hit in response.hits}
    if not found.keys() >= set(shortened.passages):
        return response
    sources = [found[id] for id in shortened.passages]
    body = " ".join(
        sentence.text if len(sources) == 1 else f"{sentence.text} ({found[sentence.passage].heading})"
        for sentence in shortened.sentences
    )
    if len(body) >= len(lead(response.hits[0].passage.body)[0]):
        return response
    words = reader.words
    mark = words("shorter.mark", headings=words.all_of([f'"{p.heading}"' for p in sources]))
    return replace(response, card=_marked(response.card, paragraphs(body, mark), sources, words("answer.more")))


def _marked(card: Card, body: str, sources: list[Passage], more: str) -> Card:
    whole = [
        Choice(more if len(sources) == 1 else shorten(f"{more}: {p.heading}", LABEL), f"more {p.id}") for p in sources
    ]
    others = [choice for choice in card.choices if choice.says not in {each.says for each in whole}]
    return replace(card, body=body, choices=(*whole, *others))


def _may_leave(passage: Passage) -> bool:
    return passage.kind != "fact" and passage.topic != "jobs" and passage.audience in OPEN_TO_ALL
