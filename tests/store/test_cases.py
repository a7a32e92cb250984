"""A case has one owner, one state at a time and a history that only grows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from bot.messages import Place
from bot.store import Store, case_history, cases
from bot.store.case_history import CaseEvent
from bot.store.cases import Case

NOW = datetime(2027, 3, 15, 9, 30, 12, tzinfo=UTC)
DUE = NOW + timedelta(days=3)
HERE = Place("slack", "T1", "D1")
ANA, PM = "a" * 32, "b" * 32


def raised(store: Store, **more: Any) -> Case:
    values = {
        "kind": "question",
        "initiative": "crm",
        "unit": "payroll",
        "text": "Why the old system?",
        "asker": ANA,
        "reply_to": HERE,
        "owner": "PM@example.com",
        "due_at": DUE,
        "now": NOW,
    }
    with store.begin() as tx:
        return case_history.open_case(tx, **{**values, **more})


def change(store: Store, case: Case, to: str, actor: str = PM, said: str = "") -> bool:
    with store.begin() as tx:
        return case_history.change_state(tx, case.id, to, actor=actor, now=NOW, text=said)


def look(store: Store, case: Case) -> Case:
    with store.read() as tx:
        found = cases.case(tx, case.id)
    assert found is not None
    return found


def history(store: Store, case: Case) -> list[CaseEvent]:
    with store.read() as tx:
        return case_history.history(tx, case.id)


def test_a_case_is_found_as_it_was_raised(store: Store) -> None:
    case = raised(store, driver="workload", severity=2)

    expected = Case(
        id=case.id,
        number=1,
        kind="question",
        initiative="crm",
        unit="payroll",
        text="Why the old system?",
        asker=ANA,
        reply_to=HERE,
        driver="workload",
        severity=2,
        owner="pm@example.com",
        state="new",
        created_at=NOW,
        due_at=DUE,
        answer="",
    )
    assert look(store, case) == expected
    with store.read() as tx:
        assert cases.case_by_number(tx, 1) == expected
        assert cases.case_by_number(tx, 2) is None
        assert cases.cases_of(tx, "pm@EXAMPLE.com") == [expected]
        assert cases.cases_asked_by(tx, ANA) == [expected]
        assert cases.cases_asked_by(tx, PM) == []


def test_numbers_of_named_cases_run(store: Store) -> None:
    assert [raised(store).number for _ in range(3)] == [1, 2, 3]


def test_an_owner_sees_what_is_open_the_next_due_first(store: Store) -> None:
    late, soon, done = raised(store), raised(store, due_at=NOW), raised(store)
    change(store, done, "answered")

    with store.read() as tx:
        assert [case.number for case in cases.cases_of(tx, "pm@example.com")] == [soon.number, late.number]
        assert [c.number for c in cases.cases_of(tx, "pm@example.com", ["answered"])] == [done.number]


def test_an_answer_closes_once_and_a_second_press_changes_nothing(store: Store) -> None:
    case = raised(store)

    assert change(store, case, "answered", said="Because.")
    assert not change(store, case, "answered", said="Because of something else.")

    assert look(store, case) == replace(case, state="answered", answer="Because.")
    assert [(event.what, event.actor, event.text) for event in history(store, case)] == [
        ("new", ANA, ""),
        ("answered", PM, "Because."),
    ]


def test_a_case_goes_only_where_it_may(store: Store) -> None:
    case = raised(store)
    steps = ["reopened", "acknowledged", "acknowledged", "in-progress", "answered", "reopened", "resolved"]

    allowed = [change(store, case, to) for to in [*steps, "withdrawn", "reopened", "withdrawn", "answered"]]

    assert allowed == [False, True, False, True, True, True, True, False, True, True, False]


def test_an_unknown_case_cannot_be_changed(store: Store) -> None:
    assert not change(store, replace(raised(store), id="nothing"), "answered")


def test_without_a_name_only_the_sealed_place_leads_back(store: Store) -> None:
    case = raised(store, asker=None, draw=lambda below: 12_345)

    assert (case.asker, case.number, case.reply_to) == (None, 22_345, HERE)
    assert case.created_at == datetime(2027, 3, 16, tzinfo=UTC)
    assert case.due_at == datetime(2027, 3, 19, tzinfo=UTC)


def test_without_a_name_the_history_knows_the_owner_and_nobody_else(store: Store) -> None:
    case = raised(store, asker=None)
    change(store, case, "answered", said="Because.")
    change(store, case, "reopened", actor=ANA, said="No.")
    change(store, case, "withdrawn", actor=ANA)

    events = history(store, case)

    assert [(event.what, event.actor) for event in events] == [
        ("new", ""),
        ("answered", PM),
        ("reopened", ""),
        ("withdrawn", ""),
    ]
    assert {event.at for event in events} == {datetime(2027, 3, 16, tzinfo=UTC)}


def test_without_a_name_all_places_look_alike_when_sealed(store: Store) -> None:
    raised(store, asker=None, reply_to=Place("slack", "T1", "D1"))
    raised(store, asker=None, reply_to=Place("teams", "t" * 36, "a:" + "x" * 150, "thread"))

    with store.read() as tx:
        lengths = {len(sealed) for sealed in tx.scalars(text('SELECT reply_to FROM "case"'))}
    assert len(lengths) == 1


def test_a_drawn_number_that_is_taken_is_drawn_again(store: Store) -> None:
    draws = iter([5, 5, 6])

    numbers = [raised(store, asker=None, draw=lambda _: next(draws)).number for _ in range(2)]

    assert numbers == [10_005, 10_006]


def test_old_cases_are_forgotten_with_their_history_but_never_open_ones(store: Store) -> None:
    still_open, closed, concern = raised(store), raised(store), raised(store, kind="concern")
    change(store, closed, "answered")
    change(store, concern, "answered")

    with store.begin() as tx:
        assert cases.forget(tx, "question", NOW + timedelta(days=1)) == 1
        assert cases.case(tx, closed.id) is None
        assert case_history.history(tx, closed.id) == []
        assert cases.case(tx, still_open.id) is not None
        assert cases.case(tx, concern.id) is not None


def test_a_number_is_not_given_again(store: Store) -> None:
    change(store, raised(store), "answered")
    with store.begin() as tx:
        cases.forget(tx, "question", NOW + timedelta(days=1))

    assert raised(store).number == 2
