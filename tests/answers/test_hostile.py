"""Whatever somebody types, the answer comes in bounded time and memory, and never as an exception."""

from __future__ import annotations

import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answers import Index, detect, find
from tests.answers.mini import everything, passage

SHARED = Index(everything())
MEGABYTE = 1_000_000
LARGE = {
    "one word": "a" * MEGABYTE,
    "many words": "why is it changing " * (MEGABYTE // 19),
    "different words": " ".join(f"w{n}x" for n in range(MEGABYTE // 8)),
    "question marks": "?" * MEGABYTE,
    "unclosed code": "```" + "`x" * (MEGABYTE // 2),
    "nested brackets": "(" * MEGABYTE,
    "apostrophes": "a'" * (MEGABYTE // 2),
    "combining": "a" + "\u0301" * MEGABYTE,
    "no spaces": "变" * MEGABYTE,
    "right to left": "\u202e\u200f" * (MEGABYTE // 2),
    "expanding": "\ufdfa" * MEGABYTE,
    "surrogates": "\ud800" * MEGABYTE,
    "at signs": "a@" * (MEGABYTE // 2),
}


@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE.keys())
def test_a_megabyte_takes_bounded_time_and_memory(text: str) -> None:
    detect("so that the model is loaded before the clock starts", ("en", "de"))
    tracemalloc.start()
    start = time.process_time()
    find(SHARED, text, locale="en")
    detect(text, ("en", "de", "pt"))
    seconds, (_, peak) = time.process_time() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert seconds < 3.0
    assert peak < 20_000_000


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(), max_size=400), st.sampled_from(["en", "pt-BR", "de_DE", "zh", "xx", "", "../etc"]))
def test_any_text_in_any_locale_is_answered(text: str, locale: str) -> None:
    found = find(SHARED, text, locale=locale, units=[text], initiative="")

    assert len(found.hits) <= 5
    assert 0 <= found.confidence <= 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=4), st.text(max_size=60))
def test_any_passages_can_be_indexed_and_asked(headings: list[str], question: str) -> None:
    index = Index([passage(str(n), heading, heading, (question,)) for n, heading in enumerate(headings)])

    assert len(find(index, question, locale="en").hits) <= len(headings)


def test_invisible_characters_change_nothing() -> None:
    hidden = "how\u200b much \u202etrai\u00adning\u202c do\ufeff I get"

    assert find(SHARED, hidden, locale="en") == find(SHARED, "how much training do I get", locale="en")


def test_many_threads_read_one_index() -> None:
    asked = [p.heading + " please" for p in SHARED.passages] * 4
    alone = [find(SHARED, q, locale="en") for q in asked]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda q: find(SHARED, q, locale="en"), asked))

    assert together == alone
