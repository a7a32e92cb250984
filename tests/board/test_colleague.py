"""What a change agent raises for a colleague without an account: named only with a yes, answered to the agent."""

from __future__ import annotations

import pytest

from bot.messages import Person, Place, PlaceKind
from bot.raising import signed, unsigned
from bot.store import accounts, cases
from bot.store.cases import Case
from tests.board.house import House

WHAT = {"kind": "question", "text": "Can I keep my charger?", "agreed": "no", "name": "Rosa Lima"}


def raised(house: House) -> list[Case]:
    """What waits for the project manager."""
    with house.store.read() as tx:
        return cases.cases_of(tx, "pm@example.com")


def test_without_a_yes_the_name_is_not_kept(house: House) -> None:
    house.presses("agent", "for-colleague phones", WHAT)

    (case,) = raised(house)
    assert case.text == "Can I keep my charger?"
    assert case.for_colleague
    assert case.asker == house.key("agent")
    assert case.unit == "sales"


def test_with_a_yes_the_name_stands_in_the_case_and_nowhere_in_what_is_published(house: House) -> None:
    house.presses("agent", "for-colleague phones", {**WHAT, "agreed": "yes"})

    (case,) = raised(house)
    assert "Rosa Lima" in case.text
    assert unsigned(case) == "Can I keep my charger?"
    assert signed(unsigned(case), "Rosa Lima") == case.text

    house.presses("pm", f"answer {case.number}", {"text": "Yes."})
    form = house.presses("pm", f"add-answer case {case.number}").cards
    assert "charger" in str(form)
    assert "Rosa" not in str(form)


def test_a_yes_without_a_name_is_asked_for_and_nothing_is_raised(house: House) -> None:
    handled = house.presses("agent", "for-colleague phones", {**WHAT, "agreed": "yes", "name": "  "})

    assert set(handled.problems) == {"name"}
    assert raised(house) == []


@pytest.mark.parametrize("missing", ["kind", "text", "agreed"])
def test_a_form_that_is_not_complete_raises_nothing(house: House, missing: str) -> None:
    handled = house.presses("agent", "for-colleague phones", {**WHAT, missing: ""})

    assert missing in handled.problems
    assert raised(house) == []


@pytest.mark.parametrize("who", ["lea", "pm", "head", "root", "stranger"])
def test_only_change_agents_raise_something_for_others(house: House, who: str) -> None:
    for rest in ("", " phones", " secret", " nothing"):
        handled = house.presses(who, f"for-colleague{rest}", WHAT)
        assert "Only those who speak for a project" in handled.cards[0].body
    assert raised(house) == []


def test_an_agent_raises_nothing_in_a_project_that_is_not_theirs(house: House) -> None:
    house.presses("agent", "for-colleague secret", WHAT)
    house.presses("agent", "for-colleague desks", WHAT)

    assert raised(house) == []


@pytest.mark.parametrize("kind", ["direct", "channel"])
def test_the_answer_comes_back_to_the_agent_alone(house: House, kind: PlaceKind) -> None:
    with house.store.begin() as tx:
        agent = Person("local", "local", "agent", email="agent@example.com")
        accounts.identify(tx, agent, house.now)
        accounts.remember_direct(tx, agent, Place("local", "local", "direct:agent"))

    house.presses("agent", "for-colleague phones", WHAT, kind)

    (case,) = raised(house)
    assert case.reply_to.kind == "direct"
    assert case.reply_to.conversation == "direct:agent"


def test_an_agent_of_several_units_says_which(house: House) -> None:
    house.edit("change_agents: {sales: [agent@example.com]}",
               "change_agents: {sales: [agent@example.com], office: [agent@example.com]}")  # fmt: skip

    house.presses("agent", "for-colleague phones", {**WHAT, "unit": "office"})
    house.presses("agent", "for-colleague phones", {**WHAT, "text": "Which one?", "unit": "company"})

    (case,) = raised(house)
    assert case.unit == "office"


def test_the_same_twice_is_one(house: House) -> None:
    house.presses("agent", "for-colleague phones", WHAT)
    house.presses("agent", "for-colleague phones", WHAT)
    house.presses("agent", "ask-owner phones", {"text": WHAT["text"], "name": "named"})

    assert [case.for_colleague for case in raised(house)] == [True, False], "the agent's own question is another one"
