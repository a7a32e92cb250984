"""Results as pages and files: who is shown which groups, and that suppressed figures are in none of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from bot.board.page import File, Page
from bot.broadcasts.report import csv_of
from bot.store import Seal, Store, people, tables
from tests.pulse.bakery import BAKEHOUSE, SHOP, VANS, Bakery, bakery, said

MIXED = {
    **{name: said(4 + n % 2, 2 + n % 2, missing=(1,)) for n, name in enumerate(BAKEHOUSE)},
    **{name: said(4, 5, words=f"=cmd|{name}") for name in SHOP},
    **{name: said(3, 4) for name in VANS},
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Bakery, int]]:
    """A bakery with one closed round, whose pages are only read."""
    store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('results') / 'pages.db'}", secret=Seal(["p" * 40]))
    store.migrate()
    with bakery(store) as shop:
        yield shop, shop.round(MIXED).id
    store.close()


def _show(shop: Bakery, who: str, **filters: str) -> Page | File | None:
    with shop.here.store.read() as tx:
        person = people.person_by_email(tx, f"{who}@example.com")
    assert person is not None
    return shop.here.core.show(person.key, "results", filters)


def _text(page: Page | File | None) -> str:
    assert isinstance(page, Page)
    return "\n".join(f"{card.title}\n{card.body}\n{card.table}\n{card.image_text}" for card in page.cards)


def test_who_leads_sees_every_group_and_what_will_be_done(made: tuple[Bakery, int]) -> None:
    shop, number = made
    for who in ("piet", "hanna"):
        page = _show(shop, who, of=str(number))
        text = _text(page)
        assert isinstance(page, Page)
        assert [link.label for link in page.links[0]] == ["Everybody", "Production", "Shop"]
        assert "After “Are we ready?”: what will you do?" in text
        assert all(not card.choices for card in page.cards)


def test_a_change_agent_sees_the_own_group_alone(made: tuple[Bakery, int]) -> None:
    shop, number = made
    text = _text(_show(shop, "bob", of=str(number), group="shop"))
    assert "Production" in text
    assert "Shop" not in text
    assert "Everybody" not in text
    assert "what will you do" not in text


@pytest.mark.parametrize("who", ["bea", "sue"])
def test_nobody_else_has_the_page(made: tuple[Bakery, int], who: str) -> None:
    shop, number = made
    assert _show(shop, who, of=str(number)) is None
    assert _show(shop, who, of=str(number), **{"as": "csv"}) is None


@pytest.mark.parametrize("wanted", ["999", "-1", "x", "9" * 30, "²"])
def test_a_round_that_is_not_there_is_no_page(made: tuple[Bakery, int], wanted: str) -> None:
    assert _show(made[0], "piet", of=wanted) is None


def test_the_file_holds_what_the_page_shows_and_nothing_of_smaller_groups(made: tuple[Bakery, int]) -> None:
    shop, number = made
    file = _show(shop, "piet", of=str(number), **{"as": "csv"})
    assert isinstance(file, File)
    rows = list(csv.DictReader(io.StringIO(file.content)))
    assert {row["group"] for row in rows} == {"Everybody", "Production", "Shop"}
    hidden = [row for row in rows if row["group"] == "Shop" and row["question"] == "What is missing?"]
    assert [(row["answers"], row["value"], row["share"]) for row in hidden] == [("fewer than 5", "", "")]
    assert "cmd" not in file.content
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())


def test_fewer_than_ten_comments_are_on_no_page(made: tuple[Bakery, int]) -> None:
    shop, number = made
    for group in ("all", "shop"):
        assert "cmd" not in _text(_show(shop, "piet", of=str(number), group=group))


def test_what_is_taken_along_is_noted(made: tuple[Bakery, int]) -> None:
    shop, number = made
    _show(shop, "piet", of=str(number), **{"as": "csv"})
    with shop.here.store.read() as tx:
        noted = [row.subject for row in tx.execute(select(tables.audit)) if row.action == "board.exported"]
    assert noted[-1] == f"ovens survey {number}"


def test_comments_are_in_a_file_of_their_own_for_who_leads(store: Store) -> None:
    everybody = (*BAKEHOUSE, *SHOP)
    with bakery(store) as shop:
        number = shop.round({name: said(4, 4, words=f"=time for {name}") for name in everybody}).id
        file = _show(shop, "piet", of=str(number), **{"as": "comments"})
        assert isinstance(file, File)
        texts = [row["text"] for row in csv.DictReader(io.StringIO(file.content))]
        assert sorted(texts) == sorted(f"'=time for {name}" for name in everybody)
        for who in ("bob", "bea"):
            assert _show(shop, who, of=str(number), **{"as": "comments"}) is None


def test_figures_in_a_file_are_numbers() -> None:
    """A score below zero is no formula."""
    assert csv_of([("score", -12.5, -3, "-x")]) == "score,-12.5,-3,'-x\r\n"
