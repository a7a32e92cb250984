"""What a model's answer may be: a passage with words left out, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.shortening import Brief, Quoted, checked

FREEZE = Quoted(
    "crm/faq#freeze",
    "When can I not enter orders?",
    "Orders cannot be entered from 5 May, 18:00, to 8 May, while we move the data, which takes a long weekend."
    " Wave 2 starts on 12 May, wave 3 on 9 June. You may use the old system only with the approval of Ana Prates."
    "\nWhat goes away:\n- The order list in Excel on the shared drive\n",
)
PAY = Quoted("crm/faq#pay", "What about pay?", "Nobody loses pay because of the change. Your bonus stays at 3 percent.")
BRIEF = Brief("when can i not enter orders", (FREEZE, PAY), "en")


@pytest.mark.parametrize(
    "answer",
    [
        "Orders cannot be entered from 5 May, 18:00, to 8 May. [1]",
        "Orders cannot be entered from 5 May, 18:00, to 8 May, while we move the data [1]. Nobody loses pay [2]",
        "Nobody loses pay because of the change. [2]",
        "Wave 2 starts on 12 May. [1]",
    ],
)
def test_leaving_words_out_is_taken(answer: str) -> None:
    """Whole sentences and parts of them, each with its passage."""
    found = checked(answer, BRIEF)

    assert found is not None
    assert {sentence.passage for sentence in found} <= {"crm/faq#freeze", "crm/faq#pay"}
    assert "[" not in "".join(sentence.text for sentence in found)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("Orders cannot be entered from 6 May, 18:00, to 8 May. [1]", "another date"),
        ("Orders cannot be entered from 5 June, 18:00, to 8 May. [1]", "another month"),
        ("Wave 3 starts on 12 May. [1]", "the date of another wave"),
        ("Wave 2 starts on 9 June. [1]", "what lies between is not without weight"),
        ("Wave 2 starts on 12 May", "no passage is named"),
        ("Wave 2 starts on 12 May. [2]", "another passage is named"),
        ("Wave 2 starts on 12 May. [3]", "there is no such passage"),
        ("Wave 2 starts on 12 May. [0]", "there is no such passage"),
        ("Orders can be entered from 5 May. [1]", "a not is turned around"),
        ("You may use the old system. [1]", "the condition is left out"),
        ("You may use the old system only with the approval of Bia Prates. [1]", "another name"),
        ("Somebody loses pay because of the change. [2]", "an invented word"),
        ("Everything will be fine for everybody. [1]", "an invented sentence"),
        ("Your bonus stays at 30 percent. [2]", "another number"),
        ("The order list in Excel. [1]", "an item of a list without the line above it"),
        ("Wave 2 starts on 12 May. [1] Trust me.", "words behind the last passage"),
        ("Sure! Wave 2 starts on 12 May. [1]", "words before"),
        ("[Sure] Wave 2 starts on 12 May. [1]", "words before, in brackets"),
        ("<b>Wave 2 starts on 12 May.</b> [1]", "markup"),
        ("Wave 2 starts on [12 May](https://example.com). [1]", "a link"),
        ("@channel Wave 2 starts on 12 May. [1]", "a mention"),
        ("*Wave 2 starts on 12 May.* [1]", "Markdown"),
        ("Wave 2\u202e starts on 12 May. [1]", "a sign that turns the direction of reading"),
        ("[1]", "nothing but the passage"),
        ("NONE", "no answer"),
        ("", "nothing"),
        ("Nobody loses pay. [2] " * 4, "too many sentences"),
        ("Nobody loses pay. [2]" + " " * 1_000_000, "too long"),
    ],
)
def test_everything_else_is_refused(answer: str, why: str) -> None:
    """Other numbers, dates, names and words, and whatever is not plain text with its passage."""
    assert checked(answer, BRIEF) is None, why


@pytest.mark.parametrize(
    ("language", "written", "short", "taken"),
    [
        ("de", "Ana leitet den Vertrieb, Pedro die Finanzen.", "Ana leitet den Vertrieb. [1]", True),
        ("de", "Ana leitet den Vertrieb, Pedro die Finanzen.", "Ana leitet die Finanzen. [1]", False),
        (
            "de",
            "Die Anmeldung ist ab Mai, wie angekündigt, nur im Büro möglich.",
            "Die Anmeldung ist möglich. [1]",
            False,
        ),
        ("pt", "O sistema antigo não será desligado antes de junho.", "O sistema antigo será desligado. [1]", False),
        ("pt", "O treinamento dura três horas, com pausa, e é pago.", "O treinamento dura três horas. [1]", True),
        ("es", "La formación dura tres horas si usted es nuevo.", "La formación dura tres horas. [1]", False),
    ],
)
def test_it_holds_in_each_language(language: str, written: str, short: str, taken: bool) -> None:
    """What narrows a sentence is known in the four languages of the product."""
    brief = Brief("", (Quoted("p", "", written),), language)

    assert (checked(short, brief) is not None) is taken


@given(st.text(max_size=700))
def test_whatever_is_said_nothing_is_taken_that_is_not_written(answer: str) -> None:
    """Any text ends in sentences whose words are all in the passage, or in none."""
    for sentence in checked(answer, BRIEF) or ():
        words = sentence.text.rstrip(".!?").replace(",", " ").split()
        assert all(word.casefold() in (FREEZE.text + PAY.text).casefold() for word in words)
