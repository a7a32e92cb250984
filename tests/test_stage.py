"""The stage of the local page: who one can be there and why to try them, and where they can talk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core import Core, Handled
from bot.library import Library
from bot.messages import Card, Post, Said
from bot.serving import import_sample_people, leave_local_mode
from bot.stage import Stage, direct_place
from bot.store import Store, accounts, deliveries, people

SMALL = Path(__file__).parent / "transcripts/playbooks/small"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def stage(store: Store) -> Stage:
    """The stage of the small playbooks, with their people."""
    library = Library(store, SMALL)
    library.refresh(NOW)
    import_sample_people(store, library, SMALL, NOW)
    opened = Stage(store, library, Core(store, library, lambda: NOW), lambda: NOW)
    opened.open()
    return opened


def test_who_is_worth_trying_comes_first(stage: Stage) -> None:
    """An employee of each affected unit, who leads, who pays, who helps, who administers; a guest; a stranger."""
    found = {s.person.name: s.suggested for s in stage.speakers() if s.suggested}
    assert found["Lea Lang"] == "Employee in Sales"
    assert found["Otto Ort"] == "Employee in Office"
    assert found["Pavel Manager"].startswith("Project manager of ")
    assert found["Hilda Head"] == "Sponsor"
    assert found["Ada Agent"] == "Change agent"
    assert found["Rita Root"] == "Administrator"
    assert list(found)[-2:] == ["Guest from a partner", "Somebody not in the directory"]


def test_a_person_is_shown_with_what_they_do(stage: Stage) -> None:
    pavel = next(s for s in stage.speakers() if s.person.account == "pm@example.com")
    assert "project manager of New phones" in pavel.part
    assert pavel.person.member
    guest = next(s for s in stage.speakers() if s.person.account == "guest")
    assert not guest.person.member
    assert guest.person.email == ""


def test_everybody_can_be_written_to_before_they_wrote(stage: Stage, store: Store) -> None:
    """Each has an account with a direct place, once, however often the stage is opened."""
    stage.open()
    with store.read() as tx:
        for record in people.directory(tx):
            (account,) = accounts.of_person(tx, record.key)
            assert account.direct is not None
            assert account.direct.conversation == f"direct:{record.email}"


def test_who_has_left_is_not_there(stage: Stage, store: Store) -> None:
    with store.begin() as tx:
        lea = people.person_by_email(tx, "lea@example.com")
        assert lea
        people.mark_left(tx, [lea.key], NOW)
    assert "Lea Lang" not in {s.person.name for s in stage.speakers()}


def test_guests_read_in_one_channel_only(stage: Stage) -> None:
    assert [name for name, outsiders in stage.channels().items() if outsiders] == ["partners"]
    assert next(iter(stage.channels())) == "general"


def test_once_the_page_is_off_nothing_waits_there_for_ever(stage: Stage, store: Store) -> None:
    """Its accounts are forgotten, what was queued for them is cancelled and wiped, and the people stay."""
    with store.begin() as tx:
        pavel = people.person_by_email(tx, "pm@example.com")
        assert pavel is not None
        deliveries.enqueue(tx, [Post("case:1:asked", Card("A question"), person=pavel.key)], NOW)
        assert deliveries.counts(tx) == {"queued": 1}

    leave_local_mode(store, NOW)

    with store.read() as tx:
        assert deliveries.counts(tx) == {"cancelled": 1}
        assert accounts.account_for_writing(tx, pavel.key) is None
        assert people.person_by_email(tx, "pm@example.com") == pavel
    assert len(stage.speakers()) == 8


def test_everybody_has_a_page_of_their_own(stage: Stage) -> None:
    """Of what changes for their unit; a guest is told why there is little; whoever is not there has none."""
    assert "New phones" in [card.title for card in stage.home("lea@example.com")]
    assert stage.home("guest") != stage.home("visitor")
    assert stage.home("nobody") == ()


class Exchanging(Core):
    """A core that wishes to put another card in the place of whatever is pressed or handed in."""

    def hear(self, said: Said, wanted: Callable[[], bool] = lambda: True) -> Handled:
        """The same wish each time."""
        return Handled(instead=Card("after"))


def test_what_was_pressed_or_handed_in_is_exchanged_where_the_answer_wishes_it(store: Store, stage: Stage) -> None:
    """Only that message, and it shows that it was changed."""
    library = Library(store, SMALL)
    exchanging = Stage(store, library, Exchanging(store, library, lambda: NOW), lambda: NOW)
    lea = next(speaker.person for speaker in stage.speakers() if speaker.person.account == "lea@example.com")
    place = direct_place(lea.account)
    numbers = [
        exchanging.post_card(place.conversation, key=key, thread=0, card=Card("before")) for key in ("a", "b", "c")
    ]
    exchanging.press(Said("e1", lea, place, "why", "pressed"), numbers[0])
    exchanging.hand_in(Said("e2", lea, place, "answer 1", "form"), numbers[1])
    exchanging.press(Said("e3", lea, place, "why", "pressed"))
    found = [(m.card and m.card.body, m.edited) for m in stage.page(place.conversation)]
    assert found == [("after", True), ("after", True), ("before", False)]
