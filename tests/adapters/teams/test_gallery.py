"""Every card that the bot makes, and any other card, as Teams would judge it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.teams import dialogs
from adapters.teams.render import Filled, adaptive, message
from bot.messages import Ask, Card, Choice, Option
from bot.words import LANGUAGES
from tests.adapters.gallery import cards
from tests.adapters.teams.activities import LOOK
from tests.adapters.teams.adaptive_cards import refuse, refuse_card, schema_faults, schema_folder


def forms(card: Card) -> list[tuple[bool, dict[str, Any]]]:
    """The ways in which a card stands outside of a message; whether that is a dialog, and the Adaptive Card."""
    filled = Filled({ask.name: ask.value for ask in card.asks}, {ask.name: "Too *long*." for ask in card.asks})
    opened = dialogs.fetch_answer(card, LOOK)["task"]["value"]["card"]["content"]
    again = dialogs.submit_answer(card, LOOK, filled)["task"]["value"]["card"]["content"]
    return [(False, adaptive(card, LOOK, inline=True)), (True, opened), (True, again)]


def test_every_card_of_the_bot_is_taken() -> None:
    """In every language, with the longest answers: as a message, in its place, and in a dialog."""
    refused = [(name, why) for name, card in cards() for why in refuse(message(card, LOOK))]
    refused += [
        (name, why) for name, card in cards() for dialog, shown in forms(card) for why in refuse_card(shown, dialog)
    ]

    assert refused == []
    assert {name.split()[0] for name, _ in cards()} == set(LANGUAGES)
    assert any(card.asks for _, card in cards())


def test_every_card_of_the_bot_is_an_adaptive_card_of_its_version() -> None:
    """Microsoft's own schema has nothing against one."""
    folder = schema_folder()
    if folder is None:
        pytest.skip("no folder with the vendors' schemas in THROUGHLINE_SCHEMAS")
    every = dict(cards())

    faults = [
        (name, fault)
        for name, card in every.items()
        for shown in [message(card, LOOK)["attachments"][0]["content"], *(s for _, s in forms(card) if card.asks)]
        for fault in schema_faults(shown, folder)
    ]

    assert faults == []


names = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20)
words = st.text(max_size=60) | st.sampled_from(
    ["<at>Ana</at>", "{{DATE(2027-01-01,SHORT)}}", "# x\n- y", "[a](b)", " "]
)
long_words = words | st.builds(lambda w, n: w * n, words, st.sampled_from([1, 20, 2_000]))
options = st.lists(
    st.builds(Option, words.filter(str.strip), words), min_size=1, max_size=12, unique_by=lambda o: o.value
)
asks = st.lists(
    st.builds(
        Ask,
        name=names,
        question=words,
        kind=st.sampled_from(["text", "choice", "multi", "date"]),
        options=options,
        optional=st.booleans(),
        longest=st.sampled_from([20, 3_000]),
        value=words,
        hint=words,
    ),
    max_size=4,
    unique_by=lambda ask: ask.name,
)
any_card = st.builds(
    Card,
    body=long_words,
    title=long_words,
    facts=st.lists(st.tuples(words, long_words), max_size=5).map(tuple),
    table=st.lists(st.lists(words, max_size=20).map(tuple), max_size=5).map(tuple),
    image=st.sampled_from(
        ["", "/pictures/x.png", "https://example.com/p.png", "http://example.com/p.png", "javascript:x"]
    ),
    image_text=long_words,
    choices=st.lists(
        st.builds(Choice, words, long_words, st.sampled_from(["", "primary", "danger"]), words), max_size=30
    ).map(tuple),
    asks=asks.map(tuple),
    submits=words,
    submit_label=words,
    source=long_words,
    details=long_words,
    locale=st.sampled_from(["en", "pt-BR", "de", "es"]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(any_card)
def test_any_card_is_taken(card: Card) -> None:
    """Whatever a card holds, its message goes out and its form can be opened."""
    assert refuse(message(card, LOOK)) == []
    assert [why for dialog, shown in forms(card) for why in refuse_card(shown, dialog)] == []
