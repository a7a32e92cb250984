"""Themes: cases that say something similar belong together, are counted by people, and are told of when they grow."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from bot.library import Library
from bot.messages import Person, Place
from bot.playbook.model import Playbooks
from bot.serving import import_sample_people
from bot.store import Store, accounts, case_history, case_supporters, people
from bot.store import tables as t
from bot.themes import ticking
from bot.themes.likeness import SIZE, Floats, Likeness
from bot.themes.reading import People, Theme, by_unit, themes_of, title
from bot.themes.titles import title_words, vocabulary
from bot.words import Words

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SMALL = Path(__file__).parents[1] / "transcripts/playbooks/small"


def _by_first_word(text: str) -> Floats:
    """What begins with the same word means the same."""
    row = np.zeros(SIZE, dtype=np.float32)
    row[sum(text.partition(" ")[0].strip(":").encode()) % SIZE] = 1.0
    return row


FIRST_WORD = Likeness("first-word", 0.5, 0.5, _by_first_word)


class Office:
    """The small organisation, in which people raise concerns."""

    def __init__(self, store: Store) -> None:
        self.store, self.now = store, NOW
        library = Library(store, SMALL)
        library.refresh(NOW)
        import_sample_people(store, library, SMALL, NOW)
        self.playbooks: Playbooks = library.current.playbooks
        with store.begin() as tx:
            for who in ("pm", "agent"):
                accounts.identify(tx, Person("local", "local", who, email=f"{who}@example.com"), NOW)

    def key(self, who: str) -> str:
        with self.store.read() as tx:
            found = people.person_by_email(tx, f"{who}@example.com")
        assert found
        return found.key

    def raises(self, text: str, who: str = "", unit: str = "sales", driver: str = "timing") -> str:
        """A concern, in confidence where nobody is named; its id."""
        with self.store.begin() as tx:
            case = case_history.open_case(
                tx, kind="concern", initiative="phones", unit=unit, text=text, asker=self.key(who) if who else None,
                reply_to=Place("local", "local", "direct"), owner="head@example.com", due_at=self.now, now=self.now,
                driver=driver, confidential=not who,
            )  # fmt: skip
        return case.id

    def tick(self) -> int:
        return ticking.due(self.store, self.playbooks, self.now, FIRST_WORD)

    def themes(self, units: Collection[str] | None = None) -> list[Theme]:
        with self.store.read() as tx:
            return themes_of(tx, "phones", self.now, units=units)

    def by_unit(self, theme: Theme) -> dict[str, People]:
        with self.store.read() as tx:
            return by_unit(tx, "phones", theme.id, self.now)

    def told(self) -> dict[str, str]:
        """Who is told what, by name."""
        found = {}
        with self.store.read() as tx:
            for row in tx.execute(select(t.delivery).where(t.delivery.c.key.startswith("theme:"))):
                who = people.person(tx, row.person)
                found[who.name if who else ""] = tx.seal.open(row.card)
        return found


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)


def test_alike_cases_are_one_theme_whoever_raised_them(office: Office) -> None:
    office.raises("scanner: nobody asked us", "lea", driver="not-consulted")
    office.raises("scanner: without us", "otto", unit="office", driver="not-consulted")
    office.raises("scanner: again", "lea", driver="timing")
    office.raises("training is too short")
    office.tick()

    first, second = office.themes()

    assert first.people == People(2)
    assert (first.driver, first.cases, first.first) == ("not-consulted", 3, 1)
    assert office.by_unit(first) == {"sales": People(1), "office": People(1)}
    assert [one.people for one in office.themes({"sales"})] == [People(1), People(0, 1)]
    assert second.people == People(unnamed=1)


def test_who_joined_counts_once_and_a_case_that_was_merged_or_taken_back_does_not(office: Office) -> None:
    one, taken_back = office.raises("scanner one", "lea"), office.raises("scanner two", "root")
    merged = office.raises("scanner three", "agent")
    with office.store.begin() as tx:
        for who in ("otto", "lea", "pm"):
            case_supporters.join(tx, one, office.key(who))
        case_history.change_state(tx, taken_back, "withdrawn", actor="", now=NOW)
        tx.execute(t.case.update().where(t.case.c.id == merged).values(merged_into=one))
    office.tick()

    (theme,) = office.themes()

    assert (theme.cases, theme.people) == (1, People(3))


def test_a_small_number_with_somebody_in_confidence_among_them_is_not_said() -> None:
    words = Words("en")

    assert People(4).shown(words) == "4"
    assert People(3, 1).shown(words) == "fewer than five"
    assert People(3, 2).shown(words) == "5"
    assert People(4).shown(words, closely=False) == "fewer than five"


def test_a_theme_keeps_its_id_and_its_cases_count_after_they_are_answered(office: Office) -> None:
    first = office.raises("scanner one", "lea")
    office.tick()
    (before,) = office.themes()
    with office.store.begin() as tx:
        case_history.change_state(tx, first, "answered", actor=office.key("head"), now=NOW, text="Soon.")
    office.now += timedelta(days=40)
    office.raises("scanner two", "otto")
    office.tick()

    (after,) = office.themes()

    assert after.id == before.id
    assert after.open == 1
    assert after.people.number == 2
    assert (after.lately, after.before, after.earlier) == (People(1), People(1), People(1))
    assert after.more == 1


def test_a_theme_that_nothing_is_left_of_is_forgotten(office: Office) -> None:
    case = office.raises("scanner one", "lea")
    office.tick()
    with office.store.begin() as tx:
        tx.execute(t.case.delete().where(t.case.c.id == case))
    office.now += timedelta(days=1)
    office.tick()

    with office.store.read() as tx:
        assert tx.execute(select(t.theme)).all() == []


def test_a_theme_that_grows_is_told_once_to_the_leader_and_to_the_agents_of_the_unit(office: Office) -> None:
    for n in range(4):
        office.raises(f"scanner {n}: my colleague Ottokar is rude")
    office.tick()
    assert office.told() == {}

    office.raises("scanner: and once more", "lea")
    office.now += timedelta(days=1)
    office.tick()
    office.tick()
    told = office.told()

    assert set(told) == {"Pavel Manager", "Ada Agent"}
    for card in told.values():
        assert "More and more people" in card
        assert "Ottokar" not in card
        assert "Lea" not in card
    office.now += timedelta(days=1)
    for _ in range(5):
        office.raises("scanner once more")
    office.tick()
    assert len(office.told()) == 2
    with office.store.read() as tx:
        assert len(tx.execute(select(t.delivery).where(t.delivery.c.key.startswith("theme:"))).all()) == 2


def test_what_grows_elsewhere_is_not_told_to_the_agents_of_a_unit(office: Office) -> None:
    for n in range(6):
        office.raises(f"scanner {n}", unit="office")
    office.raises("scanner", unit="sales")
    office.tick()
    office.now += timedelta(days=1)
    office.tick()

    assert set(office.told()) == {"Pavel Manager"}


def test_what_came_long_ago_does_not_grow(office: Office) -> None:
    for n in range(6):
        office.raises(f"scanner {n}")
    office.now += timedelta(days=20)
    office.raises("scanner late")
    office.raises("scanner later")
    office.tick()

    assert office.told() == {}


def test_a_title_has_only_words_of_the_project_that_three_people_used(office: Office) -> None:
    """Neither a name nor anybody's own wording, nor what was said in confidence."""
    for who in ("lea", "otto"):
        office.raises("ringtone: Pavel took the ringtones and the security, that bandit", who)
    for _ in range(4):
        office.raises("ringtone: number battery")
    office.tick()
    (theme,) = office.themes()
    assert theme.words == {}

    office.raises("ringtone: no ringtone, Pavel, bandit", "agent")
    office.tick()
    (theme,) = office.themes()

    assert theme.words == {"en": ("ringtone",)}
    assert title(theme, Words("en")).endswith(": “ringtone”")


def test_no_name_of_a_person_is_in_a_title_even_if_the_playbook_has_it(office: Office) -> None:
    said = [(who, "en", "the ringtone") for who in "abc"]
    phones = office.playbooks.initiatives["phones"]

    assert title_words(said, vocabulary(phones, ())) == {"en": ("ringtone",)}
    assert title_words(said, vocabulary(phones, {"ringtone"})) == {}


def test_two_processes_put_a_case_into_one_theme(office: Office) -> None:
    for n in range(3):
        office.raises(f"scanner {n}", "lea")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: office.tick(), range(4)))

    assert len(office.themes()) == 1
