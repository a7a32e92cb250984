"""The answers to invokes: dialogs that open, go on and close, and cards that change where they stand."""

from __future__ import annotations

import json

from adapters.teams import dialogs
from adapters.teams.parse import said
from adapters.teams.render import Filled
from bot.messages import Card, Choice
from tests.adapters.teams.activities import LOOK, dialog, executed
from tests.adapters.teams.adaptive_cards import CARD, refuse_card
from tests.adapters.teams.test_render import FORM, every, handed_in


def test_a_dialog_opens_with_the_form() -> None:
    """With the title of the card over it, and fields whose button hands them in."""
    opened = dialogs.fetch_answer(FORM, LOOK)["task"]
    attachment = opened["value"]["card"]

    assert opened["type"] == "continue"
    assert (opened["value"]["title"], opened["value"]["height"]) == ("Answer no. 14", "large")
    assert attachment["contentType"] == CARD
    assert "Answer no. 14" not in json.dumps(attachment["content"]["body"])
    assert refuse_card(attachment["content"], dialog=True) == []


def test_a_whole_form_in_a_dialog() -> None:
    """Opened, handed in with a fault, shown again with the input and the problem, handed in, closed."""
    opened = dialogs.fetch_answer(FORM, LOOK)["task"]["value"]["card"]["content"]
    first = said(dialog("task/submit", handed_in(opened, **{"text.words": "*No*", "choice.name": "unnamed"})))
    assert first is not None
    assert (first.text, first.how, first.answers["words"], first.opens) == ("answer 14", "form", "*No*", True)

    refused = dialogs.submit_answer(FORM, LOOK, Filled(first.answers, {"words": "Say why."}))["task"]
    again = refused["value"]["card"]["content"]
    second = said(dialog("task/submit", handed_in(again)))

    assert refused["type"] == "continue"
    assert "Say why." in [e.get("text") for e in again["body"]]
    assert second is not None
    assert second.answers == first.answers
    assert dialogs.submit_answer(None, LOOK) == {}


def test_a_button_in_a_dialog_says_its_text() -> None:
    """Teams sends no `Action.Execute` from there, and the fields do not go with it."""
    opened = dialogs.fetch_answer(Card(body="Which one?", choices=(Choice("CRM", "why crm"),)), LOOK)["task"]["value"]
    (press,) = opened["card"]["content"]["actions"]

    found = said(dialog("task/submit", press["data"]))

    assert press["type"] == "Action.Submit"
    assert found is not None
    assert (found.text, found.how) == ("why crm", "pressed")
    assert opened["title"].strip()


def test_a_sentence_ends_a_dialog() -> None:
    """For what cannot be opened any more."""
    assert dialogs.said_answer("It had closed.") == {"task": {"type": "message", "value": "It had closed."}}


def test_a_pressed_card_is_replaced() -> None:
    """By an Adaptive Card that Teams shows in its place."""
    answer = dialogs.card_answer(Card(body="Done."), LOOK)

    assert (answer["statusCode"], answer["type"]) == (200, CARD)
    assert refuse_card(answer["value"]) == []


def test_a_whole_form_in_its_place() -> None:
    """Where dialogs are not to be had, the fields stand in the card, and stay with what is in them."""
    shown = dialogs.card_answer(FORM, LOOK, inline=True)["value"]
    first = said(executed(handed_in(shown, **{"text.words": "No"})))
    assert first is not None

    again = dialogs.card_answer(FORM, LOOK, inline=True, filled=Filled(first.answers, {"name": "Please pick one."}))[
        "value"
    ]

    assert every(again, "Input.Text")[0]["value"] == "No"
    assert "Please pick one." in json.dumps(again)
    assert (first.how, first.replaces) == ("form", True)
    assert refuse_card(again) == []


def test_a_press_that_was_not_done_says_why() -> None:
    """As Teams wants errors: with a status, a code and a sentence."""
    assert dialogs.message_answer("Seen.") == {
        "statusCode": 200,
        "type": "application/vnd.microsoft.activity.message",
        "value": "Seen.",
    }
    assert dialogs.error_answer(500, "InternalServerError", "Try again.") == {
        "statusCode": 500,
        "type": "application/vnd.microsoft.error",
        "value": {"code": "InternalServerError", "message": "Try again."},
    }
