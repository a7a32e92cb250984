"""What is found in a small playbook, in which version, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import Index, find
from bot.answers.rank import ANSWER_FROM
from bot.playbook.model import Passage
from tests.answers.mini import everything, passage

FOUND = [
    ("why is the old sheet going away", "en", "why"),
    ("what was wrong with the old time sheet", "en", "why"),
    ("how much traning do i get", "en", "training"),
    ("is there a course for the new tool?", "en", "training"),
    ("will anyone be dismissed", "en", "job"),
    ("LAYOFFS???", "en", "job"),
    ("what does the new time sheet cost us", "en", "cost"),
    ("can I enter my hours on a tablet", "en", "phone"),
    ("what happens to the old records of 2020", "en", "records"),
    ("who decided that", "en", "decided"),
    ("how do you count overtime", "en", "overtime"),
    ("does it work without internet", "en", "offline"),
    ("how to report sick leave", "en", "sick"),
    ("who sees my hours", "en", "data"),
    ("por que vai acabar a folha antiga?", "pt", "why"),
    ("quanto treinamento vou receber", "pt-BR", "training"),
    ("quanto custa a folha nova", "pt", "cost"),
    ("posso lancar as horas no celular", "pt", "phone"),
    ("warum wird der stundenzettel abgeloest", "de", "why"),
    ("wie viele Schulungen bekomme ich", "de", "training"),
    ("was geschieht mit alten Eintraegen", "de", "records"),
]
REFUSED = [
    ("what is for lunch in the canteen tomorrow", "en"),
    ("how do I reset my vpn password", "en"),
    ("when is the summer party of the warehouse team", "en"),
    ("qual é o cardápio de hoje", "pt"),
    ("wo kann ich mein Fahrrad abstellen", "de"),
    ("tell me a joke about penguins", "en"),
]
EMPTY = [
    "",
    "   ",
    "hi",
    "hello there!",
    "thanks :)",
    "😀🎉",
    "what is it and why?",
    "olá, bom dia",
    "...",
    "\u200b\u202e",
]


@pytest.mark.parametrize(("question", "locale", "wanted"), FOUND)
def test_comes_first(index: Index, question: str, locale: str, wanted: str) -> None:
    found = find(index, question, locale=locale)

    assert found.hits[0].passage.original == wanted
    assert found.outcome != "none"


def test_most_are_answered(index: Index) -> None:
    answered = [q for q, locale, _ in FOUND if find(index, q, locale=locale).outcome == "answer"]

    assert len(answered) >= 0.75 * len(FOUND)


@pytest.mark.parametrize(("question", "locale"), REFUSED)
def test_what_is_not_written_is_not_answered(index: Index, question: str, locale: str) -> None:
    assert find(index, question, locale=locale).outcome != "answer"


@pytest.mark.parametrize("question", EMPTY)
def test_what_asks_nothing_finds_nothing(index: Index, question: str) -> None:
    found = find(index, question, locale="en")

    assert (found.outcome, found.hits, found.confidence) == ("none", (), 0.0)


WORDINGS = [(text, p) for p in everything() for text in (p.heading, *p.also)]


@given(
    st.sampled_from(WORDINGS),
    st.sampled_from([str.upper, str.lower, str.title, lambda t: f"  {t} ?!", lambda t: t.replace(" ", "\u00a0")]),
)
def test_a_wording_typed_as_written_is_first_and_sure(
    wording: tuple[str, Passage], typed: Callable[[str], str]
) -> None:
    text, meant = wording
    found = find(SHARED, typed(text), locale=meant.locale)

    assert found.hits[0].passage.id == meant.id
    assert found.hits[0].confidence > 0.95
    assert found.outcome == "answer"


SHARED = Index(everything())


def test_the_version_in_the_askers_language_is_returned_else_the_original(index: Index) -> None:
    def versions(question: str, locale: str) -> str:
        return find(index, question, locale=locale).hits[0].passage.id

    assert versions("Why is the old time sheet going away?", "de") == "why.de"
    assert versions("Warum wird der alte Stundenzettel abgelöst?", "pt-BR") == "why.pt"
    assert versions("Warum wird der alte Stundenzettel abgelöst?", "es") == "why"
    assert versions("Was geschieht mit meinen alten Einträgen?", "pt") == "records"


def test_translations_of_one_text_are_one_hit(index: Index) -> None:
    found = find(index, "Wie viel Schulung bekomme ich, how much training do I get?", locale="de", limit=20)
    texts = [hit.passage.original for hit in found.hits]

    assert len(texts) == len(set(texts))


def test_hits_come_best_first_with_scores_and_confidence_between_0_and_1(index: Index) -> None:
    hits = find(index, "how much does training cost", locale="en", limit=4).hits

    assert len(hits) == 4
    assert [h.confidence for h in hits] == sorted((h.confidence for h in hits), reverse=True)
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert all(0 <= h.score <= 1 and 0 <= h.confidence <= 1 for h in hits)


def test_each_wording_is_judged_by_itself() -> None:
    scattered = passage("scattered", "Moving house?", also=("red paint", "garden tools", "evening class"))
    whole = passage("whole", "Other things?", also=("red garden class",))
    found = find(Index([scattered, whole]), "red garden class please", locale="en")

    assert found.hits[0].passage.id == "whole"


def test_the_own_units_passage_is_preferred_between_equals() -> None:
    texts = [passage(u, "What do I gain from it?", "Less typing.", units=(u,)) for u in ("sales", "payroll", "stores")]
    index = Index(texts)

    for unit in ("sales", "payroll", "stores"):
        found = find(index, "what do I gain", locale="en", units=[unit])
        assert found.hits[0].passage.id == unit
        assert find(index, "What do I gain from it?", locale="en", units=[unit]).outcome == "answer"


def test_a_unit_is_a_preference_not_a_filter(index: Index) -> None:
    other = passage("other", "Where do drivers park the vans?", "Behind hall two.", units=("drivers",))
    found = find(Index([*everything(), other]), "where do I park the van", locale="en", units=["payroll"])

    assert found.hits[0].passage.id == "other"


def test_the_name_of_a_unit_leads_to_its_page() -> None:
    gains = [
        passage(f"{unit}-gains", "What you gain", "Less typing and fewer errors.", units=(unit,))
        for unit in ("field-sales", "finance")
    ]
    found = find(Index([*everything(), *gains]), "what does finance gain", locale="en")

    assert found.hits[0].passage.id == "finance-gains"


def test_an_initiative_restricts() -> None:
    two = [passage(i, "Why do we change?", "Because.", initiative=i) for i in ("time-sheets", "new-crm")]
    found = find(Index(two), "Why do we change?", locale="en", initiative="new-crm")

    assert [h.passage.initiative for h in found.hits] == ["new-crm"]
    assert found.outcome == "answer"


def test_the_same_words_in_two_initiatives_are_a_choice() -> None:
    two = [passage(i, "Why do we change?", "Because.", initiative=i) for i in ("time-sheets", "new-crm")]
    found = find(Index(two), "Why do we change?", locale="en")

    assert found.outcome == "did-you-mean"
    assert {h.passage.initiative for h in found.topics} == {"time-sheets", "new-crm"}


@pytest.mark.parametrize("question", ["what is ARKO", "what is arko?", "where do I find the archive Arko"])
def test_names_are_found_whatever_their_capitals(index: Index, question: str) -> None:
    assert find(index, question, locale="en").hits[0].passage.id == "records"


def test_another_number_is_not_as_good() -> None:
    waves = [passage(f"wave-{n}", f"When does wave {n} start?", "In spring.") for n in (1, 2)]
    index = Index([*everything(), *waves])
    second, ninth = (find(index, f"start of wave {n}, when?", locale="en") for n in (2, 9))

    assert second.hits[0].passage.id == "wave-2"
    assert second.confidence >= ANSWER_FROM > ninth.confidence


def test_a_heading_of_grammar_alone_is_found_by_its_words_only() -> None:
    index = Index([*everything(), passage("about", "What is this about?", "Time sheets.")])

    assert find(index, "what is this about", locale="en").hits[0].passage.id == "about"
    assert find(index, "what about this", locale="en").hits == ()


def test_no_passages_find_nothing() -> None:
    assert find(Index([]), "why is this changing", locale="en").outcome == "none"


def test_the_key_of_a_fact_gives_way_to_a_wording_somebody_wrote() -> None:
    fact = replace(passage("fact", "budget", "400000 EUR"), kind="fact")
    found = find(Index([fact, *everything()]), "budget", locale="en")

    assert found.hits[0].passage.id == "cost"
    assert found.outcome == "answer"
