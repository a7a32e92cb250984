"""Words of a text: folded, cut, stemmed by language."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.text import QUESTION_LIMIT, WORD_LIMIT, clip, fold, is_stop, key, stem, words

SAME_STEM = [
    ("en", "replaced replacing replacement"),
    ("pt", "integração integracao integrações"),
    ("pt", "decisão decisões decisoes"),
    ("pt", "treinamento treinamentos"),
    ("de", "Änderungen Aenderungen Änderung"),
    ("de", "Schulung Schulungen"),
    ("es", "integración integracion integraciones"),
    ("es", "cambio cambios"),
    ("fr", "employés employes employé"),
    ("ru", "изменение изменения"),
    ("sv", "förändring förändringar"),
]


def forms(text: str) -> list[str]:
    return [word.form for word in words(text)]


@pytest.mark.parametrize(("language", "family"), SAME_STEM)
def test_forms_of_a_word_have_one_stem(language: str, family: str) -> None:
    assert len({stem(fold(word), language) for word in family.split()}) == 1


def test_different_words_keep_different_stems() -> None:
    assert len({stem(word, "en") for word in ["training", "trainer", "cost", "cast", "record", "reason"]}) >= 5


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("São João, Zürich & Ærø", ["sao", "joao", "zurich", "aero"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("ﬁnance Ａ１", ["finance", "a1"]),
        ("pay\u200broll \u202elevel\u202c", ["payroll", "level"]),
        ("don't can’t l'outil what's", ["dont", "cant", "l", "outil", "what"]),
        ("wave-3 on 2027-03-15", ["wave", "3", "on", "2027", "03", "15"]),
        ("snake_case", ["snake", "case"]),
        ("变更原因", ["变更", "更原", "原因"]),
        ("a\ud800b", ["a", "b"]),
        ("हम क्यों", ["हम", "क्यों"]),
    ],
)
def test_words_are_folded(text: str, plain: list[str]) -> None:
    assert forms(text) == plain


def test_codes_are_kept_as_they_are() -> None:
    found = {word.form: word.code for word in words("Why does ORDA need F7 in 2027? ABSOLUTELY-IMPORTANT")}

    assert {form for form, code in found.items() if code} == {"orda", "f7", "2027"}
    assert stem("f7s", "en") == "f7s"


def test_a_name_in_capitals_is_not_grammar() -> None:
    department, pronoun = words("Does IT know it")[1], words("Does IT know it")[3]

    assert not is_stop(department, "en")
    assert is_stop(pronoun, "en")
    assert is_stop(words("PLEASE tell me WHY it is")[0], "en")


@pytest.mark.parametrize("text", ["", " ", "😀", "?!", "\ud800\udc00", "\u200b"])
def test_no_words(text: str) -> None:
    assert words(text) == []


@given(st.text(max_size=300))
def test_any_text_has_words_that_are_their_own_key(text: str) -> None:
    found = forms(text)

    assert all(0 < len(form) <= 3 * WORD_LIMIT for form in found)
    assert key(text) == " ".join(found)


@given(st.text(min_size=QUESTION_LIMIT, max_size=QUESTION_LIMIT + 500))
def test_a_clipped_question_is_bounded(text: str) -> None:
    assert len(clip(text)) <= QUESTION_LIMIT


def test_of_a_long_message_its_beginning_and_last_question_remain() -> None:
    story = "Dear team. " + "It was a long day. " * 400 + "So when do we switch over? " + "Best regards, Ana. " * 20
    cut = clip(story)

    assert cut.startswith("Dear team.")
    assert cut.endswith("So when do we switch over?")


def test_stemming_in_many_threads_gives_what_one_thread_gives() -> None:
    texts = [f"{base}{ending}" for base in ("replac", "organis", "notifi", "deci") for ending in ("ing", "ed", "ation")]
    alone = [stem.__wrapped__(text, "en") for text in texts]
    seen: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: seen.append([stem.__wrapped__(t, "en") for t in texts * 20])) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen == [alone * 20] * 8
