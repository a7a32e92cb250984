"""Meeting somebody: an event with only the account is completed by the platform, once, and nothing is lost by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.local import parse
from bot.core import Core, TooLate
from bot.messages import Person, Said
from bot.store import Store, accounts, cases, hearing, people
from tests.world import World, world

SMALL = Path(__file__).parent / "transcripts" / "playbooks" / "small"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Platform:
    """Says who somebody is, or that it cannot say now; keeps whom it was asked for."""

    def __init__(self, profiles: dict[str, Person]) -> None:
        self.profiles = profiles
        self.asked: list[str] = []

    def __call__(self, person: Person) -> Person | None:
        self.asked.append(person.account)
        return self.profiles.get(person.account)


@pytest.fixture
def here(store: Store) -> Iterator[World]:
    """The small organisation, at nine in the morning."""
    with world(store, SMALL, NOW) as made:
        yield made


def bare(here: World, who: str, text: str) -> Said:
    """What `who` writes, told by a platform that names the account alone."""
    said = parse(here.payload(who, text=text))
    assert said is not None
    return replace(said, person=Person("local", "local", who, bare=True))


def core_with(here: World, platform: Platform) -> Core:
    """A core that asks this platform who somebody is."""
    return Core(here.store, here.library, lambda: here.time, introduce=platform)


def profile(here: World, who: str) -> Person:
    """Who that is, as the sample accounts have it."""
    said = parse(here.payload(who, text=""))
    assert said is not None
    return said.person


def hear(core: Core, said: Said) -> None:
    """As an adapter does with what was typed."""
    core.accept(said)
    core.handle(said)


def test_the_platform_is_asked_once_and_the_person_is_who_the_directory_says(here: World) -> None:
    """Afterwards the account alone is enough, with all rights and the unit."""
    platform = Platform({"lea": profile(here, "lea")})
    core = core_with(here, platform)

    hear(core, bare(here, "lea", "ask-owner phones named: How loud may it ring?"))
    hear(core, bare(here, "lea", "ask-owner phones named: And at night?"))

    with here.store.read() as tx:
        lea = people.person_by_email(tx, "lea@example.com")
        assert lea is not None
        assert len(cases.cases_asked_by(tx, lea.key)) == 2
    assert platform.asked == ["lea"]


def test_while_the_platform_cannot_say_the_event_waits(here: World) -> None:
    """It is answered when it can, in the order in which it was said."""
    platform = Platform({})
    core = core_with(here, platform)

    hear(core, bare(here, "lea", "why?"))
    assert here.platform.posted == []
    platform.profiles["lea"] = profile(here, "lea")
    here.time += timedelta(minutes=1)
    core.tick(here.time)
    here.drain()

    assert "Lea" in str(here.platform.posted[0][1]["text"])
    with here.store.read() as tx:
        assert hearing.counts(tx) == {"handled": 1}


def test_who_turns_out_to_be_a_bot_gets_no_answer(here: World) -> None:
    """Two bots that answer each other would never end."""
    core = core_with(here, Platform({"parrot": Person("local", "local", "parrot", bot=True)}))

    hear(core, bare(here, "parrot", "why?"))
    here.drain()

    assert here.platform.posted == []
    with here.store.read() as tx:
        assert hearing.counts(tx) == {"handled": 1}


def test_a_bare_account_does_not_change_what_is_known_of_it(here: World) -> None:
    """A guest stays a guest, although only the account was told."""
    here.accounts["guest"] = {"guest": True}
    here.platform.accounts.add("guest")
    here.says("guest", "why?")

    hear(core_with(here, Platform({})), bare(here, "guest", "goals"))
    here.drain()

    assert "colleagues" in str(here.platform.posted[-1][1]["text"]) or "public" in str(here.platform.posted[-1][1])
    with here.store.read() as tx:
        assert not accounts.identify(tx, Person("local", "local", "guest", bare=True), here.time).member


def test_an_answer_that_nobody_waits_for_any_more_is_not_recorded(here: World) -> None:
    """The person was told that the press did not work, so it must not work behind their back."""
    said = parse(here.payload("lea", press="ask-owner phones named: Twice?"))
    assert said is not None

    with pytest.raises(TooLate):
        here.core.hear(said, wanted=lambda: False)
    assert here.core.hear(said).new

    with here.store.read() as tx:
        lea = people.person_by_email(tx, "lea@example.com")
        assert lea is not None
        assert [case.text for case in cases.cases_asked_by(tx, lea.key)] == ["Twice?"]


def test_a_form_that_can_be_opened_is_not_posted(store: Store) -> None:
    """Where a press opens a dialog, the form comes back to be opened, and nothing stands in the chat."""
    with world(store, SMALL, NOW, forms=frozenset({"local"})) as here:
        here.says("lea", "hello")
        before = len(here.platform.posted)
        said = parse(here.payload("lea", "general", press="settings hours"))
        assert said is not None

        handled = here.core.hear(replace(said, opens=True))
        here.drain()

        assert handled.form is not None
        assert [ask.name for ask in handled.form.asks] == ["hours"]
        assert len(here.platform.posted) == before


def test_a_page_of_ones_own_shows_what_concerns_me_and_notes_nothing(here: World) -> None:
    """My projects with their next dates, my questions, and how to quiet the bot; the welcome still comes later."""
    cards = here.core.home(profile(here, "lea"))

    assert any(card.title.startswith("Phones") or "hone" in card.title for card in cards)
    assert any(choice.says == "settings" for card in cards for choice in card.choices)
    assert "Lea" in here.says("lea", "hello")[0]["text"]


def test_a_guest_s_page_shows_nothing_of_the_projects(here: World) -> None:
    """Guests read public pages only."""
    cards = here.core.home(Person("local", "local", "guest", member=False))

    assert not any(choice.says.startswith("changes") for card in cards for choice in card.choices)


def test_a_thumb_on_an_answer_counts_like_the_button(here: World) -> None:
    """Liked: without a word. Not liked: an offer to ask somebody, told to the person alone."""
    here.says("lea", "Can I keep my number?")

    assert here.hear(here.payload("lea", press="reaction +1")) is not None
    liked = len(here.platform.posted)
    here.hear(here.payload("lea", press="reaction thumbsdown"))

    assert len(here.platform.posted) == liked + 1
    assert any(b["says"].startswith("ask-owner") for b in here.platform.posted[-1][1]["buttons"])
