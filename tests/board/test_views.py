"""The views: to whom each is shown, and what it holds."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.board.page import File, Page
from bot.broadcasts.report import csv_of
from bot.store import broadcasts, gaps, milestones, tables
from bot.store.broadcasts import OUT, Version, Written
from tests.board.house import NOW, House


def page(house: House, who: str, view: str = "", **filters: str) -> Page | None:
    """The page of this view for this person."""
    shown = house.door.show(house.key(who), view, filters)
    assert not isinstance(shown, File)
    return shown


def text(shown: Page | None) -> str:
    """Everything that stands on a page."""
    assert shown
    return str(asdict(shown))


@pytest.mark.parametrize(
    "view",
    ["", "overview", "kit", "broadcasts", "coverage", "queue", "case", "decided", "concerns", "wins", "nonsense"],
)
@pytest.mark.parametrize("who", ["lea", "otto", "root"])
def test_without_a_role_there_is_no_page(house: House, view: str, who: str) -> None:
    assert page(house, who, view) is None


@pytest.mark.parametrize("view", ["overview", "broadcasts", "coverage"])
def test_what_is_for_those_who_lead_is_not_for_change_agents(house: House, view: str) -> None:
    assert page(house, "agent", view) is None
    assert page(house, "pm", view) is not None
    assert page(house, "head", view) is not None


def test_everybody_begins_with_what_is_theirs(house: House) -> None:
    agent, leader = page(house, "agent"), page(house, "pm")
    assert agent
    assert leader

    assert [link.to for link in agent.views] == ["kit", "concerns", "results", "wins"]
    assert [link.to for link in leader.views] == [
        "overview",
        "queue",
        "decided",
        "kit",
        "broadcasts",
        "coverage",
        "results",
        "wins",
    ]
    assert leader.views[0].here


def test_the_overview_holds_goals_and_the_plan(house: House) -> None:
    shown = text(page(house, "pm", "overview", of="phones"))

    assert "Phones handed out" in shown
    assert "15 March 2027" in shown
    assert "Pavel Manager" in shown


def test_an_initiative_one_does_not_lead_is_not_there(house: House) -> None:
    assert page(house, "agent", "overview", of="phones") is None
    assert page(house, "pm", "overview", of="nothing") is None


def test_the_kit_says_what_the_playbook_says(house: House) -> None:
    shown = page(house, "agent", "kit", of="phones/phones-out")
    assert shown
    points = {card.title: card.body for card in shown.cards}

    assert points["What changes"] == "Bring your old phone."
    assert points["Why"] == "The old phones get no security updates any more."
    assert points["When"] == "**Monday, 15 March 2027**"
    assert "You get a new phone." in points["What it means for your team"]
    assert "The old ringtone" in points["What it means for your team"]


def test_a_kit_holds_nothing_that_colleagues_may_not_read(house: House) -> None:
    """The page for change agents alone is not quoted: it would be passed on."""
    (house.folder / "phones/faq-agents.md").write_text(
        "---\naudience: change-agents\n---\n\n## What happens to my job?\n\nPier nine is for us alone.\n",
        encoding="utf-8",
    )
    house.library.refresh(house.now)

    shown = text(page(house, "agent", "kit", of="phones/phones-out"))

    assert "Pier nine" not in shown


def test_a_question_without_an_answer_is_expected_once_five_have_asked_it(house: House) -> None:
    def ask(who: int, wording: str = "Is it waterproof?") -> None:
        with house.store.begin() as tx:
            gaps.record_gap(tx, initiative="phones", locale="en", text=wording, words=wording, passage="",
                            person=f"p{who}", today=NOW.date())  # fmt: skip

    for who in range(4):
        ask(who)
    assert "waterproof" not in text(page(house, "agent", "kit"))

    ask(4)
    assert "waterproof" in text(page(house, "agent", "kit"))

    house.now = NOW + timedelta(days=40)
    assert "waterproof" not in text(page(house, "agent", "kit"))


def test_the_sheet_is_for_the_notice_board(house: House) -> None:
    shown = page(house, "agent", "kit")
    assert shown
    sheet = shown.sheet
    assert sheet

    assert sheet.title == "Phones handed out"
    assert sheet.date == "Monday, 15 March 2027"
    assert sheet.address == "https://pages.example.com/board/ask"
    assert "Ada Agent" in sheet.contact
    assert "Pavel" not in str(asdict(sheet)), "nobody else is named on it"
    assert "@" not in str(asdict(sheet))


def test_a_leader_prints_the_sheet_with_the_change_agent_to_ask(house: House) -> None:
    shown = page(house, "pm", "kit", of="phones/phones-out", unit="sales")

    assert shown
    assert shown.sheet
    assert "Ada Agent" in shown.sheet.contact


def test_the_kit_can_be_had_in_another_language(house: House) -> None:
    shown = page(house, "agent", "kit", of="phones/phones-out", language="de")

    assert shown
    assert shown.locale == "de"
    assert shown.cards[0].title == "Was sich ändert"
    assert page(house, "agent", "kit", of="phones/phones-out", language="xx") is not None


def test_a_milestone_that_is_not_of_ones_unit_has_no_kit(house: House) -> None:
    house.edit("units: [sales]}", "units: [office]}")

    shown = page(house, "agent", "kit")

    assert page(house, "agent", "kit", of="phones/phones-out") is None
    assert shown
    assert "No date that concerns your team is coming up." in text(shown)


def test_a_kit_says_that_the_date_is_at_risk(house: House) -> None:
    with house.store.begin() as tx:
        milestones.report(tx, "phones", "phones-out", "at-risk", "*No* phones", house.key("pm"), NOW.date())

    assert "This date is at risk: \\\\*No\\\\* phones" in text(page(house, "agent", "kit"))


def test_coverage_names_who_speaks_where(house: House) -> None:
    shown = page(house, "pm", "coverage")
    assert shown
    table = next(card.table for card in shown.cards if card.title == "New phones")

    assert table[1][1] == "Ada Agent"
    assert table[2][1] == "nobody yet"


def test_nothing_sent_and_nothing_won_is_said(house: House) -> None:
    assert "Nothing has been sent" in text(page(house, "pm", "broadcasts"))
    assert "No win has been told yet" in text(page(house, "agent", "wins"))
    assert page(house, "pm", "broadcasts", of="999") is None
    assert page(house, "pm", "broadcasts", of="x" * 50) is None


def test_what_was_sent_is_listed_and_reported_as_a_page_and_as_a_file(house: House) -> None:
    with house.store.begin() as tx:
        written = Written((Version("en", "Charger <b>recall</b>", "Bring it back."),))
        number = broadcasts.draft(tx, "phones", house.key("pm"), written, NOW)
    of = str(number)
    assert "Charger" not in text(page(house, "pm", "broadcasts")), "a draft is its author's"
    assert page(house, "pm", "broadcasts", of=of) is None

    with house.store.begin() as tx:
        tx.execute(update(tables.broadcast).values(state=OUT, out_at=NOW))
    listed, report = page(house, "head", "broadcasts"), page(house, "pm", "broadcasts", of=of)
    file = house.door.show(house.key("pm"), "broadcasts", {"of": of, "as": "csv"})

    assert f"broadcasts/{of}" in text(listed)
    assert report
    assert report.downloads[0].to == f"broadcasts/{of}?as=csv"
    assert isinstance(file, File)
    assert file.content.startswith("State,Reason,")
    assert house.door.show(house.key("agent"), "broadcasts", {"of": of, "as": "csv"}) is None


def test_cells_of_a_download_are_no_formulas() -> None:
    assert csv_of([("=1+1", "a")]).startswith("'=1+1")
