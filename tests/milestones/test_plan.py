"""Which posts a date brings and on which days, and when an owner is asked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.milestones import plan
from bot.milestones.plan import Planned, Question
from bot.milestones.standing import Standing, standing
from bot.people.hours import WEEKDAYS, Calendar
from bot.playbook.initiative_file import Milestone
from bot.store.milestones import Report

OFFICE = Calendar("Europe/Lisbon")
MONDAY = date(2027, 3, 15)
LONG_BEFORE = date(2027, 1, 4)


def milestone(on: date) -> Milestone:
    return Milestone.model_validate({"id": "go", "date": on.isoformat(), "owner": "owner@example.com"})


def stands(on: date, report: Report | None = None) -> Standing:
    return Standing(milestone(on), on, report or Report())


def test_a_date_brings_four_posts_of_which_people_get_two() -> None:
    wednesday = date(2027, 3, 17)

    found = plan.posts(wednesday, OFFICE, LONG_BEFORE)

    assert [(p.stage, p.day, p.to_people) for p in found] == [
        ("early", date(2027, 3, 3), False),
        ("week", date(2027, 3, 10), True),
        ("eve", date(2027, 3, 16), False),
        ("day", wednesday, True),
    ]


def test_change_agents_hear_a_working_day_before_the_first_post() -> None:
    found = plan.posts(MONDAY, OFFICE, LONG_BEFORE)

    assert [p.heads_up for p in found] == [date(2027, 2, 26), None, None, None]  # the Friday before 1 March


def test_change_agents_hear_once() -> None:
    assert {p.heads_up for p in plan.posts(MONDAY, OFFICE, LONG_BEFORE, agents_told=True)} == {None}


def test_change_agents_are_not_told_ahead_of_what_may_never_go_out() -> None:
    found = plan.posts(MONDAY, OFFICE, LONG_BEFORE, stopped=("early",))

    assert [p.stage for p in found if p.heads_up] == ["week"]


def test_nothing_goes_out_on_a_day_off_and_what_falls_together_is_one_post() -> None:
    saturday = date(2027, 3, 20)

    found = plan.posts(saturday, OFFICE, LONG_BEFORE)

    assert found[-1] == Planned("day", date(2027, 3, 19), to_people=True)
    assert [p.stage for p in found] == ["early", "week", "day"]


def test_what_falls_together_goes_to_everybody_that_either_was_for() -> None:
    closed = frozenset(date(2027, 3, 1) + timedelta(days=n) for n in range(14))

    found = plan.posts(MONDAY, Calendar(closed=closed), LONG_BEFORE)

    assert [(p.stage, p.day, p.to_people) for p in found] == [
        ("eve", date(2027, 2, 26), True),
        ("day", MONDAY, True),
    ]


def test_a_first_post_that_is_over_leaves_the_heads_up_to_the_next() -> None:
    found = plan.posts(MONDAY, OFFICE, today=date(2027, 3, 5))

    assert [(p.stage, p.heads_up) for p in found if p.heads_up] == [("week", date(2027, 3, 5))]


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.sets(st.sampled_from(WEEKDAYS), min_size=1))
def test_every_post_is_on_a_working_day_in_order_and_the_last_one_reaches_people(on: date, days: set[str]) -> None:
    calendar = Calendar(days=tuple(d for d in WEEKDAYS if d in days))

    found = plan.posts(on, calendar, date(2025, 6, 2))

    assert [p.day for p in found] == sorted({p.day for p in found})
    assert all(calendar.works_on(p.day) and p.day <= on for p in found)
    assert found[-1].stage == "day"
    assert found[-1].to_people
    assert found[0].heads_up is not None
    assert plan.shown_from(found[0], calendar) < found[0].heads_up < found[0].day


@pytest.mark.parametrize(("shown_on", "yes"), [(date(2027, 3, 11), True), (date(2027, 3, 12), True), (MONDAY, False)])
def test_silence_is_yes_with_a_whole_working_day_in_between(shown_on: date, yes: bool) -> None:
    assert plan.silence_is_yes(Planned("day", MONDAY, to_people=True), shown_on, OFFICE) is yes


def test_an_owner_is_asked_two_working_days_before_and_every_working_day_until_the_date() -> None:
    days = [date(2027, 3, 10) + timedelta(days=n) for n in range(10)]

    asked = [(day.day, found) for day in days if (found := plan.question(stands(MONDAY), OFFICE, day))]

    assert asked == [
        (11, Question(1)),
        (12, Question(2, again=True)),
        (15, Question(3, again=True, tell_leader=True)),
        (16, Question(4, passed=True)),
        (17, Question(5, again=True, passed=True, tell_leader=True)),
    ]


def test_the_project_manager_hears_of_silence_before_a_date_on_a_day_off() -> None:
    saturday, friday = date(2027, 3, 20), date(2027, 3, 19)

    found = plan.question(stands(saturday), OFFICE, friday)

    assert found is not None
    assert found.tell_leader


@pytest.mark.parametrize("state", ["on-track", "at-risk", "done"])
def test_who_has_answered_is_not_asked_again_before_the_date(state: str) -> None:
    answered = stands(MONDAY, Report(state, said_on=date(2027, 3, 11)))

    assert plan.question(answered, OFFICE, date(2027, 3, 12)) is None


def test_an_answer_of_last_month_is_no_answer() -> None:
    long_ago = stands(MONDAY, Report("on-track", said_on=date(2027, 2, 11)))

    assert plan.question(long_ago, OFFICE, date(2027, 3, 11)) == Question(1)


def test_who_said_on_track_is_asked_whether_it_was_reached() -> None:
    on_track = stands(MONDAY, Report("on-track", said_on=date(2027, 3, 11)))

    assert plan.question(on_track, OFFICE, date(2027, 3, 16)) == Question(4, passed=True)


def test_what_is_done_is_not_asked_about() -> None:
    done = stands(MONDAY, Report("done", said_on=date(2027, 2, 1)))

    assert [plan.question(done, OFFICE, MONDAY + timedelta(days=n)) for n in range(-5, 5)] == [None] * 10


def test_a_date_accepted_in_chat_holds_until_the_file_says_another_one() -> None:
    moved = Report(moved_to=date(2027, 4, 12), written=MONDAY)

    assert (standing(milestone(MONDAY), moved).on, standing(milestone(MONDAY), moved).before) == (
        date(2027, 4, 12),
        MONDAY,
    )
    edited = standing(milestone(date(2027, 4, 19)), moved)
    assert (edited.on, edited.before) == (date(2027, 4, 19), None)
