"""When the playbook does not answer: an honest don't-know, the closest topics, and the offer to ask somebody.

Pure; asking somebody is another capability, which the buttons call by what they say.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.answers.rank import Found
from bot.capabilities.explain.response import Kind, Response
from bot.capabilities.explain.show import LABEL, paragraphs, passage_card, short_name, shorten
from bot.messages import Card, Choice
from bot.playbook.model import Initiative, Passage
from bot.turn import Reader, Topic
from bot.which import ask_which, initiative_for, near, question_owner

LONGEST_PASSED_ON = 1500
MOST_TOPICS = 3


def not_answered(text: str, reader: Reader, found: Found, named_here: str) -> Response:
    """Says honestly that it is not written, shows at most the closest topics, and offers to ask whoever answers."""
    words = reader.words
    certain = reader.initiative(named_here) if named_here else initiative_for(reader, reader.only)
    initiative = certain or (reader.initiative(found.hits[0].passage.initiative) if near(found) else None)
    if initiative is None:
        return _ask_about_which(text, reader, found)
    topics = topics_near(found, reader)
    kind: Kind = "did-you-mean" if found.outcome == "did-you-mean" and topics else "unknown"
    if kind == "did-you-mean":
        lead = words("unknown.did-you-mean")
    elif certain:
        lead = words("unknown.lead", name=short_name(initiative.text(words.locale)))
    else:
        lead = words("unknown.lead-any")
    owner = question_owner(reader, initiative, near(found))
    offer = "" if reader.viewer.outsider else words("unknown.offer", name=reader.names(owner))
    written = words("unknown.closest") if topics and kind == "unknown" else ""
    choices = (*topics, *_hand_over(reader, initiative, owner, text))
    card = Card(body=paragraphs(lead, written, offer), choices=choices, locale=words.language)
    return Response(kind, card, Topic(initiative=initiative.id) if certain else None, found.hits, initiative.id)


def about(text: str, reader: Reader, initiative: Initiative, found: Found) -> Response:
    """What is written about the topic, said to be no answer, and the offer to ask whoever knows more."""
    words, passage = reader.words, found.hits[0].passage
    owner = question_owner(reader, initiative, near(found))
    offer = "" if reader.viewer.outsider else words("unknown.offer", name=reader.names(owner))
    quoted = passage_card(reader, initiative, passage)
    whole = tuple(choice for choice in quoted.choices if choice.says.startswith("more "))
    card = replace(
        quoted,
        body=paragraphs(words("unknown.about"), quoted.body, offer),
        choices=(*whole, *_hand_over(reader, initiative, owner, text)),
    )
    return Response("about", card, Topic(initiative=initiative.id, passage=passage.id), found.hits, initiative.id)


def _ask_about_which(text: str, reader: Reader, found: Found) -> Response:
    """Nothing comes near and several initiatives could be meant: says so, and asks whose people to ask."""
    which = ask_which(reader, "about {id}: " + text[:LONGEST_PASSED_ON])
    if not which.choices:
        return Response("which", which, hits=found.hits, keep=False)
    card = replace(which, body=paragraphs(reader.words("unknown.lead-any"), reader.words("unknown.whose")))
    # Whoever does not choose has asked all the same: it counts where something comes nearest, however far.
    closest = found.hits[0].passage.initiative if found.hits else ""
    return Response("unknown", card, hits=found.hits, initiative=closest)


def topics_near(found: Found, reader: Reader) -> tuple[Choice, ...]:
    """The closest passages as choices, told apart by unit or initiative where their headings alone do not."""
    pages = near(found)[:MOST_TOPICS]
    several = len({p.initiative for p in pages}) > 1
    return tuple(Choice(_topic_label(p, several, reader), f"show {p.id}") for p in pages)


def _topic_label(passage: Passage, several: bool, reader: Reader) -> str:
    initiative = reader.initiative(passage.initiative)
    if several and initiative is not None:
        name = short_name(initiative.text(reader.words.locale))
    elif len(passage.units) == 1:
        name = reader.unit_name(passage.units[0])
    else:
        return shorten(passage.heading, LABEL)
    name = shorten(name, LABEL // 3)
    return f"{shorten(passage.heading, LABEL - len(name) - 3)} ({name})"


def _hand_over(reader: Reader, initiative: Initiative, owner: str, text: str) -> tuple[Choice, ...]:
    if reader.viewer.outsider:
        return ()
    words = reader.words
    asked = re.sub(r"\s+", " ", text).strip()[:LONGEST_PASSED_ON]
    return (
        Choice(
            words("unknown.ask", name=reader.names(owner).split()[0]),
            f"ask-owner {initiative.id} named: {asked}",
        ),
        Choice(words("unknown.ask-unnamed"), f"ask-owner {initiative.id} unnamed: {asked}"),
        Choice(words("unknown.no-thanks"), "no-thanks"),
    )
