"""Tact: greetings, thanks, insults and noise; faults for the service desk; matters that belong to a person, not a bot.

Pure. The phrases are in the catalogues (`cue.*`). What is recognised here is not kept anywhere.
"""

from __future__ import annotations

import re
import unicodedata

from bot.answers.rank import Found
from bot.cues import holds, is_one_of
from bot.messages import Card, Choice
from bot.playbook.model import Initiative
from bot.turn import Reader
from bot.words import Words

MATTERS = ("harassment", "health", "legal")
SURE = 0.9
SHORT_WORDS = 6
CODE = re.compile(
    r"```|^\s*(?:def |class |import |#include|SELECT .+ FROM |<\?php|<html|\{\s*\"|function\s*\w*\()",
    re.M,
)


def small_talk(text: str, short: str, words: Words) -> Card | None:
    """A decent reply to what is no question: nothing, noise, a greeting, thanks, taking back what is not
    waiting, an insult, code."""
    language = words.language
    tries = (
        Choice(words("why.button"), "why"),
        Choice(words("changes.button"), "changes"),
        Choice(words("help.button"), "help"),
    )
    if not text.strip():
        return Card(body=words("small.empty"), choices=tries, locale=language)
    if not short or _only_symbols(text):
        return Card(body=words("small.symbols"), choices=tries, locale=language)
    if CODE.search(text):
        return Card(body=words("small.code"), choices=tries, locale=language)
    for kind in ("greeting", "thanks", "goodbye", "cancel", "insult"):
        if is_one_of(_unstressed(short), f"cue.{kind}"):
            return Card(
                body=words(f"small.{kind}"),
                choices=() if kind in ("thanks", "goodbye", "cancel") else tries,
                locale=language,
            )
    if len(short.split()) <= SHORT_WORDS and holds(short, "cue.insult"):
        return Card(body=words("small.insult"), choices=tries, locale=language)
    return None


def _only_symbols(text: str) -> bool:
    return not any(unicodedata.category(c)[0] in "LN" for c in text)


def _unstressed(short: str) -> str:
    return re.sub(r"(.)\1{2,}", r"\1", short)


def for_a_person(short: str, reader: Reader) -> Card | None:
    """Harassment, health and legal matters go to the contact that the initiative names; None if it is none of them."""
    for matter in MATTERS:
        if not holds(short, f"cue.{matter}"):
            continue
        contact = next(
            (i.written.contacts[matter] for i in _nearest(reader) if matter in i.written.contacts),
            None,
        )
        if contact:
            body = reader.words(f"matter.{matter}", name=reader.names(contact), address=contact)
            return Card(
                body=f"{body}\n\n{reader.words('matter.not-kept')}",
                locale=reader.words.language,
            )
    return None


def is_for_a_person(short: str) -> bool:
    """Whether it is a matter of harassment, health or law, whoever deals with it."""
    return any(holds(short, f"cue.{matter}") for matter in MATTERS)


def nobody_named(reader: Reader) -> Card:
    """The reply to such a matter where no initiative names a contact for it."""
    body = f"{reader.words('matter.nobody')}\n\n{reader.words('matter.not-kept')}"
    return Card(body=body, locale=reader.words.language)


def _nearest(reader: Reader) -> list[Initiative]:
    about = reader.topic.initiative
    return sorted(
        () if reader.viewer.outsider else reader.initiatives(),
        key=lambda i: i.id != about,
    )


def fault(short: str, reader: Reader, found: Found) -> Card | None:
    """Where to take something that is broken, unless the playbook answers it for sure or the question is how to."""
    if not holds(short, "cue.fault"):
        return None
    if found.outcome == "answer" and found.hits[0].confidence >= SURE:
        return None
    support = next(
        (i.text(reader.words.locale).support for i in _nearest(reader) if i.written.support),
        None,
    )
    if support is None:
        return None
    return Card(
        body=reader.words("matter.fault", name=support.name, how=support.how),
        locale=reader.words.language,
    )


def is_about_jobs(short: str) -> bool:
    """Whether it touches jobs, pay or discipline, on which only a page marked for that topic is quoted."""
    return holds(short, "cue.jobs")


def jobs_card(reader: Reader, topics: tuple[Choice, ...]) -> Card:
    """When no page marked for the topic answers: which of them come near, and who does in person."""
    nearest = _nearest(reader)
    if not nearest:
        return Card(body=reader.words("matter.jobs-nobody"), locale=reader.words.language)
    who = nearest[0].written.sponsor
    key = "matter.jobs-closest" if topics else "matter.jobs"
    body = reader.words(key, name=reader.names(who), address=who)
    return Card(body=body, choices=topics, locale=reader.words.language)
