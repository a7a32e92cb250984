"""The gallery: every card that the core produces, in every language, is taken by Slack.

The core is driven from outside, by every command in every language and by every button that is found on the way.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.local import Local, parse
from adapters.slack import home, views
from adapters.slack.render import message
from bot.capabilities import by_name
from bot.messages import Card, Outcome, Place
from bot.store import Seal, Store
from bot.words import LANGUAGES
from tests.adapters.slack import payloads as slack
from tests.adapters.slack.block_kit import refuse
from tests.conftest import opened
from tests.world import SAMPLE, World, world

SMALL = Path(__file__).parents[2] / "transcripts" / "playbooks" / "small"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PLACE = Place("slack", slack.TEAM, slack.DIRECT)
QUESTIONS = ("hi", "thanks", "who pays for the canteen?", "will I lose my job?", "I cannot log in", "is it too late?")
# Buttons of the same kind make the same card with other content; so many of each kind are pressed.
OF_A_KIND = 2


@dataclass(slots=True)
class Watched(Local):
    """The in-memory platform, which keeps the cards themselves too."""

    cards: list[Card] = field(default_factory=list)

    async def send(self, place: Place, card: Card, key: str) -> Outcome:
        """Keeps the card and the message."""
        self.cards.append(card)
        return await Local.send(self, place, card, key)


@pytest.fixture
def sqlite(tmp_path: Path, migrated_file: Path, seal: Seal) -> Iterator[Store]:
    """One database is enough here: what is looked at is the cards."""
    path = tmp_path / "throughline.db"
    shutil.copy(migrated_file, path)
    with opened(f"sqlite:///{path}", seal) as store:
        yield store


def everything(here: World, watched: Watched, language: str, count: int) -> list[Card]:
    """The cards that so many people get for every command, every question, every button, and on their own pages."""
    first = len(watched.cards)
    people = _somebody(here)[:count]
    for who in people:
        _act(here, watched, who, press=f"settings language {language}")
        for name in by_name():
            _act(here, watched, who, press=name)
        for words in QUESTIONS if who == people[0] else ():
            _act(here, watched, who, text=words)
        _act(here, watched, who, where="sales", text="@throughline when?")
        said = parse(here.payload(who, text=""))
        assert said is not None
        watched.cards.extend(here.core.home(said.person))
    here.drain()
    _press_on(here, watched, people, first, language)
    here.drain()
    return watched.cards[first:]


def _somebody(here: World) -> list[str]:
    """Somebody who leads an initiative, and somebody who does not."""
    leaders = {i.written.project_manager for i in here.library.current.playbooks.initiatives.values()}
    found = sorted(here.accounts.items())
    leads = next(name for name, account in found if account["email"] in leaders)
    return [leads, next(name for name, account in found if account["email"] not in leaders)]


def _press_on(here: World, watched: Watched, people: list[str], first: int, language: str) -> None:
    pressed: dict[str, int] = {}
    looked_at = first
    while looked_at < len(watched.cards):
        card = watched.cards[looked_at]
        looked_at += 1
        for choice in card.choices:
            kind = choice.says.partition(" ")[0]
            if choice.says and pressed.setdefault(kind, 0) < OF_A_KIND:
                _act(here, watched, people[pressed[kind] % len(people)], press=choice.says)
                pressed[kind] += 1
        if card.submits and pressed.setdefault(f"form {card.submits}", 0) < 1:
            pressed[f"form {card.submits}"] += 1
            for answer in ("", "x"):
                offered = {ask.name: [option.value for option in ask.options] or [answer] for ask in card.asks}
                answers = {name: language if language in some else some[0] for name, some in offered.items()}
                _act(here, watched, people[0], form=card.submits, answers=answers)


def _act(here: World, watched: Watched, who: str, where: str = "", **said: object) -> None:
    # Nobody is that quick, and who says too much at once is not heard.
    here.time += timedelta(minutes=1)
    heard = parse(here.payload(who, where, **said))
    assert heard is not None
    watched.cards.extend(here.core.hear(heard).cards)


@pytest.mark.parametrize(("folder", "people"), [(SAMPLE, 2), (SMALL, 1)], ids=["sample", "small"])
def test_slack_takes_every_card_of_the_core(folder: Path, people: int, sqlite: Store) -> None:
    """As the message, the form or the page that it becomes."""
    watched = Watched()
    refused = []
    with world(sqlite, folder, NOW, forms=frozenset({"local"}), platform=watched) as here:
        for language in LANGUAGES:
            cards = everything(here, watched, language, people)
            refused += [(language, *one) for one in _refused(cards)]
            assert len({card for card in cards if card.locale.startswith(language)}) > 20
            assert any(card.asks for card in cards)

    assert refused == []


def _refused(cards: list[Card]) -> Iterator[tuple[str, str]]:
    for card in dict.fromkeys(cards):
        for picture in ("", "F00000001") if card.image else ("",):
            yield from ((card.title or card.body[:50], why) for why in refuse(message(card, picture)))
        if card.asks:
            yield from ((card.title, why) for why in refuse(views.modal(card, PLACE)))
            yield from ((card.title, why) for why in refuse(views.reopen(card)))
    yield from (("home", why) for why in refuse(home.view(cards[:30])))
