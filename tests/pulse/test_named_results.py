"""What was answered with names: read by those who were named beforehand, by nobody else, while it is allowed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.board.page import File, Page
from bot.pulse.named import by_name
from bot.store import Store, people
from bot.store import tables as t
from tests.pulse.bakery import Bakery, bakery, said

FEW = {"bea": said(2, 1, words="=1+1 *more* time"), "sue": said(5, 5)}


@pytest.fixture
def shop(store: Store) -> Iterator[Bakery]:
    with bakery(store) as made:
        yield made


def _show(shop: Bakery, who: str, number: int, **filters: str) -> Page | File | None:
    with shop.here.store.read() as tx:
        person = people.person_by_email(tx, f"{who}@example.com")
    assert person is not None
    return shop.here.core.show(person.key, "results", {"of": str(number), **filters})


def _says(shop: Bakery, who: str, text: str) -> str:
    return str(shop.here.says(who, text))


def _trail(shop: Bakery) -> list[str]:
    with shop.here.store.read() as tx:
        return [f"{row.action} {row.subject}" for row in tx.execute(select(t.audit))]


def test_who_leads_reads_each_answer_with_its_name(shop: Bakery) -> None:
    number = shop.round(FEW, named=True).id

    assert "deleted" not in shop.told("piet")
    shop.here.says("piet", f"results {number}")
    read = str(shop.here.presses("piet", "Answers by name"))

    assert all(part in read for part in ("Bea", "more", "Sue", "5 – fully"))
    assert "Bob" not in read


@pytest.mark.parametrize("who", ["bob", "bea", "sue", "vic"])
def test_nobody_else_reads_a_name(shop: Bakery, who: str) -> None:
    number = shop.round(FEW, named=True).id

    assert "Sue" not in _says(shop, who, f"results {number} names")
    assert _show(shop, who, number, **{"as": "names"}) is None
    assert "more* time" not in shop.told(who)


def test_the_page_and_the_file_hold_them_and_taking_it_along_is_noted(shop: Bakery) -> None:
    number = shop.round(FEW, named=True).id

    page, file = _show(shop, "piet", number), _show(shop, "hanna", number, **{"as": "names"})

    assert isinstance(page, Page)
    assert any("Sue" in str(card.table) for card in page.cards)
    assert isinstance(file, File)
    rows = list(csv.DictReader(io.StringIO(file.content)))
    assert {row["name"].split()[0] for row in rows} == {"Bea", "Sue"}
    assert "'=1+1 *more* time" in {row["answer"] for row in rows}
    assert any(f"survey {number}-names" in line for line in _trail(shop))


def test_a_survey_without_names_has_none(shop: Bakery) -> None:
    number = shop.round({name: said(4, 4) for name in ("bea", "ben", "bill", "bert", "sue")}).id

    assert "Answers by name" not in _says(shop, "piet", f"results {number}")
    assert "Bea" not in _says(shop, "piet", f"results {number} names")
    assert _show(shop, "piet", number, **{"as": "names"}) is None


def test_nothing_by_name_once_the_organisation_forbids_it(shop: Bakery) -> None:
    shown = shop.report(shop.round(FEW, named=True))
    policy = shown.organisation.policy
    off_in = policy.model_copy(update={"off_in": {"shop": ("named-surveys",)}})
    off = policy.model_copy(update={"off": ("named-surveys",)})

    for one, left in ((policy, ["Bea", "Sue"]), (off_in, ["Bea"]), (off, [])):
        changed = replace(shown, organisation=replace(shown.organisation, policy=one))
        with shop.here.store.read() as tx:
            assert [found.name.split()[0] for found in by_name(tx, changed)] == left
