"""Forms asked one by one: what comes next follows from the asks and the answers so far, whatever people type."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import OpenForm, fill, incomplete, open_form, problems, question, refilled
from bot.messages import Ask, Card, Option
from bot.words import Words

WORDS = Words("en")
COLOURS = (Option("r", "Red"), Option("g", "Green"))
ASKS = (
    Ask("what", "What?", longest=20),
    Ask("colour", "Which colour?", kind="choice", options=COLOURS),
    Ask("all", "Which of these?", kind="multi", options=COLOURS, optional=True),
    Ask("day", "Which day?", kind="date", optional=True),
)
FORM = Card(body="", asks=ASKS, submits="try it")


def opened() -> OpenForm:
    """The form before the first answer."""
    form = open_form(FORM)
    assert form is not None
    return form


def answer(form: OpenForm, *texts: str) -> OpenForm:
    """The form after these answers, each to the question that is waiting."""
    for text in texts:
        assert form.waiting_for is not None
        form, problem = fill(form, form.waiting_for.name, text, WORDS)
        assert problem == ""
    return form


def test_the_asks_come_in_order_and_complete_the_form() -> None:
    """One after the other; labels, values and numbers are understood; what is optional can be skipped."""
    form = answer(opened(), "A house", "green", "1, Green", "skip")

    assert form.waiting_for is None
    assert dict(form.answers) == {"what": "A house", "colour": "g", "all": ("r", "g"), "day": ""}


def test_what_is_not_understood_is_asked_again_with_the_reason() -> None:
    """The form stays where it was, and the person is told what is wrong."""
    form = answer(opened(), "A house")

    same, problem = fill(form, "colour", "purple", WORDS)

    assert same == form
    assert "Red" in problem
    assert "Green" in problem


def test_limits_hold() -> None:
    """Too long, empty and impossible dates are refused, each with words."""
    wrong = problems(ASKS, {"what": "x" * 21, "colour": "", "day": "2027-02-30"}, WORDS)

    assert set(wrong) == {"what", "colour", "day"}
    assert all(wrong.values())


def test_a_form_survives_the_database() -> None:
    """It goes on where it was after a restart."""
    form = answer(opened(), "A house", "red")

    again = OpenForm.from_json(json.loads(json.dumps(form.to_json())))

    assert again == form


def test_a_choice_carries_the_whole_press() -> None:
    """A button of a question names the form, the field and the value, so that it means the same a week later."""
    card = question(answer(opened(), "A house"), WORDS)

    assert [c.says for c in card.choices] == ["fill colour=r: try it", "fill colour=g: try it", "cancel"]


def test_a_form_comes_back_with_what_was_typed() -> None:
    """Nobody types twice."""
    again = refilled(FORM, {"what": "A house", "all": ("r", "g")})

    assert [ask.value for ask in again.asks] == ["A house", "", "r,g", ""]


def test_a_form_is_shown_until_nothing_is_wrong_with_it() -> None:
    empty = incomplete(FORM, {}, WORDS)
    assert empty is not None
    assert (empty.cards, dict(empty.problems), empty.personal) == ((FORM,), {}, True)
    again = incomplete(FORM, {"what": "", "colour": "g"}, WORDS)
    assert again is not None
    assert set(again.problems) == {"what"}
    assert again.personal
    assert next(ask.value for ask in again.cards[0].asks if ask.name == "colour") == "g"
    assert incomplete(FORM, {"what": "paint", "colour": "g"}, WORDS) is None


def test_a_faulty_value_is_not_offered_again() -> None:
    """The field with the problem is asked afresh."""
    form = open_form(refilled(FORM, {"what": "x" * 99}), {"what": "too long"})

    assert form is not None
    assert form.asks[0].value == ""


@given(st.lists(st.text(max_size=60), max_size=30))
def test_whatever_is_typed_the_form_is_waiting_or_complete(texts: list[str]) -> None:
    """No text breaks a dialogue, no answer that was given is lost, and nothing invalid gets in."""
    form = opened()
    for text in texts:
        if form.waiting_for is None:
            break
        before = dict(form.answers)
        form, problem = fill(form, form.waiting_for.name, text, WORDS)
        assert before.items() <= form.answers.items()
        assert bool(problem) == (before == dict(form.answers))

    assert problems(tuple(a for a in ASKS if a.name in form.answers), form.answers, WORDS) == {}


def test_an_option_with_commas_is_read_whole_and_told_apart_in_quotation_marks() -> None:
    some = (Option("n", "nothing, I rarely need it"), Option("h", "I don't know how"), Option("t", "time"))
    asks = (
        Ask("why", "What stops you?", kind="multi", options=some),
        Ask("one", "Which?", kind="choice", options=some),
    )
    form = open_form(Card(body="", asks=asks, submits="try it"))
    assert form is not None

    form, problem = fill(form, "why", "time, nothing, i rarely need it,I don't know how", WORDS)
    assert problem == ""
    assert form.answers["why"] == ("t", "n", "h")
    _, problem = fill(form, "one", "nothing", WORDS)
    assert problem == "Please pick one: “nothing, I rarely need it”, “I don't know how” and “time”."
