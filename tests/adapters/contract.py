"""The laws that every adapter keeps. An adapter's test class gives a `Platform` and inherits them.

A platform is a pair of pure functions (payload to `Said`, card to payload) and a way to send.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from bot.messages import Adapter, Ask, Card, Choice, Option, Place, Refused, Said, Sent

NASTY = "<!channel> <@U0ABCDEF12> @everyone <script>alert(1)</script> *bold* [x](javascript:alert(1)) \u202e\ufeff"


@dataclass(frozen=True)
class Platform:
    """What a contract test needs of one adapter. Each function makes the payload that the platform would send."""

    parse: Callable[[Any], Said | None]
    render: Callable[[Card], Any]
    shown: Callable[[Any], str]
    longest: int
    adapter: Callable[[], Adapter]
    typed: Callable[[str, str], Any]
    mentioned: Callable[[str, str], Any]
    pressed: Callable[[str, str], Any]
    handed_in: Callable[[str, str, dict[str, str]], Any]
    own: Callable[[str], Any]
    known_account: str = "ana"
    workspace: str = "local"


class AdapterContract:
    """Inherit and set `platform`."""

    platform: ClassVar[Platform]

    def test_what_was_typed_is_said(self) -> None:
        """Text, person and place arrive as they are."""
        said = self.platform.parse(self.platform.typed("e1", "why?"))

        assert said is not None
        assert (said.event, said.text, said.how, said.place.kind) == ("e1", "why?", "typed", "direct")
        assert said.person.account

    def test_a_mention_is_stripped(self) -> None:
        """Who mentions the bot in a channel says only what follows."""
        said = self.platform.parse(self.platform.mentioned("e1", "when does it start?"))

        assert said is not None
        assert (said.text, said.place.kind) == ("when does it start?", "channel")

    def test_a_press_says_its_text(self) -> None:
        """What the button carries is what is said, to the letter."""
        says = "ask-owner crm-renewal named: why: “now”? ✓"

        said = self.platform.parse(self.platform.pressed("e1", says))

        assert said is not None
        assert (said.text, said.how) == (says, "pressed")

    def test_a_form_says_its_text_and_its_answers(self) -> None:
        """The fields arrive by name."""
        said = self.platform.parse(self.platform.handed_in("e1", "answer 14", {"text": "Yes.\nAll."}))

        assert said is not None
        assert (said.text, said.how, dict(said.answers)) == ("answer 14", "form", {"text": "Yes.\nAll."})

    def test_own_messages_are_not_heard(self) -> None:
        """The bot does not talk to itself."""
        assert self.platform.parse(self.platform.own("hello")) is None

    def test_a_retry_is_the_same_event(self) -> None:
        """The platform's id is what deduplication goes by."""
        first, again = (self.platform.parse(self.platform.typed("e7", "why?")) for _ in range(2))

        assert first == again

    def test_a_place_survives_the_database(self) -> None:
        """What was heard can be answered after a restart."""
        said = self.platform.parse(self.platform.mentioned("e1", "why?"))

        assert said is not None
        assert Place.decode(said.place.encode()) == said.place
        assert Said.from_json(said.to_json()) == said

    @pytest.mark.parametrize("size", [100, 3_000, 40_000, 400_000])
    def test_a_long_card_is_cut_and_not_refused(self, size: int) -> None:
        """A card of any length goes out, within the limit, with its beginning."""
        card = Card(title="Title", body="Beginning. " + "word " * (size // 5), choices=(Choice("L" * 300, "why"),))

        rendered = self.platform.render(card)
        outcome = asyncio.run(self._send(card))

        assert len(self.platform.shown(rendered)) <= self.platform.longest
        assert "Beginning." in self.platform.shown(rendered)
        assert isinstance(outcome, Sent)

    def test_nothing_of_a_card_is_dropped_silently(self) -> None:
        """Title, body, facts, table, source and the words for a picture all stand in what is shown."""
        card = Card(
            title="TTT",
            body="BBB **bold** and [link](https://example.com/x)",
            facts=(("FFF", "VVV"),),
            table=(("C1", "C2"), ("C3", "C4")),
            image="https://example.com/p.png",
            image_text="PPP",
            source="SSS",
        )

        shown = self.platform.shown(self.platform.render(card))

        for part in ("TTT", "BBB", "bold", "https://example.com/x", "FFF", "VVV", "C4", "PPP", "SSS"):
            assert part in shown

    def test_a_form_shows_its_fields(self) -> None:
        """The asks of a card can be answered."""
        ask = Ask("text", "What?", kind="choice", options=(Option("a", "A"),))

        assert self.platform.render(Card(body="x", asks=(ask,), submits="answer 1"))

    def test_a_person_can_be_written_to_first(self) -> None:
        """A known account has a direct place, and a message sent there arrives."""

        async def write() -> object:
            adapter = self.platform.adapter()
            place = await adapter.open_direct(self.platform.known_account, self.platform.workspace)
            assert isinstance(place, Place)
            return await adapter.send(place, Card(body="Hello"), "k1")

        assert isinstance(asyncio.run(write()), Sent)

    def test_an_unknown_account_is_refused_with_a_reason(self) -> None:
        """It is an outcome, not an exception."""
        found = asyncio.run(self.platform.adapter().open_direct("nobody-at-all", self.platform.workspace))

        assert isinstance(found, Refused)
        assert found.reason

    async def _send(self, card: Card) -> object:
        adapter = self.platform.adapter()
        place = await adapter.open_direct(self.platform.known_account, self.platform.workspace)
        assert isinstance(place, Place)
        return await adapter.send(place, card, "k1")
