"""The laws of every capability: one word, one line of help, no harm from an empty message, no for who may not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.local import parse
from bot.capabilities import CAPABILITIES, by_name
from bot.cues import phrases, plain
from bot.messages import Said
from bot.store import Store
from bot.words import LANGUAGES, Words, catalogue
from tests.world import World, world

SMALL = Path(__file__).parent.parent / "transcripts" / "playbooks" / "small"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
NAMES = sorted(by_name())
RESTS = ("", "  ", "nonsense", "0", "-1", "999999999999", "phones", "x" * 5_000, "crm: ’\x00")
PRESSED_ONLY = {"about", "show", "more", "lesson", "helpful", "not-helpful", "no-thanks", "settled",
                "not-settled", "reply", "reaction", "gathered", "add-answer", "confirm-answer", "undo-answer",
                "release", "broadcast-read", "broadcast-reply", "offer", "take-survey", "action",
                "it-helps", "talk-to"}  # fmt: skip


@pytest.fixture
def here(store: Store) -> Iterator[World]:
    """The small organisation, at nine in the morning."""
    with world(store, SMALL, NOW) as made:
        yield made


def test_names_are_single_words_and_unique() -> None:
    """A command word says one thing."""
    names = [capability.name for capability in CAPABILITIES]

    assert len(set(names)) == len(names)
    assert [n for n in names if " " in n or n != n.lower()] == []


@pytest.mark.parametrize("name", sorted(set(NAMES) - PRESSED_ONLY))
@pytest.mark.parametrize("language", LANGUAGES)
def test_one_line_of_help_in_every_language(name: str, language: str) -> None:
    """What can be typed is explained in one line, and its word is understood."""
    line = Words(language)(f"{name}.help")
    word = line.split(":")[0]

    assert "\n" not in line
    assert ":" in line
    spoken = plain("".join(c for c in word if not c.isdigit()))
    assert spoken in phrases(f"word.{name}") | {plain(name)}, f"{language}: {word!r} is not understood"


def test_every_word_is_understood_in_every_language() -> None:
    """No language lacks the names of a command."""
    missing = [
        (language, name)
        for language in LANGUAGES
        for name in set(NAMES) - PRESSED_ONLY
        if catalogue(language).gettext(f"word.{name}") == f"word.{name}"
    ]

    assert missing == []


def test_nothing_a_press_can_carry_does_harm(here: World) -> None:
    """Every capability answers something, and never with a fault, whatever stands behind its word."""
    silent = []
    for name in set(NAMES) - {"reaction"}:  # nobody waits for a word on a thumb
        for rest in RESTS:
            here.time += timedelta(seconds=3)  # nobody presses faster for long
            handled = here.hear(here.payload("lea", press=f"{name} {rest}"))
            if handled is None or not handled.new or not handled.cards:
                silent.append((name, rest))

    assert silent == []


def test_the_same_event_is_heard_once(here: World) -> None:
    """A platform that repeats itself gets one answer."""
    repeated = []
    for name in NAMES:
        said = here.payload("lea", press=name)
        here.hear(said)
        posted = len(here.platform.posted)
        again = here.hear(said)
        if again is None or again.new or len(here.platform.posted) > posted:
            repeated.append(name)

    assert repeated == []


def test_who_may_not_know_learns_nothing(here: World) -> None:
    """No word brings anything of a draft to somebody who is not named in it, nor to a guest."""
    here.accounts["gus"] = {"name": "Gus Guest", "guest": True}
    here.platform.accounts.add("gus")
    passage = here.library.current.playbooks.initiatives["secret"].passages[0].id
    for name in NAMES:
        for rest in ("", "secret", "1", "secret unnamed: x", "secret: where is it?", passage):
            for who in ("lea", "gus"):
                here.hear(here.payload(who, press=f"{name} {rest}"))

    shown = " ".join(str(message) for _, message in here.platform.posted).lower()

    assert "harbour" not in shown
    assert "office move" not in shown
    assert "pier nine" not in shown


def test_what_is_shown_to_somebody_else_cannot_be_pressed_for_oneself(here: World) -> None:
    """The project manager's buttons, pressed by an employee, bring nothing of what they are about."""
    here.says("pm", "where is the harbour office?")
    says = [button["says"] for _, message in here.platform.posted for button in message["buttons"]]
    before = len(here.platform.posted)

    for one in says:
        here.hear(here.payload("lea", press=one))

    shown = " ".join(str(message) for _, message in here.platform.posted[before:]).lower()
    assert says
    assert "pier nine" not in shown


def test_a_fault_in_a_capability_is_tried_again_and_not_lost(here: World) -> None:
    """What was accepted and could not be handled is handled once the database can be read again."""
    said = here.payload("lea", text="why new phones")
    here.core.accept(said_of(said))
    here.start()

    handled = here.core.pick_up(here.time, at_start=True)

    assert handled == 1
    assert here.core.pick_up(here.time, at_start=True) == 0


def said_of(payload: dict[str, Any]) -> Said:
    """What the adapter makes of a payload."""
    said = parse(payload)
    assert said is not None
    return said
