"""What is told of a closed round, to whom, and what is never told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.pulse.results import Outcome
from bot.store import Store
from tests.pulse.bakery import BAKEHOUSE, SHOP, VANS, Bakery, bakery, said

MIXED = {
    **{name: said(4 + n % 2, 2 + n % 2, missing=(1,)) for n, name in enumerate(BAKEHOUSE)},
    **{name: said(4, 5) for name in SHOP},
    **{name: said(3, 4) for name in VANS},
}


@pytest.fixture
def shop(store: Store) -> Iterator[Bakery]:
    """The bakery on a Monday in February."""
    with bakery(store) as made:
        yield made


def _keys(outcome: Outcome) -> list[str]:
    return [scope.key for scope in outcome.scopes]


def test_groups_that_are_too_small_stand_together(shop: Bakery) -> None:
    """Seven bakers, two drivers, six in the shop: the drivers with the bakers, under the same unit."""
    shown = shop.report(shop.round(MIXED))
    outcome = shown.outcome

    assert _keys(outcome) == ["all", "production", "shop"]
    assert [outcome.answered_in(scope) for scope in outcome.scopes] == [15, 9, 6]
    assert [outcome.asked_in(scope) for scope in outcome.scopes] == [15, 9, 6]


def test_a_question_that_few_answered_is_shown_only_where_enough_did(shop: Bakery) -> None:
    """`missing` is asked of the bakers alone: shown with the drivers and for everybody, not for the shop."""
    outcome = shop.report(shop.round(MIXED)).outcome
    missing = next(one for one in outcome.template.questions if one.id == "missing")

    cells = {scope.key: outcome.cell(missing, scope) for scope in outcome.scopes}
    assert {key: cell.answers if cell else None for key, cell in cells.items()} == {
        "all": 7,
        "production": 7,
        "shop": None,
    }


def test_who_leads_is_told_at_once_and_in_full(shop: Bakery) -> None:
    shop.round(MIXED)
    for who in ("piet", "hanna"):
        told = shop.told(who)
        assert "Are we ready?" in told
        assert "All 15 who were asked answered." in told
        assert "an hour at the oven with Bob" in told


def test_a_change_agent_is_told_of_the_own_unit_and_of_no_other(shop: Bakery) -> None:
    """Bob speaks for the bakehouse, which stands together with the vans."""
    shop.round(MIXED)

    assert "Production" in shop.told("bob")
    assert "Shop" not in shop.told("bob")
    assert "Results" not in shop.told("bea").title()


def test_those_asked_are_told_when_everything_has_a_word(shop: Bakery) -> None:
    round = shop.round(MIXED)
    here = shop.here
    actions = shop.report(round).actions
    assert [(one.question, one.scope, one.proposal) for one in actions] == [
        ("can-do", "production", "an hour at the oven with Bob")
    ]
    assert "we will do" not in shop.told("bea")

    here.fills("piet", f"action name {actions[0].id}", {"what": "Bob bakes with you.", "until": "2027-03-05"})
    shop.later(timedelta(days=1))

    for who in ("bea", "vic", "sue"):
        told = shop.told(who)
        assert "Bob bakes with you." in told, who
    assert "O que vamos fazer" in shop.told("sue")
    assert "Was wir tun" in shop.told("vic")


def test_those_asked_are_told_after_five_working_days_whatever_was_said(shop: Bakery) -> None:
    shop.round(MIXED)
    shop.later(timedelta(days=4))
    assert "Not decided yet" not in shop.told("bea")
    shop.later(timedelta(days=4))
    assert "Not decided yet; Piet Company answers for it." in shop.told("bea")


def test_silence_is_reminded_after_ten_working_days(shop: Bakery) -> None:
    shop.round(MIXED)
    shop.later(timedelta(days=12))
    assert "nobody has said what will be done" not in shop.told("piet")
    shop.later(timedelta(days=3))
    assert shop.told("piet").count("nobody has said what will be done") == 1


def test_what_was_promised_is_asked_about_and_told_when_it_is_done(shop: Bakery) -> None:
    round = shop.round(MIXED)
    action = shop.report(round).actions[0]
    shop.here.fills("piet", f"action name {action.id}", {"what": "Bob bakes with you.", "until": "2027-02-19"})
    shop.later(timedelta(days=12))
    assert shop.told("piet").count("How does it stand?") == 1

    shop.here.presses("piet", "It is done")
    shop.here.presses("piet", "It is done")
    shop.later(timedelta(days=3))

    assert "That was decided already." in shop.told("piet")
    assert shop.told("bea").count("Done: Bob bakes with you.") == 1


def test_who_does_not_lead_can_decide_nothing(shop: Bakery) -> None:
    round = shop.round(MIXED)
    action = shop.report(round).actions[0]
    for who in ("bea", "bob"):
        shop.here.fills(who, f"action name {action.id}", {"what": "No.", "until": "2027-03-05"})
        for verb in ("done", "moved", "nothing"):
            shop.here.hear(shop.here.payload(who, press=f"action {verb} {action.id}"))
        assert shop.told(who).count("That is for those who lead the project.") == 4
    assert shop.report(round).actions[0].state == "open"


@pytest.mark.parametrize("number", [0, 4])
def test_too_few_answers_show_nothing_to_anybody(shop: Bakery, number: int) -> None:
    round = shop.round({name: said(1, 1) for name in BAKEHOUSE[:number]})
    shop.later(timedelta(days=1))

    assert shop.report(round).destroyed
    for who in ("piet", "bea"):
        assert "Fewer than 5 people answered." in shop.told(who)
        assert "deleted unread" in shop.told(who)


def test_a_change_is_shown_only_where_it_is_more_than_noise(shop: Bakery) -> None:
    shop.round({name: said(2 + n % 2, 3 + n % 2) for n, name in enumerate((*BAKEHOUSE, *SHOP))})
    later = {name: said(4 + n % 2, 3 + (n + 1) % 2) for n, name in enumerate((*BAKEHOUSE, *SHOP))}
    shown = shop.report(shop.round(later))

    assert {one.question.id for one in shown.changes} == {"know-why"}
    assert shown.closed.before


def test_comments_are_shown_from_ten_on_and_only_to_those_who_lead(shop: Bakery) -> None:
    everybody = (*BAKEHOUSE, *SHOP)
    wrote = {name: said(4, 4, words=f"more time for {name}") for name in everybody[:9]}
    first = shop.round(wrote)
    shop.here.says("piet", f"results {first.id} comments")
    assert "more time" not in shop.told("piet")

    second = shop.round(wrote | {everybody[9]: said(4, 4, words="time is short")})
    for who in ("piet", "bob", "bea"):
        shop.here.says(who, f"results {second.id} comments")
    assert "more time for bea" in shop.told("piet")
    assert "“time” (10)" in shop.told("piet")
    assert "more time" not in shop.told("bob")
    assert "more time" not in shop.told("bea")


def test_results_are_asked_for_by_anybody_and_shown_to_whom_they_are_for(shop: Bakery) -> None:
    few = {name: said(2, 1) for name in (*BAKEHOUSE, *VANS)}
    shop.round(few, asked=few)

    assert "All 9 who were asked answered." in str(shop.here.says("piet", "results"))
    assert "knowing why (2 of 5)" in shop.told("piet")
    assert "You will hear what came out" in str(shop.here.says("bea", "results"))
    assert "Não há resultados que você possa ver" in str(shop.here.says("sue", "resultados"))
    assert "no results that you can see" in str(shop.here.says("bea", "results 999"))


def test_what_free_texts_speak_of_returns_to_those_asked_without_a_name_or_a_sentence(shop: Bakery) -> None:
    everybody = (*BAKEHOUSE, *SHOP)
    wrote = {name: said(4, 4, words=f"Bob Bakehouse has no time for {name}") for name in everybody}
    shop.round(wrote)
    shop.later(timedelta(days=10))

    told = shop.told("bea")
    assert "13 people wrote something. Often: “time” (13)" in told
    assert "has no time" not in told
    assert not any(name in told for name in ("“Bob”", "“Bakehouse”"))


def test_those_are_told_who_were_asked_and_nobody_else(shop: Bakery) -> None:
    """Whoever was not asked, and whoever wants none of this kind any more, is left in peace; who has moved is not."""
    asked = ("bea", "bob", "vic", "ben", "bill", "bert", "boris")
    round = shop.round({name: said(4, 4) for name in asked[2:]}, asked=asked)
    shop.here.says("bea", f"survey never {round.id}")
    shop.later(timedelta(days=10))

    assert "what you told us in" in shop.told("bob")
    assert "was Sie uns in" in shop.told("vic")
    assert "o que vocês nos disseram" not in shop.told("sue")
    assert "what you told us in" not in shop.told("bea")


def test_the_second_round_is_shown_over_time_to_those_who_read_results(shop: Bakery) -> None:
    answers = {name: said(4, 2) for name in (*BAKEHOUSE, *SHOP)}
    first, second = shop.round(answers).id, shop.round(answers).id

    assert "nothing to compare" in str(shop.here.says("piet", f"results {first} trend"))
    for who in ("piet", "bob"):
        shop.here.says(who, f"results {second}")
        shown = shop.here.presses(who, "Over time")[0]
        assert "How the means moved over 2 rounds" in shown["text"]
        assert "I can do my work with them. | 2 | 2" in shown["text"]
    assert "no results that you can see" in str(shop.here.says("bea", f"results {second} trend"))


def test_every_answer_is_shown_with_its_share_where_it_may_be(shop: Bakery) -> None:
    number = shop.round(MIXED).id

    shop.here.says("piet", f"results {number}")
    shown = str(shop.here.presses("piet", "All answers"))
    assert "1: 0% · 2: 27% · 3: 20% · 4: 13% · 5: 40%" in shown
    assert "time: 0% · practice: 100% · nothing: 0%" in shown
    assert "no results that you can see" in str(shop.here.says("bea", f"results {number} spread"))
