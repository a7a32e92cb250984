"""What the asker may not read changes nothing they see: no hit, no score, no correction, no confidence."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answers import Found, Index, find
from bot.playbook.model import Passage
from tests.answers.mini import everything, passage

OPEN = everything()
SECRET = [
    passage("merger", "Is the Rotterdam warehouse closed?", "Yes, in autumn.", ("rotterdam",), audience="leaders"),
    passage("bonus", "How much training bonus do leads get?", "EUR 900.", audience="leaders"),
    passage("job.es", "¿Se despide a alguien?", "No.", locale="es", audience="leaders", original="job"),
]
MIXED = Index([*SECRET, *OPEN])
PLAIN = Index(OPEN)
WORDS = (
    "rotterdam roterdam warehouse closed autumn training trainign bonus leads records why when cost despide alguien is"
)


def is_open(each: Passage) -> bool:
    return not each.audience


def seen(found: Found) -> list[tuple[str, float, float]]:
    return [(h.passage.id, round(h.score, 3), round(h.confidence, 3)) for h in found.hits]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=6), st.sampled_from(["en", "es", "de"]))
def test_the_answer_is_the_one_that_an_index_without_the_hidden_would_give(asked: list[str], locale: str) -> None:
    question = " ".join(asked)
    with_hidden = find(MIXED, question, locale=locale, allowed=is_open)
    without = find(PLAIN, question, locale=locale)

    assert seen(with_hidden) == seen(without)
    assert with_hidden.outcome == without.outcome


def test_a_hidden_passage_is_not_found_by_its_exact_words() -> None:
    found = find(MIXED, "Is the Rotterdam warehouse closed?", locale="en", allowed=is_open)

    assert "merger" not in [h.passage.id for h in found.hits]
    assert find(MIXED, "Is the Rotterdam warehouse closed?", locale="en").hits[0].passage.id == "merger"


def test_a_hidden_translation_is_not_shown() -> None:
    found = find(MIXED, "Will anybody be dismissed because of it?", locale="es", allowed=is_open)

    assert found.hits[0].passage.id == "job"


def test_permission_is_asked_of_every_passage_before_anything_is_ranked() -> None:
    asked: list[str] = []

    def allowed(each: Passage) -> bool:
        asked.append(each.id)
        return True

    find(MIXED, "rotterdam", locale="en", allowed=allowed)

    assert sorted(asked) == sorted(p.id for p in MIXED.passages)


def test_nothing_allowed_finds_nothing() -> None:
    assert find(MIXED, "training", locale="en", allowed=lambda each: False).hits == ()
