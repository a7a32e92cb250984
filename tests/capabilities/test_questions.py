"""Questions passed on: the card that the owner got follows what became of the question."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.store import Store
from tests.world import World, world

SMALL = Path(__file__).parents[1] / "transcripts" / "playbooks" / "small"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def here(store: Store) -> Iterator[World]:
    """The small organisation, at nine in the morning."""
    with world(store, SMALL, NOW) as made:
        yield made


def test_the_owner_s_card_says_that_it_is_answered_and_offers_it_no_more(here: World) -> None:
    """Also where the project manager of another device answered: whoever has the card sees it."""
    here.says("pm", "hello")
    here.says("lea", "ask-owner phones named: Do the phones have a torch?")
    place, asked = next(
        (place, shown) for place, shown in here.platform.posted if "torch" in str(shown) and "pm" in place.conversation
    )
    number = here.platform.posted.index((place, asked))
    assert [button["label"] for button in asked["buttons"]] == ["Answer"]

    here.fills("pm", asked["buttons"][0]["says"], {"text": "Yes, a bright one."})

    _, now = here.platform.posted[number]
    assert "torch" in now["text"]
    assert "Answered by Pavel Manager." in now["text"]
    assert now["buttons"] == []
