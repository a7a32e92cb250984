"""Forms as modals: fields, what is filled in, errors at the field, and the way back into a form."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.slack import views
from adapters.slack.parse import said, typed_before
from bot.messages import Ask, Card, Option, Place
from tests.adapters.slack import payloads as slack
from tests.adapters.slack.block_kit import refuse
from tests.adapters.slack.cards import values

PLACE = Place("slack", slack.TEAM, slack.CHANNEL, slack.NOW, "channel", True)
FEW = (Option("a", "A"), Option("b", "B"))
SOME = tuple(Option(f"o{n}", f"Option {n}") for n in range(11))


def element(ask: Ask, **more: Any) -> dict[str, Any]:
    """The element of a form with this one field."""
    view = views.modal(Card(body="", asks=(ask,), submits="x"), PLACE, **more)
    assert refuse(view) == []
    found: dict[str, Any] = view["blocks"][0]["element"]
    return found


@pytest.mark.parametrize(
    ("ask", "kind"),
    [
        (Ask("a", "?"), "plain_text_input"),
        (Ask("a", "?", "date"), "datepicker"),
        (Ask("a", "?", "choice", FEW), "radio_buttons"),
        (Ask("a", "?", "choice", FEW, optional=True), "static_select"),
        (Ask("a", "?", "choice", SOME), "static_select"),
        (Ask("a", "?", "choice"), "plain_text_input"),
        (Ask("a", "?", "multi", FEW), "checkboxes"),
        (Ask("a", "?", "multi", SOME), "multi_static_select"),
    ],
)
def test_each_kind_of_ask_has_its_field(ask: Ask, kind: str) -> None:
    """A few options are all seen at once; what is optional can be taken back."""
    assert element(ask)["type"] == kind


def test_what_is_known_is_filled_in() -> None:
    """By the ask, or by what was typed before, which counts more."""
    assert element(Ask("a", "?", value="x"))["initial_value"] == "x"
    assert element(Ask("a", "?", value="x"), typed={"a": "y"})["initial_value"] == "y"
    assert element(Ask("a", "?", "choice", FEW, value="b"))["initial_option"]["value"] == "b"
    chosen = element(Ask("a", "?", "multi", SOME, value="o1,o3"))["initial_options"]
    assert [one["value"] for one in chosen] == ["o1", "o3"]
    chosen = element(Ask("a", "?", "multi", FEW), typed={"a": ("b",)})["initial_options"]
    assert [one["value"] for one in chosen] == ["b"]
    assert element(Ask("a", "?", "date", value="2027-05-10"))["initial_date"] == "2027-05-10"
    assert "initial_date" not in element(Ask("a", "?", "date", value="soon"))
    assert "initial_option" not in element(Ask("a", "?", "choice", FEW, value="gone"))


@pytest.mark.parametrize(
    ("longest", "multiline", "most"), [(20, False, 20), (1_500, True, 1_500), (9_000, True, 3_000)]
)
def test_a_field_takes_what_is_allowed(longest: int, multiline: bool, most: int) -> None:
    """One line where a word is expected, and never more than Slack takes."""
    made = element(Ask("a", "?", longest=longest))

    assert (made["multiline"], made["max_length"]) == (multiline, most)


def test_a_modal_names_its_form_and_remembers_what_it_is_for() -> None:
    """The title is cut kindly and then stands whole above the fields."""
    title = "Which of these departments is it about?"
    view = views.modal(Card(body="B", title=title, asks=(Ask("a", "?"),), submits="x 1", submit_label="Send"), PLACE)

    assert view["title"]["text"] == "Which of these…"
    assert view["blocks"][0]["text"]["text"] == title
    assert view["submit"]["text"] == "Send"
    assert views.Origin.of(view).says == "x 1"
    assert views.Origin.of(view).place == PLACE


def test_the_same_form_has_the_same_ids() -> None:
    """So that Slack keeps what was entered when the view is updated."""
    card = slack.form("x", {"one": "", "two": ""})

    ids = [
        [(block["block_id"], block["element"]["action_id"]) for block in view["blocks"] if block["type"] == "input"]
        for view in (views.modal(card, PLACE), views.update(card, PLACE)["view"])
    ]

    assert ids[0] == ids[1] == [("0.one", "0.one"), ("1.two", "1.two")]


def test_problems_stand_at_their_fields() -> None:
    """What belongs to no field stands at the first."""
    view = slack.handed_in("1.2", slack.form("x", {"one": "", "two": ""}), {})["view"]

    answer = views.errors({"two": "Too long.", "": "It has changed."}, view)

    assert answer == {"response_action": "errors", "errors": {"1.two": "Too long.", "0.one": "It has changed."}}
    both = views.errors({"one": "Too long.", "": "It has changed."}, view)["errors"]
    assert both == {"0.one": "Too long.\nIt has changed."}


def test_what_could_not_be_saved_stays_open() -> None:
    """With all that was typed, on the person's own screen."""
    view = slack.handed_in("1.2", slack.form("x", {"one": ""}), {"one": "long text"})["view"]

    assert views.not_saved("Try again.", view) == {"response_action": "errors", "errors": {"0.one": "Try again."}}


def test_what_was_typed_travels_in_the_button_unless_it_is_confidential() -> None:
    """What is confidential must not lie in the chat; what does not fit opens the form empty, and never broken."""
    card = Card(body="It had closed.", asks=(Ask("text", "What?"),), submits="answer 14", submit_label="Open")

    kept, hidden, long = (
        views.reopen(card, {"text": "secret"}),
        views.reopen(card, {"text": "secret"}, confidential=True),
        views.reopen(card, {"text": "x" * 2_000}),
    )

    def value(made: dict[str, Any]) -> str:
        return str(made["blocks"][-1]["elements"][0]["value"])

    assert typed_before(slack.pressed("1", value(kept))) == {"text": "secret"}
    assert "secret" not in json.dumps(hidden)
    assert value(hidden) == value(long) == "answer 14"
    assert "secret" not in kept["text"]


def test_a_broken_button_of_that_kind_is_only_text() -> None:
    """It was not made by us."""
    assert views.reopened("reopen-form [1") == ("reopen-form [1", {})
    assert views.reopened("reopen-form [1, 2]") == ("reopen-form [1, 2]", {})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(values, min_size=1, max_size=15, unique=True), st.sampled_from(["choice", "multi"]), st.data())
def test_an_answer_is_the_value_that_was_offered(offered: list[str], kind: Any, data: st.DataObject) -> None:
    """Whatever the values are: what Slack cannot carry comes back through the view. What has no room is not offered."""
    asks = (Ask("a", "?", kind, tuple(Option(value, f"label {n}") for n, value in enumerate(offered))),)
    card = Card(body="", asks=asks, submits="x")
    made = views.modal(card, PLACE)["blocks"][0]["element"]
    carried = [option["value"] for option in made.get("options", ())]
    if not carried:
        return
    picked = data.draw(st.integers(0, len(carried) - 1))
    given_back = [carried[picked]] if kind == "multi" else carried[picked]

    found = said(slack.handed_in("1.2", card, {"a": given_back}), slack.KNOWN)

    assert found is not None
    label = made["options"][picked]["text"]["text"]
    expected = offered[int(label.split()[1])]
    assert found.answers["a"] == ((expected,) if kind == "multi" else expected)


def test_a_view_that_is_not_ours_is_told_so() -> None:
    """It may have been opened by an older version, or by somebody else."""
    for view in ({}, {"private_metadata": ""}, {"private_metadata": "{}"}, {"private_metadata": "[1]"}):
        with pytest.raises(ValueError, match="not opened by us"):
            views.Origin.of(view)
