"""Meeting a worry: that it was understood, what is known for it, whether that settles it, and where it can go.

Nothing is recorded, not even what the conversation is about. Where others read, they see facts alone, and everything
else goes to whoever wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.messages import Card, Choice, Post
from bot.playbook.model import Initiative
from bot.pushback.known import known_for
from bot.pushback.sign import Worry
from bot.pushback.understood import understood
from bot.triage.verdict import Driver
from bot.turn import Reader, Reply, Turn
from bot.which import ask_which
from bot.wins import newest
from bot.wins.words import happened
from bot.words import Words

LONGEST = 1500
"""Characters of a worry that a button carries on."""


def about(words: Words, driver: Driver) -> str:
    """What worries of a kind are about, in neutral words that nobody wrote: not being asked beforehand."""
    return words(f"concern.about-{driver}")


def met(turn: Turn, initiative: Initiative, text: str, worry: Worry, answer: Card | None = None) -> Reply:
    """The reply to a worry about this initiative. `answer` is the card of a passage that answers it as well."""
    reader, words = turn.reader, turn.words
    heard, facts = understood(words, worry.named, text), _facts(turn, initiative, text, worry)
    known = bool(facts) or answer is not None
    choices = _choices(turn, initiative, text, worry, known)
    ask = words("concern.settles" if known else "concern.further")
    shown = answer or _facts_card(reader, initiative, facts)
    if reader.direct:
        if answer is not None:
            return Reply(cards=(answer, _card(words, choices, heard, ask)))
        lines = _listed(facts) if facts else words("concern.known-nothing")
        card = _card(words, choices, heard, lines, ask)
        return Reply(cards=(replace(card, source=shown.source if shown else ""),))
    private = _card(words, choices, heard, ask if known else f"{words('concern.known-nothing')} {ask}")
    if shown is None:
        return Reply(cards=(private,), personal=True)
    key = f"{turn.said.place.platform}:{turn.said.event}:facts"
    return Reply(cards=(private,), personal=True, posts=(Post(key=key, card=shown, place=turn.said.place, reply=True),))


def shown(reader: Reader, initiative: Initiative | None, text: str, worry: Worry) -> Card:
    """What would be said to a worry about this initiative, None where several can be meant, to somebody who cannot
    raise one where they are: that it was understood, what is known for it, and how it would be raised."""
    words = reader.words
    heard, how = understood(words, worry.named, text), words("concern.how-to-raise")
    if initiative is None:
        which = ask_which(reader, "about {id}")
        return _card(words, which.choices, heard, which.body, how)
    facts = known_for(reader, initiative, worry.driver, text)
    card = _card(words, (), heard, _listed(facts) if facts else words("concern.known-nothing"), how)
    source = _facts_card(reader, initiative, facts)
    return replace(card, source=source.source if source else "")


def which_is_meant(turn: Turn, text: str, worry: Worry) -> Reply:
    """That it was understood, and the question what it is about, where several initiatives can be meant."""
    card = ask_which(turn.reader, "about {id}: " + text[:LONGEST])
    heard = understood(turn.words, worry.named, text) if card.choices else ""
    return Reply(cards=(replace(card, body="\n\n".join(filter(None, (heard, card.body)))),), personal=True)


def _card(words: Words, choices: tuple[Choice, ...], *parts: str) -> Card:
    return Card(body="\n\n".join(part for part in parts if part), choices=choices, locale=words.language)


def _listed(facts: Sequence[str]) -> str:
    return facts[0] if len(facts) == 1 else "\n".join(f"- {one}" for one in facts)


def _facts(turn: Turn, initiative: Initiative, text: str, worry: Worry) -> tuple[str, ...]:
    """What is written, and what got better elsewhere that answers a worry of this kind."""
    reader = turn.reader
    known = known_for(reader, initiative, worry.driver, text)
    wins = newest(turn.tx, reader.viewer, reader.playbooks, 1, initiative.id, worry.driver)
    return (*known, *(happened(one.win, reader.playbooks.organisation, reader.words) for one in wins))


def _facts_card(reader: Reader, initiative: Initiative, facts: Sequence[str]) -> Card | None:
    if not facts:
        return None
    leader, day = reader.names(initiative.written.project_manager), reader.as_of.get(initiative.id)
    source = reader.words("source.team", name=leader)
    if day is not None:
        source = reader.words("source.team-as-of", name=leader, date=reader.words.day(day))
    return Card(body=_listed(facts), source=source, locale=reader.words.language)


def _choices(turn: Turn, initiative: Initiative, text: str, worry: Worry, known: bool) -> tuple[Choice, ...]:
    words = turn.words
    settled = Choice(words("concern.helps"), f"it-helps {initiative.id} {worry.driver}")
    further = Choice(words("concern.take-further"), f"concern {initiative.id} {text[:LONGEST]}", style="primary")
    leave = Choice(words("unknown.no-thanks"), "no-thanks")
    agents = (a for a in _agents(turn.reader, initiative) if a != turn.person.email)
    talk = tuple(
        Choice(words("concern.talk-to", name=turn.reader.names(a).split()[0]), f"talk-to {initiative.id} {a}")
        for a in list(agents)[:1]
    )
    return (settled if known else further, further if known else leave, *talk)


def _agents(reader: Reader, initiative: Initiative) -> list[str]:
    """The change agents who are there for the reader's unit."""
    agents = initiative.written.change_agents.get(reader.unit_in(initiative), ())
    return [one for one in agents if reader.directory(one)]
