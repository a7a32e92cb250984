"""A project manager's own text for one post: per language, sealed, shown again where the planned text changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot import milestones
from bot.delivery import announcing
from bot.messages import Card
from bot.milestones.plan import posts
from bot.milestones.previews import Upcoming, edit_form, languages_of, preview_card, upcoming, version
from bot.milestones.standing import standings
from bot.milestones.words import Subject
from bot.people.hours import Calendar
from bot.playbook.model import Playbooks
from bot.store import Store, announcements
from bot.store import gathering as waiting
from bot.store import milestones as kept
from bot.store import tables as t
from bot.store.milestones import APPROVED, ASKED, HELD, OUT, SHOWN, Edited, PostId
from bot.words import Words
from tests.delivery.organisation import bind, initiative, listed, place, playbooks, unit

MONDAY, THURSDAY = date(2027, 3, 15), date(2027, 3, 4)
WEEK = PostId("crm", "go", MONDAY, "week")
OWN = {"en": Edited("Bring two.", "Bring it.")}


def name(_address: str) -> str:
    return "Pm"


def at(day: int, hour: int = 10) -> datetime:
    return datetime(2027, 3, day, hour, tzinfo=UTC)


def books(say: str = "Bring it.", translated: str = "Traga.", **more: Any) -> Playbooks:
    """One milestone, in English and Portuguese."""
    milestone = {"id": "go", "name": "We go", "date": MONDAY.isoformat(), "owner": "pm@example.com", "say": say, **more}
    found = initiative("crm", ["sales"], milestones=[milestone])
    said = found.written.model_copy(
        update={"milestones": (found.written.milestones[0].model_copy(update={"say": translated}),)}
    )
    translations = {"pt": said}
    return playbooks(replace(found, translations=translations), units=(unit("sales"), unit("finance", locale="pt-BR")))


@pytest.fixture
def team(store: Store) -> Store:
    for name in ("pm", "lea"):
        listed(store, name)
    bind(store, place("sales"), "sales")
    return store


def tick(store: Store, now: datetime, what: Playbooks) -> None:
    milestones.due(store, what, now)
    announcing.expand(store, what, now)


def cards(store: Store) -> list[Card]:
    with store.read() as tx:
        ids = tx.scalars(select(t.delivery.c.id).where(t.delivery.c.state == "queued").order_by(t.delivery.c.seq))
        return [card for id in ids for card in waiting.cards(tx, [id]) or ()]


def previews(store: Store) -> list[Card]:
    return [card for card in cards(store) if card.title == "Crm, to be sent: We go"]


def post(what: Playbooks) -> Upcoming:
    crm = what.initiatives["crm"]
    (standing,) = standings(crm, {})
    (week,) = [one for one in posts(MONDAY, Calendar(), THURSDAY) if one.stage == "week"]
    return upcoming(Subject(crm, standing, what.organisation, name), week, {})


def reword(store: Store, edited: dict[str, Edited], what: Playbooks) -> bool:
    with store.begin() as tx:
        return kept.edit(tx, WEEK, edited, version(post(what).with_texts(edited)))


def test_an_own_text_goes_out_to_readers_of_its_language_and_the_others_get_the_planned_one(team: Store) -> None:
    tick(team, at(4), books())
    assert reword(team, OWN, books())
    for day in (5, 8):
        tick(team, at(day), books())

    assert len(previews(team)) == 1
    with team.read() as tx:
        found = announcements.get(tx, "milestone:crm:go:2027-03-15:week")
    assert found is not None
    said = {one.locale: one.card.body for one in found.wordings if not one.unit}
    assert "Bring two." in said["en"]
    assert "Bring two." in said["de"]
    assert "Traga." in said["pt"]
    with team.begin() as tx:
        assert not kept.edit(tx, WEEK, {}, "1")


def test_a_planned_text_that_changes_is_shown_again_and_the_own_one_stands(team: Store) -> None:
    tick(team, at(4), books())
    reword(team, OWN, books())
    for _ in range(2):
        tick(team, at(5), books(say="Bring the badge."))

    _, again = previews(team)
    assert "Bring two." in again.body
    assert "The planned text (English) has changed since: “Bring the badge.”" in again.body
    assert "milestone unedit crm/go 2027-03-15 week" in [one.says for one in again.choices]


def test_an_own_text_cannot_be_read_in_the_database_and_goes_with_its_date(team: Store) -> None:
    tick(team, at(4), books())
    reword(team, {"en": Edited("canary-words", "Bring it.")}, books())
    with team.begin() as tx:
        assert "canary" not in str(tx.execute(select(t.milestone_post)).all())
        (shown,) = [one for one in kept.posts(tx, "crm") if one.id == WEEK]
        assert shown.edited["en"].text == "canary-words"
        assert kept.unshow(tx, WEEK)
        assert kept.show(tx, WEEK, SHOWN, "1")
        found = kept.post(tx, WEEK)
    assert found is not None
    assert found.edited == {}


@pytest.mark.parametrize(
    ("held_on", "reminders"), [(THURSDAY, 1), (None, 1), (date(2027, 3, 5), 0)], ids=["before", "unknown", "that day"]
)
def test_a_held_post_is_asked_about_once_on_the_working_day_before(
    team: Store, held_on: date | None, reminders: int
) -> None:
    tick(team, at(4), books())
    with team.begin() as tx:
        assert kept.turn(tx, WEEK, HELD, of=[SHOWN], on=held_on)
    for day in (4, 5, 5, 6, 7, 8):
        tick(team, at(day, 12), books())

    found = [card for card in previews(team) if card.body.startswith("You are holding this")]
    assert len(found) == reminders
    assert [card for card in cards(team) if card.title == "Crm: We go"] == []


def test_what_was_held_is_gone_when_the_next_post_has_its_day(team: Store) -> None:
    tick(team, at(4), books())
    with team.begin() as tx:
        kept.turn(tx, WEEK, HELD, of=[SHOWN])
    for day in (9, 10, 11, 12):
        tick(team, at(day), books())

    with team.begin() as tx:
        assert not kept.turn(tx, WEEK, APPROVED, of=[SHOWN, ASKED, HELD])


def test_what_it_means_for_a_unit_is_told_a_week_before_and_not_again(team: Store) -> None:
    what = books()
    crm = what.initiatives["crm"]
    (standing,) = standings(crm, {})
    (day,) = [one for one in posts(MONDAY, Calendar(), MONDAY) if one.stage == "day"]
    subject = Subject(crm, standing, what.organisation, name)

    out = {WEEK: kept.Shown(WEEK, OUT, "1")}
    assert [upcoming(subject, day, shown).brief for shown in ({}, out)] == [False, True]


def test_the_form_says_who_gets_the_text_and_the_preview_shows_every_own_one() -> None:
    what, words = books(), Words("en")
    planned = post(what)
    form = edit_form(planned, words, "en", ahead=True)
    assert form.asks[0].value == "Bring it."
    assert "There are translations: Português." in form.body
    assert "change agent has the earlier text" in form.body
    assert edit_form(planned, words, "pt", ahead=False).asks[0].value == "Traga."
    assert languages_of(what.initiatives["crm"]) == ["en", "pt"]

    own = planned.with_texts({"pt": Edited("Tragam dois.", "Traga.")})
    card = preview_card(own, words, announcing.Preview(), HELD)
    assert "**Português**: Tragam dois." in card.body
    assert "Readers of English get the planned one." in card.body
    assert [one.label for one in card.choices] == [
        "Send it after all", "Edit", "Edit: Português", "Back to the planned text",
    ]  # fmt: skip
