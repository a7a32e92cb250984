"""What is met as a worry, what of it is said back, and what in it could give its author away."""

from __future__ import annotations

import pytest

from bot.pushback import worry_in
from bot.pushback.giving_away import gives_away
from bot.pushback.understood import own_words, rude, understood
from bot.triage import DRIVERS, Triage
from bot.words import LANGUAGES, Words


@pytest.mark.parametrize(
    ("kind", "confidence", "answered", "is_one"),
    [
        ("objection", 0.45, False, True),
        ("objection", 0.45, True, False),
        ("objection", 0.65, True, True),
        ("objection", 0.3, False, False),
        ("question", 0.95, False, False),
        ("praise", 0.95, False, False),
        ("request", 0.95, False, False),
    ],
)
def test_a_question_with_an_answer_is_not_turned_into_a_worry(
    kind: str, confidence: float, answered: bool, is_one: bool
) -> None:
    verdict = Triage(kind, "timing", 2, confidence)  # type: ignore[arg-type]  # words of the vocabulary

    assert (worry_in(verdict, answered) is not None) is is_one


@pytest.mark.parametrize(
    ("text", "confidence", "answered", "is_one"),
    [
        ("¿Cuánto cuesta?", 0.55, False, False),
        ("¿Cuánto cuesta?", 0.85, True, False),
        ("¿Y quién paga todo esto?", 0.7, False, True),
        ("Todo esto cuesta demasiado.", 0.7, True, True),
        ("Nobody asked us, and month-end will break.", 0.3, False, True),
        ("Nobody asked us, and month-end will break.", 0.3, True, False),
        ("So has nobody asked us?", 0.3, False, False),
    ],
)
def test_what_is_put_as_a_question_needs_more(text: str, confidence: float, answered: bool, is_one: bool) -> None:
    assert (worry_in(Triage("objection", "cost", 1, confidence), answered, text) is not None) is is_one


@pytest.mark.parametrize(
    ("text", "confidence", "named"),
    [
        ("It comes at a bad time.", 0.8, "timing"),
        ("It comes at a bad time.", 0.5, "none"),
        ("Nobody asked us, and it comes at a bad time.", 0.5, "not-consulted"),
    ],
)
def test_a_reason_that_is_not_sure_is_not_named(text: str, confidence: float, named: str) -> None:
    worry = worry_in(Triage("objection", "timing", 1, confidence), False, text)

    assert worry is not None
    assert worry.named == named


def test_what_was_understood_is_said_for_every_reason_in_every_language() -> None:
    for language in LANGUAGES:
        said = [understood(Words(language), driver, "") for driver in DRIVERS]
        assert len(set(said)) == len(DRIVERS)


@pytest.mark.parametrize(
    ("text", "theirs"),
    [
        ("nobody asked us and month-end will break!", "nobody asked us and month-end will break"),
        ("The screens are nice, but nobody asked the night shift.", "nobody asked the night shift"),
        ("What the fuck is this new system supposed to do for us", ""),
        ("So eine Scheiße, wer hat das denn entschieden", ""),
        ("meh again", ""),
        ("Nobody asked us. " + "And this goes on and on. " * 40, "Nobody asked us"),
    ],
)
def test_their_words_are_said_back_short_and_never_rude(text: str, theirs: str) -> None:
    assert own_words(text) == theirs


def test_markup_in_their_words_takes_no_effect() -> None:
    assert "<!channel>" not in understood(Words("en"), "timing", "<!channel> you took *our* month-end away")


def test_rude_words_are_whole_words() -> None:
    assert rude("What a load of bullshit")
    assert not rude("the class assignment in Scunthorpe")


@pytest.mark.parametrize(
    ("text", "bits"),
    [
        ("Nobody asked us.", ()),
        ("Uwe told me that it is decided.", ("Uwe",)),
        ("I said so to Anna Kern last week", ("Anna Kern",)),
        ("I am the only one here, and Uwe's team knows", ("Uwe's", "I am the only one here")),
        ("call me on +49 170 1234567 or lea@example.com", ("lea@example.com", "+49 170 1234567")),
        ("Employee number 448812 here.", ("Employee number 448812",)),
        (
            "It is late. I am the only one who does the customs papers.",
            ("I am the only one who does the customs papers.",),
        ),
        ("Ich bin die Einzige, die Zoll macht.", ("Ich bin die Einzige",)),
        ("Sou a única do turno da noite.", ("Sou a única do turno da noite.",)),
        ("Soy el único del turno de noche.", ("Soy el único del turno de noche.",)),
        ("we roll out on 2027-04-12 in unit 3", ()),
    ],
)
def test_what_could_give_an_author_away(text: str, bits: tuple[str, ...]) -> None:
    names = [name for name in ("Anna Kern",) if name in text]

    assert gives_away(text, names, ["Uwe Schramm", "Anna Kern"]) == bits
