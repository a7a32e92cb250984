"""Which fact a question asks for, and whether a text has it: in seven languages."""

from __future__ import annotations

import pytest

from bot.answers import Index, find
from bot.answers.asked import identifiers, kind_of, lacking
from bot.answers.several import MOST, parts
from tests.answers.mini import everything, passage

KINDS = [
    ("what does the licence cost?", "money"),
    ("quanto custa a licença?", "money"),
    ("Was kostet uns das?", "money"),
    ("¿Cuánto cuesta la llave?", "money"),
    ("combien coûte la licence", "money"),
    ("quanto costa una licenza", "money"),
    ("hvad koster det", "money"),
    ("when is it my turn?", "when"),
    ("tell me what day we start", "when"),
    ("quando começa o piloto", "when"),
    ("ab wann gilt das", "when"),
    ("hvornår starter vi", "when"),
    ("how many testers are there", "count"),
    ("wie viele Kollegen testen", "count"),
    ("how long does the training take", "duration"),
    ("will I get help when it fails?", ""),
    ("¿Qué pasa cuando falla?", ""),
    ("who decided this", ""),
    ("tell me about the pilot", ""),
    ("", ""),
]
HAS = [
    ("what does it cost", "EUR 400,000 until the end of 2027."),
    ("what does it cost", "Nothing; it is free for everybody."),
    ("when do we start", "On 1 March 2027."),
    ("when do we start", "That is not decided yet."),
    ("quando começamos", "Em março."),
    ("how many testers are there", "Three from each department."),
    ("when is the rollback of wave 3?", "The third wave can go back until 26 July."),
    ("what happens in phase 2", "Phase 2 is the pilot."),
    ("does covid19 matter", "COVID-19 is covered."),
    ("what is the colour of the card", "Its colour is green."),
    ("who decided this", "The board."),
]
LACKS = [
    ("what does it cost", "It is made by Tallgren Systems."),
    ("how many testers are there", "Colleagues from each department."),
    ("when do we start", "It begins with the agreement of the board."),
    ("when is the rollback of wave 3?", "The second wave can go back until 14 June."),
    ("wann ist die dritte Welle", "Die zweite Welle ist am 31. Mai."),
    ("what does a licence cost per user", "EUR 2.35 million until the end of 2027."),
    ("qual é a marca do celular", "Sim, todos recebem um celular novo em março."),
    ("Welche Farbe hat das Gerät?", "Das Gerät kommt im März."),
    ("¿Cuánto pesa la llave?", "La llave va en el llavero desde el 7 de diciembre."),
    ("does F9 still work", "F7 is the quick order."),
]


@pytest.mark.parametrize(("question", "kind"), KINDS)
def test_the_kind_of_fact_that_is_asked_for(question: str, kind: str) -> None:
    assert kind_of(question) == kind


@pytest.mark.parametrize(("question", "text"), HAS)
def test_a_text_that_has_the_fact(question: str, text: str) -> None:
    assert not lacking(question, "", text)


@pytest.mark.parametrize(("question", "text"), LACKS)
def test_a_text_that_lacks_the_fact(question: str, text: str) -> None:
    assert lacking(question, "", text)


def test_what_stands_in_the_heading_counts() -> None:
    assert not lacking("when is wave 3", "When does wave 3 start?", "On 12 July.")


def test_things_told_apart_by_number_or_code() -> None:
    assert identifiers("When is wave 3?") == {"3"}
    assert identifiers("die dritte Welle und F7") == {"3", "f7"}
    assert identifiers("in 2023 I had 3 phones") == frozenset()


def test_the_neighbouring_passage_is_not_given_as_the_answer() -> None:
    index = Index([*everything(), passage("licence", "Who needs a licence for the time sheet?", "Everybody has one.")])

    found = find(index, "who needs a licence for the time sheet and what colour is it", locale="en")
    assert found.hits[0].passage.id == "licence"
    assert found.outcome == "about"
    assert find(index, "who needs a licence for the time sheet", locale="en").outcome == "answer"


def test_of_another_initiative_is_no_answer() -> None:
    two = [
        passage("here", "When does the pilot start?", "On 8 March.", initiative="linden"),
        passage("there", "What is Tandem?", "A system.", initiative="tandem"),
        passage("both", "Does the pilot wait for Tandem?", "No.", initiative="linden"),
    ]
    index, projects = Index(two), {"linden": "linden", "tandem": "tandem"}

    named = find(index, "when does the pilot of tandem start", locale="en", initiative="linden", projects=projects)
    assert named.outcome != "answer"
    assert find(index, "when does the pilot of linden start", locale="en", projects=projects).outcome == "answer"
    assert find(index, "does the pilot wait for tandem", locale="en", projects=projects).hits[0].passage.id == "both"


PARTS = [
    ("When do I switch? And do I get a new phone?", ("When do I switch?", "And do I get a new phone?")),
    ("I am in Porto. When do I switch, and who is my key user?", ("When do I switch?", "who is my key user?")),
    ("Wann geht es denn los und wer hilft mir dabei?", ("Wann geht es denn los?", "wer hilft mir dabei?")),
    ("Quando começa o curso e quem me ajuda no sábado?", ("Quando começa o curso?", "quem me ajuda no sábado?")),
    ("¿Cuándo empezamos todos? ¿Cuánto cuesta?", ("¿Cuándo empezamos todos? ¿Cuánto cuesta?",)),
    ("Is it final? When?", ("Is it final? When?",)),
    ("do I keep my phone and my number?", ("do I keep my phone and my number?",)),
    ("The old one was fine. Nobody asked us.", ("The old one was fine. Nobody asked us.",)),
    ("", ("",)),
]


@pytest.mark.parametrize(("text", "wanted"), PARTS)
def test_a_message_is_taken_apart(text: str, wanted: tuple[str, ...]) -> None:
    assert parts(text) == wanted


def test_of_many_questions_the_first_few_are_taken() -> None:
    assert len(parts("What about number one here? " * 40)) == MOST
    assert len(parts("what is this? " * 100_000)) <= MOST
