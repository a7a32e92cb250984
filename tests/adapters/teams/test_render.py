"""Cards as Teams shows them: everything is there, nothing takes effect that should not, and it always fits."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams import limits
from adapters.teams.limits import encoded
from adapters.teams.look import Labels, Look
from adapters.teams.markdown import literal, read, write
from adapters.teams.parse import said
from adapters.teams.render import Filled, adaptive, mention, message
from bot.messages import PICTURE, Answers, Ask, Card, Choice, Option, escape, quoted
from tests.adapters.contract import NASTY
from tests.adapters.teams.activities import LOOK, executed, submitted
from tests.adapters.teams.adaptive_cards import refuse, refuse_card, sizes

FORM = Card(
    title="Answer no. 14",
    body="Say it in your words.",
    asks=(
        Ask("words", "What do you answer?", longest=2_000, hint="Two sentences are enough."),
        Ask("name", "With your name?", "choice", (Option("named, yes", "Yes"), Option("unnamed", "No"))),
        Ask("units", "For whom?", "multi", (Option("a,b", "Field & Sales"), Option("c", "Finance")), optional=True),
        Ask("by", "By when?", "date", optional=True, value="2027-03-15"),
    ),
    submits="answer 14",
    submit_label="Send it",
    choices=(Choice("Not now", "questions"),),
)


def content(card: Card, look: Look = LOOK, **more: Any) -> dict[str, Any]:
    """The Adaptive Card in the message."""
    shown: dict[str, Any] = message(card, look, **more)["attachments"][0]["content"]
    return shown


def texts(card: Card) -> list[str]:
    """The texts at the top of a card."""
    return [element["text"] for element in content(card)["body"] if element["type"] == "TextBlock"]


def every(part: Any, kind: str) -> list[dict[str, Any]]:
    """The elements or actions of this type, wherever they stand."""
    if isinstance(part, dict):
        own = [part] if part.get("type") == kind else []
        return own + [found for inner in part.values() for found in every(inner, kind)]
    return [found for inner in part for found in every(inner, kind)] if isinstance(part, list) else []


def test_paragraphs_lists_and_quotations_keep_their_shape() -> None:
    """In elements that Teams has, line by line, with its own Markdown."""
    body = "First _line_\nsecond\n\n**Head**\n- one\n- **two**\n  - deeper\n\n3. third\n4. fourth\n\n> said\n> twice"

    made = content(Card(body=body))["body"]

    assert [e.get("text") for e in made[:5]] == [
        "First _line_",
        "second",
        "**Head**",
        "- one\n- **two**\n   - deeper\n3. third\n4. fourth",
        None,
    ]
    assert made[1]["spacing"] == "None"
    assert made[4]["style"] == "emphasis"
    assert [e["text"] for e in made[4]["items"]] == ["said", "twice"]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (escape(NASTY), None),
        (quoted("# head\n- list\n1. one\n| a | b |"), None),
        (escape("Tom & Jerry, 5 * 3 = 15, snake_case, 100 % – “ok” #1"), None),
        ("[x](https://example.com/a_(b))", "[x](https://example.com/a_%28b%29)"),
        ("[x](javascript:alert(1))", None),
        ("[the board](/board/x)", "the board (/board/x)"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("![a picture](https://example.com/p.png)", "a picture"),
        ("`code*d*`", None),
        ("~~gone~~", None),
        ("***both***", "**_both_**"),
    ],
)
def test_a_text_means_what_it_meant(body: str, shown: str | None) -> None:
    """No markup of people takes effect; where Markdown was meant, it is that of Teams."""
    card = Card(body=body)

    assert refuse(message(card, LOOK)) == []
    if shown is not None:
        assert texts(card) == [shown]
    assert not {"~~gone~~", "<at>"} & set(texts(card))


def test_text_is_escaped_only_where_it_would_take_effect() -> None:
    """Phones show the backslashes of an escaped text."""
    assert literal("5 * 3 = 15, R&D, snake_case, #1, a-b, 3.5 < 4") == "5 * 3 = 15, R&D, snake_case, #1, a-b, 3.5 < 4"
    assert literal("*x* and 2. y") == "\\*x\\* and 2. y"
    assert literal("1. one\n- two") == "1\\. one\n\n\\- two"
    assert literal("<at>Ana</at> {{DATE(2027-01-01)}}") == "\\<at\\>Ana\\</at\\> {\\{DATE(2027-01-01)}}"


@given(st.text(alphabet="*_`[]()<>~&#-+=|\\{}!1.ab \n/at:;é", max_size=40))
def test_what_people_wrote_is_read_as_they_wrote_it(written: str) -> None:
    """Whatever it is, a reader of Markdown finds the same words in one paragraph a line and no style in it."""
    lines = [line.strip() for line in written.splitlines() if line.strip()]

    found = [block for paragraph in literal(written).split("\n\n") if paragraph for block in read(paragraph)]

    assert [block.text for block in found] == lines
    assert not any(run.bold or run.italic or run.link for block in found for run in block.runs)


@given(st.text(alphabet="*_`[]()<>~ab \n-1.", max_size=60))
def test_a_body_comes_out_as_it_was_meant(body: str) -> None:
    """Words and styles survive being written for Teams and read again, for any body."""
    for block in read(body):
        if "\n" not in block.text and not block.code and block.runs:
            again = read(write(block.runs))
            assert "".join(part.text for part in again).split() == block.text.removeprefix(block.mark).split()


def test_everything_of_a_card_is_there() -> None:
    """Title, facts, table, picture with words, source and details, each as what it is."""
    card = Card(
        title="T",
        body="B",
        facts=(("By", "*Ana*"), ("When", "")),
        table=(("Unit", "Day"), ("Sales",), ("Finance", "2 May", "extra")),
        image="/pictures/x.png",
        image_text="Two bars",
        source="From the team",
        details="**Version** 3",
        choices=(Choice("More", "more x"), Choice("Read", url="https://example.com/r")),
        locale="pt-BR",
    )
    made = content(card)

    assert made["body"][0] == {**made["body"][0], "text": "T", "style": "heading", "wrap": True}
    assert every(made, "FactSet")[0]["facts"] == [
        {"title": "By", "value": "\\*Ana\\*"},
        {"title": "When", "value": "–"},
    ]
    rows = every(made, "TableRow")
    assert [[cell["items"][0]["text"] for cell in row["cells"]] for row in rows] == [
        ["Unit", "Day", "–"],
        ["Sales", "–", "–"],
        ["Finance", "2 May", "extra"],
    ]
    assert every(made, "Image")[0] == {**every(made, "Image")[0], "url": "https://bot.example.com/pictures/x.png"}
    assert every(made, "Image")[0]["altText"] == "Two bars"
    assert any(e.get("isSubtle") and e["text"] == "From the team" for e in made["body"])
    hidden = made["body"][-1]
    assert (hidden["isVisible"], hidden["items"][0]["text"]) == (False, "**Version** 3")
    assert [a["title"] for a in made["actions"]] == ["More", "Read", "Details"]
    assert made["actions"][-1]["targetElements"] == [hidden["id"]]
    assert (made["lang"], made["version"], made["msteams"]) == ("pt", "1.5", {"width": "Full"})
    assert made["fallbackText"].startswith("T B")
    assert made["speak"].startswith("T B")
    assert refuse(message(card, LOOK)) == []


def test_the_words_stand_in_the_card_alone() -> None:
    """A text beside the card would be shown a second time; notifications have a summary."""
    made = message(Card(title="Title", body="Beginning. " + "word " * 900), LOOK)

    assert "text" not in made
    assert made["summary"].startswith("Title Beginning.")
    assert len(made["summary"]) <= limits.SUMMARY


@pytest.mark.parametrize("address", ["http://example.com/p.png", "/pictures/x.png", "//evil.example/x.png", "data:x"])
def test_a_picture_that_cannot_be_shown_is_words(address: str) -> None:
    """Teams loads https only; without a public address there is none of ours."""
    made = content(Card(body="B", image=address, image_text="Two bars"), Look(LOOK.labels))

    assert every(made, "Image") == []
    assert made["body"][-1]["text"] == "Two bars"


def _drawn(length: int) -> str:
    """A picture of 2 x 2 whose bytes are so many, as an address."""
    head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes([0, 0, 0, 2, 0, 0, 0, 2])
    return PICTURE + b64encode(head.ljust(length, b"\0")).decode()


def test_a_picture_of_our_own_is_in_the_card_while_there_is_room() -> None:
    """It gives way to its words before a word of the body does."""
    fits, large = _drawn(12_000), _drawn(21_000)
    body = "word " * 1_500
    for card, shown in (
        (Card(body="B", image=fits, image_text="Two bars"), fits),
        (Card(body="B", image=large, image_text="Two bars"), ""),
        (Card(body=body, image=fits, image_text="Two bars", choices=(Choice("More", "more"),)), fits),
        (Card(body=body * 2, image=fits, image_text="Two bars"), ""),
    ):
        assert refuse(message(card, LOOK)) == []
        made = content(card)
        assert [e["url"] for e in every(made, "Image")] == ([shown] if shown else [])
        assert shown or "Two bars" in [e["text"] for e in every(made, "TextBlock")]
        assert "…" not in json.dumps(made["body"], ensure_ascii=False)


def test_a_button_says_its_text_in_both_kinds() -> None:
    """Old clients press the fallback, and it means the same."""
    says = "ask-owner crm named: why: “now”? *x*"
    made = content(Card(body="B", choices=(Choice("Ask", says, "primary"), Choice("Drop it", "drop 1", "danger"))))
    press = made["actions"][0]

    for payload in (executed(press["data"]), submitted(press["fallback"]["data"])):
        found = said(payload)
        assert found is not None
        assert (found.text, found.how) == (says, "pressed")
    assert press["type"] == "Action.Execute"
    assert press["fallback"]["type"] == "Action.Submit"
    assert [a["style"] for a in made["actions"]] == ["positive", "destructive"]


def test_buttons_without_room_are_behind_the_dots_or_named() -> None:
    """Six are shown; a very great many do not fit, and then their labels stand in the text."""
    ten = content(Card(body="B", choices=tuple(Choice(f"No. {n}", f"show {n}") for n in range(10))))
    many = message(Card(body="B", choices=tuple(Choice(f"No. {n}", "x" * 900) for n in range(90))), LOOK)

    assert [a.get("mode") for a in ten["actions"]] == [None] * 5 + ["secondary"] * 5
    shown = json.dumps(many, ensure_ascii=False)
    assert all(f"No. {n}" in shown for n in range(60))
    assert refuse(many) == []


def test_a_long_label_can_be_read_whole() -> None:
    """The button is cut, what appears over it is not."""
    press = content(Card(body="B", choices=(Choice("word " * 60, "x"),)))["actions"][0]

    assert press["title"].endswith("…")
    assert len(press["title"]) <= limits.LABEL
    assert press["tooltip"] == ("word " * 60).strip()


def test_a_button_leads_only_to_https() -> None:
    """Anything else is named as text with its address."""
    made = content(
        Card(body="B", choices=(Choice("Mail", url="mailto:a@example.com"), Choice("Board", url="/board/1")))
    )

    assert [a["url"] for a in every(made, "Action.OpenUrl")] == ["https://bot.example.com/board/1"]
    assert "Mail mailto:a@example.com" in json.dumps(made)


@pytest.mark.parametrize("size", [3_000, 60_000])
@pytest.mark.parametrize("word", ["word ", "größer ", "長い", "😀 ", "*x* ", "w", "a\n\n", "- a\n", '"\\ '])
def test_a_long_card_is_cut_and_never_refused(word: str, size: int) -> None:
    """It uses the room there is, begins with the beginning and ends in an ellipsis."""
    made = message(Card(title="T", body="Beginning. " + word * (size // len(word)), source="S"), LOOK)
    shown = every(made, "TextBlock")

    assert refuse(made) == []
    assert "Beginning." in shown[1]["text"]
    assert shown[-1]["text"] == "S"
    if size > 30_000:
        assert shown[-2]["text"].endswith("…")
        assert limits.size(made) > limits.ACTIVITY_BYTES * 0.5


def test_long_parts_are_cut_for_the_body_and_say_so() -> None:
    """A thousand facts and rows leave room for what is said."""
    card = Card(
        body="Beginning. " + "word " * 9_000,
        facts=tuple((f"Fact {n}", "value " * 30) for n in range(1_000)),
        table=tuple((f"Row {n}", "cell " * 30) for n in range(1_000)),
        details="more " * 9_000,
    )
    made = message(card, LOOK)

    assert refuse(made) == []
    assert every(made, "FactSet")[0]["facts"][-1]["value"].endswith("…")
    assert every(made, "TableRow")[-1]["cells"][0]["items"][0]["text"] == "…"
    assert every(made, "TextBlock")[-1]["text"].endswith("…")


def test_what_is_sent_is_small_in_every_language() -> None:
    """UTF-8 goes over the wire as it is, without escapes."""
    made = message(Card(body="é長😀"), LOOK)

    assert "é長😀" in encoded(made).decode()
    assert json.loads(encoded(made)) == made
    assert len(encoded(made)) == sizes(made)[0]


def test_a_form_in_a_message_is_behind_a_button() -> None:
    """The button asks for a dialog and says what handing the form in will say."""
    made = content(FORM)
    opens, other = made["actions"]

    assert opens["data"] == {"msteams": {"type": "task/fetch"}, "says": "answer 14"}
    assert (opens["type"], opens["title"]) == ("Action.Submit", "Fill in")
    assert other["title"] == "Not now"
    assert not every(made, "Input.Text")


def test_a_form_can_stand_in_the_message() -> None:
    """With labelled fields, told what is needed, and a button for both kinds of clients."""
    made = content(FORM, inline=True)
    text, name, units, by = (e for e in made["body"] if e["type"].startswith("Input."))

    assert (text["label"], text["isRequired"], text["errorMessage"]) == ("What do you answer?", True, "This is needed.")
    assert (text["maxLength"], text["isMultiline"]) == (2_000, True)
    assert [c["title"] for c in name["choices"]] == ["Yes", "No"]
    assert (units["isMultiSelect"], "isRequired" in units) == (True, False)
    assert by["value"] == "2027-03-15"
    assert made["actions"][0] | {} == {**made["actions"][0], "title": "Send it", "data": {"submits": "answer 14"}}
    assert made["actions"][1]["associatedInputs"] == "none"
    assert refuse_card(made) == []


def handed_in(made: dict[str, Any], **values: str) -> dict[str, Any]:
    """What a client hands in: what stands in the fields, over it what is typed and picked, and the button's data."""
    fields = {e["id"]: e.get("value", "") for e in made["body"] if e["type"].startswith("Input.")}
    return {**fields, **values, **made["actions"][0]["data"]}


def test_answers_come_back_by_name_with_the_values_of_the_options() -> None:
    """Commas in a value, several picked, and nothing picked."""
    made = adaptive(FORM, LOOK, inline=True)
    first = {e["id"]: e["choices"][0]["value"] for e in every(made["body"], "Input.ChoiceSet")}
    both = ",".join(c["value"] for c in every(made["body"], "Input.ChoiceSet")[1]["choices"])

    some = said(executed(handed_in(made, **{"text.words": "Yes", **first, "multi.units": both})))
    none = said(executed(handed_in(made)))

    assert some is not None
    assert none is not None
    assert dict(some.answers) == {"words": "Yes", "name": "named, yes", "units": ("a,b", "c"), "by": "2027-03-15"}
    assert dict(none.answers) == {"words": "", "name": "", "units": (), "by": "2027-03-15"}


def test_a_problem_stands_at_its_field_and_the_input_is_kept() -> None:
    """Handing the same in again hands in the same."""
    answers: Answers = {"words": "*so*\nlong", "name": "unnamed", "units": ("a,b", "c"), "by": "2027-04-01"}
    made = adaptive(FORM, LOOK, inline=True, filled=Filled(answers, {"words": "That is too long."}))

    again = said(submitted(handed_in(made)))

    assert again is not None
    assert dict(again.answers) == answers
    places = [e.get("id") or e["text"] for e in made["body"][2:]]
    assert places[:3] == ["text.words", "Two sentences are enough.", "That is too long."]
    problem = next(e for e in made["body"] if e.get("text") == "That is too long.")
    assert problem["color"] == "Attention"


def test_values_given_beforehand_stand_in_the_fields() -> None:
    """Several are separated by commas in an ask; what is no option or no date is left out."""
    options = (Option("a b", "A"), Option("c", "C"))
    card = Card(
        body="B",
        asks=(
            Ask("m", "M", "multi", options, value="a b,c,gone"),
            Ask("c", "C", "choice", options, value="gone"),
            Ask("d", "D", "date", value="soon"),
            Ask("t", "T", value="as it was", longest=100),
        ),
        submits="x",
    )
    fields = [e for e in adaptive(card, LOOK, inline=True)["body"] if e["type"].startswith("Input.")]

    assert [e.get("value") for e in fields] == ["a%20b,c", None, None, "as it was"]
    assert "isMultiline" not in fields[3]


def test_many_options_are_a_list_to_choose_from() -> None:
    """A few are shown at once."""
    few, many = (tuple(Option(str(n), f"Unit {n}") for n in range(size)) for size in (7, 40))

    shown = [
        adaptive(Card(body="B", asks=(Ask("u", "U", "choice", o),), submits="x"), LOOK, inline=True)
        for o in (few, many)
    ]

    assert [every(s, "Input.ChoiceSet")[0]["style"] for s in shown] == ["expanded", "compact"]


def test_a_form_that_is_too_large_for_a_message_is_behind_a_button() -> None:
    """It can still be filled in."""
    options = tuple(Option(f"value {n}", "A rather long label " * 4) for n in range(400))
    card = Card(body="B", asks=(Ask("u", "U", "choice", options),), submits="x")

    assert refuse(message(card, LOOK, inline=True)) == []
    assert every(message(card, LOOK, inline=True), "Input.ChoiceSet") == []


def test_a_mention_names_the_person_in_text_and_entity() -> None:
    """The same substring in both, whatever the name holds."""
    marked, entity = mention('Ana <at>"R&D"', "29:ana")
    made = {"type": "message", "text": f"{marked}, it is done.", "entities": [entity]}

    assert marked == '<at>Ana at"RD"</at>'
    assert entity == {"type": "mention", "text": marked, "mentioned": {"id": "29:ana", "name": 'Ana at"RD"'}}
    assert refuse(made) == []


def test_labels_are_in_the_language_of_the_card() -> None:
    """The words on buttons of our own come with the locale."""
    look = Look(lambda locale: Labels(f"fill {locale}", "s", "n", f"details {locale}"))

    made = content(Card(body="B", details="D", asks=FORM.asks, submits="x", locale="de"), look)

    assert [a["title"] for a in made["actions"]] == ["fill de", "details de"]


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ({"type": "TextBlock", "text": "<at>Ana</at>", "wrap": True}, "mentions nobody"),
        ({"type": "TextBlock", "text": "", "wrap": True}, "without text"),
        ({"type": "TextBlock", "text": "x"}, "does not wrap"),
        ({"type": "TextBlock", "text": "[x](javascript:y)", "wrap": True}, "a link to"),
        ({"type": "TextBlock", "text": "x", "wrap": True, "colour": "red"}, "no property"),
        ({"type": "Carousel"}, "unknown element"),
        ({"type": "Image", "url": "http://x", "altText": "x"}, "a picture at"),
        ({"type": "Image", "url": "https://x"}, "without words"),
        ({"type": "Input.Text", "id": "x"}, "without id or label"),
        ({"type": "Input.Text", "id": "x", "label": "X", "isRequired": True}, "does not say so"),
        ({"type": "Table", "columns": [{"width": 1}], "rows": [{"type": "TableRow", "cells": []}]}, "another number"),
        (
            {"type": "ActionSet", "actions": [{"type": "Action.Execute", "title": "x", "verb": "x", "data": {}}]},
            "old clients",
        ),
        (
            {"type": "ActionSet", "actions": [{"type": "Action.OpenUrl", "title": "x", "url": "http://x"}]},
            "a button to",
        ),
    ],
)
def test_the_examiner_finds_faults(broken: dict[str, Any], why: str) -> None:
    """What Teams would refuse does not pass, so that passing means something."""
    made = content(Card(body="B"))

    assert refuse_card(made) == []
    assert any(why in fault for fault in refuse_card({**made, "body": [broken]}))
