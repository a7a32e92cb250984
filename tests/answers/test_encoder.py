"""The embedded encoder: what it makes of texts, and that none of its hazards comes through."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from bot.answers.encoder import DIMENSIONS, PASSAGE_LIMIT, Embedded, embedded, readable


@pytest.fixture(scope="module")
def encoder() -> Embedded:
    found = embedded()
    if found is None:
        pytest.skip("no sentence encoder on this machine")
    return found


def test_the_same_meaning_in_another_language_is_nearer_than_another_one(encoder: Embedded) -> None:
    asked, same, other = encoder.encode(
        ["How much training do I get?", "Wie viel Schulung bekomme ich?", "Wo kann ich mein Fahrrad abstellen?"],
        asked=True,
    )

    assert asked @ same > asked @ other


def test_vectors_have_the_length_one_and_no_text_makes_none(encoder: Embedded) -> None:
    rows = encoder.encode(["why", "", "\u200b", "\ud800", "\0", "🙂" * 50], asked=True)

    assert rows.shape == (6, DIMENSIONS)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-3)
    assert encoder.encode([], asked=False).shape == (0, DIMENSIONS)


@pytest.mark.parametrize(
    "text", ["a" * 1_000_000, "why " * 250_000, "变" * 1_000_000, "\ud800" * 1_000_000, "\ufdfa" * 9000]
)
def test_a_megabyte_takes_no_longer_than_a_long_passage(encoder: Embedded, text: str) -> None:
    start = time.process_time()
    encoder.encode([text], asked=True)

    assert time.process_time() - start < 3.0


def test_what_cannot_be_seen_changes_nothing() -> None:
    assert readable("why\u200b \u202enow\u202c\n\n  ?", PASSAGE_LIMIT) == "why now ?"
    assert readable("a\ud800b\0c", PASSAGE_LIMIT) == "a b c"
    assert len(readable("x" * 10_000, PASSAGE_LIMIT)) == PASSAGE_LIMIT


def test_many_threads_get_the_same_vectors(encoder: Embedded) -> None:
    texts = [f"question number {n}" for n in range(8)] * 2
    alone = encoder.encode(texts, asked=True)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: encoder.encode([text], asked=True)[0], texts))

    assert np.array_equal(alone, np.array(together))


def test_a_question_gets_in_between_passages(encoder: Embedded) -> None:
    ended: list[str] = []

    def passages() -> None:
        encoder.encode(["A sentence of some length about nothing in particular."] * 12, asked=False)
        ended.append("passages")

    with ThreadPoolExecutor(2) as pool:
        long = pool.submit(passages)
        while not encoder.busy:
            pass
        encoder.encode(["why"], asked=True)
        ended.append("question")
        long.result()

    assert ended == ["question", "passages"]
