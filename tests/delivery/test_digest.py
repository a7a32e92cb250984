"""One message instead of several: what it says, and what its buttons show, to whom."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.capabilities.gathered import Gathered
from bot.delivery.digest import LONGEST_LINE, digest
from bot.delivery.gathering import gather
from bot.library import Snapshot
from bot.listening import look
from bot.messages import Card, Person, Place, Post, Said
from bot.store import Store, deliveries
from bot.store import gathering as waiting
from bot.turn import Topic
from bot.words import LANGUAGES, Words
from tests.delivery.organisation import initiative, listed, playbooks

NINE = datetime(2027, 3, 15, 9, tzinfo=UTC)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_part_has_its_title_its_first_line_and_a_button(language: str) -> None:
    """In the reader's language, in the order in which they were queued."""
    parts = {"a1": Card("One.\n\nMore.", title="First"), "b2": Card("\n  Two.  \nMore.", title="Second")}

    card = digest(Words(language), parts)

    _, *shown = card.body.split("\n\n")
    assert "2" in card.title
    assert shown == ["**1. First**\nOne.", "**2. Second**\nTwo."]
    assert [c.says for c in card.choices] == ["gathered a1", "gathered b2"]
    assert len({c.label for c in card.choices}) == 2
    assert card.locale == language


@pytest.mark.parametrize(
    ("card", "shown"),
    [
        pytest.param(Card("Just a line."), "**1.** Just a line.", id="without a title"),
        pytest.param(Card("", title="Just a title"), "**1. Just a title**", id="without a text"),
        pytest.param(Card("**x** " * 100, title="Long"), "**1. Long**", id="a line too long to be cut"),
        pytest.param(Card("x" * (LONGEST_LINE + 1)), "**1. A longer message**", id="too long and without a title"),
        pytest.param(
            Card("A line.", title="*No* [markup]"), "**1. \\*No\\* \\[markup\\]**\nA line.", id="a title is text"
        ),
    ],
)
def test_a_part_is_shown_whole_or_by_its_title(card: Card, shown: str) -> None:
    """Nothing is cut in the middle of its markup."""
    assert digest(Words("en"), {"a1": card}).body.split("\n\n")[1:] == [shown]


def pressed(store: Store, name: str, text: str) -> Card:
    """What somebody sees who presses."""
    said = Said("e", Person("local", "acme", name), Place("local", "acme", name), text, how="pressed")
    with store.begin() as tx:
        turn = look(tx, said, Topic(), "", Snapshot(), NINE, lambda n: 0)
        reply = Gathered().hear(turn, text.removeprefix("gathered "))
    assert reply.personal
    return reply.cards[0]


def test_a_button_shows_the_whole_message_to_its_recipient_alone(store: Store) -> None:
    """For somebody else, or once it was taken back, it is gone."""
    ana, _ = listed(store, "ana"), listed(store, "eva")
    whole = Card("One.\n\nAnd all the rest.", title="First")
    posts = [Post(f"k{n}", whole, person=ana, kind="wins", batch=f"b{n}") for n in (1, 2)]
    with store.begin() as tx:
        deliveries.enqueue(tx, posts, NINE)
    gather(store, playbooks(initiative("crm", ["sales"])), NINE)
    with store.read() as tx:
        first = waiting.id_of(tx, "k1")
    gone = Card(Words("en")("gathered.gone"))

    assert pressed(store, "ana", f"gathered {first}") == whole
    assert pressed(store, "eva", f"gathered {first}") == gone
    assert pressed(store, "ana", "gathered nonsense") == gone
    with store.begin() as tx:
        deliveries.recall(tx, "wrong", NINE, batch="b1")
    assert pressed(store, "ana", f"gathered {first}") == gone
