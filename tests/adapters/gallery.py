"""Every card that the bot makes of the sample playbooks, in every language: for renderers to be tried on.

It talks to the bot as people would: it says every command, presses every button it gets, and hands in every form, once
empty and once with answers as long as they may be.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from adapters.local import Local, parse
from bot.capabilities import by_name
from bot.messages import Ask, Card, Outcome, Place, Sent
from bot.store import Seal, Store
from bot.words import LANGUAGES
from tests.conftest import opened
from tests.world import SAMPLE, World

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
FOLLOWED_AT_MOST = 10
# What a form says that would change the language of everything after; its buttons say more words after it.
LEFT_OUT = "settings language"
# The language of what somebody writes is the language of the answers that follow.
QUESTIONS = {
    "en": (
        "why is this happening?",
        "is there a canteen near the training room?",
        "great, another system nobody asked us about",
    ),
    "pt": (
        "por que isso está acontecendo?",
        "existe um refeitório perto da sala de treinamento?",
        "ótimo, mais um sistema que ninguém nos perguntou se queríamos",
    ),
    "de": (
        "Warum passiert das alles?",
        "Gibt es eine Kantine in der Nähe des Schulungsraums?",
        "Toll, noch ein System, nach dem uns niemand gefragt hat",
    ),
    "es": (
        "¿por qué pasa todo esto?",
        "¿hay un comedor cerca de la sala de formación?",
        "genial, otro sistema por el que nadie nos preguntó",
    ),
}
LONG = "Zwölf Wörter, die niemand braucht: *fett*, [x](https://example.com), <at>Ana</at> & “mehr” ✓.\n"


@dataclass(slots=True)
class _Listening(Local):
    """The in-memory platform, which keeps the cards themselves and renders nothing."""

    cards: list[Card] = field(default_factory=list)

    async def send(self, place: Place, card: Card, key: str) -> Outcome:
        """Keeps the card."""
        self.cards.append(card)
        return Sent("")


@cache
def cards() -> list[tuple[str, Card]]:
    """Each different card with the words that brought it, in an order that is always the same."""
    found: dict[Card, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        address, seal = f"sqlite:///{Path(folder) / 'gallery.db'}", Seal(["a secret for tests only"])
        with opened(address, seal) as store, ThreadPoolExecutor(2) as pool:
            store.migrate()
            for name, card in _talk(store, pool):
                found.setdefault(card, name)
    return [(name, card) for card, name in found.items()]


def _talk(store: Store, pool: ThreadPoolExecutor) -> Iterator[tuple[str, Card]]:
    platform = _Listening()
    world = World(store, SAMPLE, NOW, pool, forms=frozenset({"local"}), platform=platform)
    people = _one_of_each_kind(world)
    world.accounts["gus"] = {"name": "Gus Guest", "guest": True}
    platform.accounts.add("gus")
    for language in LANGUAGES:
        for who in people:
            world.set_locale(world.accounts[who]["email"], language)
            yield from _everything(world, platform, who, language)
    yield from _everything(world, platform, "gus", "en")


def _one_of_each_kind(world: World) -> list[str]:
    """A project manager and an employee of the sample organisation."""
    initiatives = world.library.current.playbooks.initiatives.values()
    leaders = {initiative.written.project_manager for initiative in initiatives}
    named = {who: account["email"] for who, account in world.accounts.items()}
    leader = next(who for who, email in named.items() if email in leaders)
    return [leader, next(who for who, email in named.items() if email not in leaders)]


def _everything(world: World, platform: _Listening, who: str, language: str) -> Iterator[tuple[str, Card]]:
    """What comes of everything this person can say, and of some of what can be pressed and handed in then."""
    ways = [{"text": text} for text in QUESTIONS[language]] + [{"press": command} for command in by_name()]
    most = len(ways) + FOLLOWED_AT_MOST
    tried: set[str] = set()
    while ways and len(tried) < most:
        way = ways.pop(0)
        label = " ".join(str(value) for value in way.values())[:80]
        if label in tried:
            continue
        tried.add(label)
        # Nobody presses a hundred buttons in one moment, and the bot would not bear it.
        world.time += timedelta(seconds=10)
        fresh = _answered(world, world.payload(who, **way))
        yield from ((f"{language} {who}: {label}", card) for card in fresh)
        ways += [{"press": c.says} for card in fresh for c in card.choices if not c.says.startswith(LEFT_OUT + " ")]
        ways += [way for card in fresh if card.asks and card.submits != LEFT_OUT for way in _handed_in(card)]
    world.drain()
    yield from ((f"{language} {who}: sent", card) for card in platform.cards)
    platform.cards.clear()


def _answered(world: World, payload: dict[str, Any]) -> tuple[Card, ...]:
    said = parse(payload)
    assert said is not None
    return world.core.hear(said).cards


def _handed_in(card: Card) -> Iterator[dict[str, Any]]:
    yield {"form": card.submits, "answers": {}}
    yield {"form": card.submits + " ", "answers": {ask.name: _longest_answer(ask) for ask in card.asks}}


def _longest_answer(ask: Ask) -> str | list[str]:
    if ask.kind == "multi":
        return [option.value for option in ask.options]
    if ask.kind == "choice":
        return ask.options[-1].value if ask.options else ""
    if ask.kind == "date":
        return "2027-03-15"
    return "".join(islice(LONG * (ask.longest // len(LONG) + 1), ask.longest))
