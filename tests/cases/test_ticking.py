"""What the clock brings to cases: each step once, in working time, whoever is away and however long nobody ticked."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.store import Store, case_history
from tests.cases.clockwork import (
    at,
    books,
    events,
    inflict,
    leave,
    now_stands,
    opened,
    posts,
    recipients,
    run,
    staffed,
    tick,
    told,
)

# 2026-11-27 is a Friday, the Tuesday after is a holiday in Portugal.
FRIDAY = at("2026-11-27T10:00")
LITTLE_TIME = "little time left"
ASKED_NOW = "is asked as well now"
TO_YOU = "It comes to you now"
WEEKLY = "still without an answer"
NOT_FORGOTTEN = "You are not forgotten"


@pytest.fixture
def team(store: Store) -> Store:
    return staffed(store)


def test_over_a_weekend_with_a_holiday_it_goes_up_step_by_step(team: Store) -> None:
    what = books()
    case = opened(team, FRIDAY, what, severity=2)
    assert (case.respond_until, case.due_at) == (at("2026-11-30T10:00"), at("2026-12-03T17:00"))

    run(team, FRIDAY, at("2026-11-27T15:00"), what)
    assert told(team) == []

    # A quarter of the eight hours is left: one on Friday, one on Monday.
    run(team, at("2026-11-27T16:00"), at("2026-11-30T09:00"), what)
    assert recipients(team, LITTLE_TIME) == {"Head": 1}

    run(team, at("2026-11-30T10:00"), at("2026-12-01T23:00"), what)
    assert recipients(team, ASKED_NOW) == {"Head": 1}
    assert recipients(team, TO_YOU) == {"Pm": 1}
    stands = now_stands(team, case)
    assert (stands.escalated, stands.owner) == (1, "head@example.com")
    # The project manager has eight hours of their own, and Tuesday is a holiday.
    assert stands.respond_until == at("2026-12-02T10:00")
    assert stands.due_at == case.due_at

    run(team, at("2026-12-02T00:00"), at("2026-12-02T23:00"), what)
    assert recipients(team, TO_YOU) == {"Pm": 1, "Sponsor": 1}
    assert now_stands(team, case).escalated == 2
    assert events(team, case) == ["new", "escalated", "escalated"]


def test_nobody_is_ever_left_in_silence(team: Store) -> None:
    """With nobody answering, everybody is asked again every week, and whoever waits hears that too."""
    what = books()
    case = opened(team, FRIDAY, what, severity=2)
    run(team, FRIDAY, at("2027-01-29T20:00"), what, timedelta(hours=12))

    weekly = recipients(team, WEEKLY)
    assert set(weekly) == {"Head", "Pm", "Sponsor"}
    assert 6 <= weekly["Head"] <= 9
    heard = recipients(team, NOT_FORGOTTEN)
    assert set(heard) == {"Lea"}
    assert 7 <= heard["Lea"] <= 12
    assert now_stands(team, case).due_at > at("2027-01-29T20:00")


def test_whoever_waits_hears_before_the_day_passes_and_the_new_date_holds(team: Store) -> None:
    what = books()
    case = opened(team, FRIDAY, what, severity=2)
    inflict(team, case, respond_until=None, state="acknowledged")

    run(team, FRIDAY, at("2026-12-03T14:00"), what)
    assert recipients(team, NOT_FORGOTTEN) == {}
    run(team, at("2026-12-03T15:00"), at("2026-12-03T16:00"), what)
    (word,) = [card.body for who, card, _ in posts(team) if who == "Lea"]
    assert "Thursday, 3 December" in word
    assert "Head has been reminded" in word
    assert "Pm is asked as well" in word
    assert "by Wednesday, 9 December" in word
    run(team, at("2026-12-03T17:00"), at("2026-12-03T23:00"), what)
    assert now_stands(team, case).due_at == at("2026-12-09T17:00")


def test_a_clock_that_was_away_for_days_does_each_step_once(team: Store) -> None:
    what = books()
    case = opened(team, FRIDAY, what, severity=2)
    tick(team, FRIDAY, what)
    tick(team, at("2026-12-04T09:30"), what)
    first = told(team)
    tick(team, at("2026-12-04T09:30"), what)
    tick(team, at("2026-12-04T09:31"), what)

    assert sorted(who for who, _ in first) == ["Head", "Lea", "Pm"]
    assert told(team) == first
    assert now_stands(team, case).escalated == 1
    assert events(team, case) == ["new", "escalated"]


def test_the_time_of_the_next_is_their_own_time(team: Store) -> None:
    """Asha in Kolkata is late at 9:30 in the evening of Lisbon's calendar; the project manager's hours are Lisbon's."""
    what = books()
    kolkata = ZoneInfo("Asia/Kolkata")
    case = opened(team, at("2026-11-27T10:00", kolkata), what, severity=2, unit="desk")
    assert case.respond_until == at("2026-11-30T10:00", kolkata)

    run(team, FRIDAY, at("2026-11-30T11:00", kolkata), what)

    stands = now_stands(team, case)
    assert stands.escalated == 1
    # 05:30 in Lisbon: their eight hours are the whole of that Monday.
    assert stands.respond_until == at("2026-11-30T17:00")


def test_where_work_stops_two_hours_are_two_hours(team: Store) -> None:
    what = books()
    case = opened(team, FRIDAY, what, severity=3)
    run(team, FRIDAY, at("2026-11-27T11:45"), what, timedelta(minutes=15))
    assert recipients(team, LITTLE_TIME) == {"Head": 1}
    run(team, at("2026-11-27T12:00"), at("2026-11-27T14:00"), what, timedelta(minutes=15))
    assert now_stands(team, case).escalated == 2


def test_what_hurts_little_comes_once_a_day_and_its_clock_starts_with_that(team: Store) -> None:
    what = books()
    three = [opened(team, FRIDAY + timedelta(minutes=n), what, text=f"Remark {n}") for n in range(3)]
    assert [one.respond_until for one in three] == [None] * 3

    run(team, FRIDAY, at("2026-11-30T08:00"), what)
    assert told(team) == []
    run(team, at("2026-11-30T09:00"), at("2026-11-30T09:00"), what)
    late = opened(team, at("2026-11-30T09:30"), what, text="Monday's remark")
    run(team, at("2026-11-30T10:00"), at("2026-11-30T16:00"), what, timedelta(hours=2))

    assert recipients(team, "Raised since the last time: 3 points") == {"Head": 1, "Pm": 1}
    assert {now_stands(team, one).respond_until for one in three} == {at("2026-11-30T17:00")}
    assert now_stands(team, late).respond_until is None
    # The holiday has no digest.
    run(team, at("2026-12-01T00:00"), at("2026-12-02T10:00"), what)
    assert recipients(team, "Raised since the last time: one point") == {"Head": 1, "Pm": 1}
    assert now_stands(team, late).respond_until == at("2026-12-02T17:00")


def test_what_was_seen_and_forgotten_comes_back(team: Store) -> None:
    what = books(sla={"answer_days": 60})
    case = opened(team, FRIDAY, what, severity=2)
    inflict(team, case, respond_until=None, state="acknowledged")

    run(team, FRIDAY, at("2026-12-31T20:00"), what, timedelta(hours=12))

    assert recipients(team, "What is the next step?") == {"Head": 4}
    assert events(team, case).count("reminded") == 4


def test_waiting_for_the_author_stops_everything(team: Store) -> None:
    what = books()
    case = opened(team, FRIDAY, what, severity=2)
    inflict(team, case, paused_since=FRIDAY)
    with team.begin() as tx:
        case_history.step(tx, case.id, "asked-back", actor="", now=FRIDAY)
    run(team, FRIDAY, at("2026-12-20T10:00"), what, timedelta(hours=12))

    assert told(team) == []
    assert now_stands(team, case).escalated == 0


def test_after_thirty_days_it_goes_on_without_an_answer_and_everybody_is_told(team: Store) -> None:
    what = books()
    case = opened(team, FRIDAY, what, severity=2)
    inflict(team, case, paused_since=FRIDAY, respond_until=None, state="in-progress")
    with team.begin() as tx:
        case_history.step(tx, case.id, "asked-back", actor="", now=FRIDAY)

    run(team, FRIDAY, at("2026-12-29T10:00"), what, timedelta(hours=12))

    assert recipients(team, "It goes on without that") == {"Head": 1}
    assert recipients(team, "You can still add something") == {"Lea": 1}
    assert recipients(team, "looked after") == {}
    stands = now_stands(team, case)
    # The 31 working hours that were left on the Friday are left from the Monday on.
    assert (stands.paused_since, stands.due_at) == (None, at("2026-12-31T16:00"))


@pytest.mark.parametrize(
    ("gone", "heir"),
    [
        (("head",), "deputy"),
        (("head", "deputy"), "boss"),
        (("head", "deputy", "boss"), "pm"),
        (("head", "deputy", "boss", "pm"), "sponsor"),
        (("head", "deputy", "boss", "pm", "sponsor"), "admin"),
    ],
)
def test_who_has_left_has_an_heir(team: Store, gone: tuple[str, ...], heir: str) -> None:
    what = books()
    case = opened(team, FRIDAY, what, severity=2)
    leave(team, *gone, on=date(2026, 11, 27))
    for _ in range(2):
        tick(team, FRIDAY + timedelta(hours=2), what)

    assert now_stands(team, case).owner == f"{heir}@example.com"
    assert recipients(team, "Head cannot answer this any more") == {heir.title(): 1}


def test_whom_the_author_left_out_gets_nothing_at_any_step(team: Store) -> None:
    what = books(sponsor="head@example.com")
    case = opened(team, FRIDAY, what, severity=2, avoid_owner=True)
    assert case.owner == "pm@example.com"
    run(team, FRIDAY, at("2026-12-31T20:00"), what, timedelta(hours=12))

    assert {who for who, _, _ in posts(team)} == {"Pm", "Lea"}
    assert recipients(team, WEEKLY)["Pm"] >= 2


def test_whom_the_author_left_out_does_not_read_it_in_the_list_of_the_day(team: Store) -> None:
    what = books(project_manager="head@example.com")
    case = opened(team, FRIDAY, what, severity=1, avoid_owner=True)
    assert case.owner == "sponsor@example.com"
    run(team, FRIDAY, at("2026-12-04T20:00"), what, timedelta(hours=4))

    assert {who for who, _, _ in posts(team)} == {"Sponsor", "Lea"}


@pytest.mark.parametrize("severity", [1, 2])
def test_whoever_raised_it_is_not_asked_to_answer_it(team: Store, severity: int) -> None:
    what = books(project_manager="lea@example.com")
    case = opened(team, FRIDAY, what, severity=severity)
    run(team, FRIDAY, at("2026-12-12T20:00"), what, timedelta(hours=4))

    assert now_stands(team, case).escalated == 2
    assert {text for who, text in told(team) if who == "Lea" and NOT_FORGOTTEN not in text} == set()


def test_one_that_cannot_be_read_keeps_back_no_other(team: Store) -> None:
    what = books()
    three = [opened(team, FRIDAY, what, severity=2, text=f"Worry {n}") for n in range(3)]
    inflict(team, three[1], text="no key opens this")
    run(team, FRIDAY, at("2026-11-27T17:00"), what, timedelta(hours=1))

    warned = {key.split(":")[1] for _, card, key in posts(team) if LITTLE_TIME in card.body}
    assert warned == {str(three[0].number), str(three[2].number)}


def test_a_promise_is_asked_about_before_its_day_and_after(team: Store) -> None:
    what = books()
    case = opened(team, FRIDAY, what, severity=2)
    inflict(
        team,
        case,
        state="resolved",
        respond_until=None,
        decision="yes",
        answer=team.seal.seal("We do."),
        promised_for=date(2026, 12, 14),
        decided_on=date(2026, 11, 27),
    )
    run(team, at("2026-12-09T10:00"), at("2026-12-14T23:00"), what, timedelta(hours=12))
    assert recipients(team, "Does the day hold?") == {"Head": 1}
    run(team, at("2026-12-15T10:00"), at("2026-12-31T10:00"), what, timedelta(hours=12))
    assert recipients(team, "Is it done?") == {"Head": 3}

    labels = [card.choices[0].says for _, card, _ in posts(team) if "Is it done?" in card.body]
    assert labels[0] == f"case kept {case.number}"
