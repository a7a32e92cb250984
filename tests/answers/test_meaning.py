"""Finding by meaning beside words: which texts are encoded, when meaning counts, and what stays as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answers import Index, find
from bot.answers.encoder import DIMENSIONS, PASSAGE_LIMIT
from bot.answers.meaning import Meanings, encoded, packed, parts_of, pieces
from bot.answers.vector_file import read_vectors, write_vectors
from bot.playbook.model import Passage
from tests.answers.letters import Letters
from tests.answers.mini import everything, passage


def whole(passages: list[Passage]) -> Index:
    """An index with every vector."""
    encoder = Letters()
    index = Index(passages, encoder)
    return index.with_vectors(encoded(index.missing(), encoder))


WHOLE = whole(everything())


def test_every_wording_and_every_part_of_a_body_is_encoded() -> None:
    long = passage("long", "Heading?", "A sentence of words. " * 60, ("other wording",))
    found = pieces(long)

    assert [p.text for p in found if p.wording] == ["Heading?", "other wording"]
    told = [p.text for p in found if not p.wording]
    assert " ".join(told) == long.body.strip()
    assert all(len(text) <= PASSAGE_LIMIT for text in told)
    assert [p.wording for p in pieces(replace(long, kind="fact", also=()))] == [False] * len(told)


@given(st.text(max_size=3000))
@settings(deadline=None)
def test_parts_hold_the_beginning_of_any_body_and_none_is_too_long(body: str) -> None:
    parts = parts_of(body)

    assert all(0 < len(part) <= PASSAGE_LIMIT for part in parts) or parts in ([], [""])


def test_a_kept_vector_points_where_it_did() -> None:
    vector = Letters().encode(["some text"], asked=False)[0]
    kept = np.frombuffer(packed(vector), dtype=np.int8).astype(np.float32)

    assert kept @ vector / np.linalg.norm(kept) > 0.999


def test_a_text_is_encoded_once_and_only_what_is_new() -> None:
    encoder = Letters()
    index = Index(everything(), encoder)
    first = encoded(index.missing(), encoder)
    changed = [*everything(), passage("new", "Is there something new?", "Yes.")]
    later = Index(changed, encoder, first)

    assert [p.text for p in later.missing()] == ["Is there something new?", "Yes."]
    assert Index(everything(), encoder, first).missing() == ()
    assert len({p.key for p in index.missing()}) == len(index.missing())


def test_originals_are_encoded_before_translations() -> None:
    missing = [p.text for p in Index([*reversed(everything())], Letters()).missing()]

    assert missing.index("Why is the old time sheet going away?") < missing.index(
        "Warum wird der alte Stundenzettel abgelöst?"
    )


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(), max_size=400), st.sampled_from(["en", "pt-BR", "zh", ""]), st.sampled_from(["", "fr"]))
def test_any_text_is_answered(text: str, locale: str, spoken: str) -> None:
    found = find(WHOLE, text, locale=locale, spoken=spoken, projects={"time sheets": "time-sheets", "x": "y"})

    assert len(found.hits) <= 5
    assert 0 <= found.confidence <= 1


def test_until_enough_is_encoded_words_alone_decide() -> None:
    encoder = Letters()
    plain = find(Index(everything()), "how much training", locale="en")

    assert find(Index(everything(), encoder), "how much training", locale="en") == plain
    assert encoder.encoded == []
    assert find(WHOLE, "how much training", locale="en") != plain


def test_a_new_passage_is_found_before_it_is_encoded() -> None:
    encoder = Letters()
    held = encoded(Index(everything(), encoder).missing(), encoder)
    new = passage("new", "Where do drivers park the vans?", "Behind hall two.")
    found = find(Index([*everything(), new], encoder, held), "where do I park the vans", locale="en")

    assert found.hits[0].passage.id == "new"


def test_what_is_hidden_changes_nothing() -> None:
    secret = [passage("secret", "How much bonus do leads get for training?", "EUR 900.", audience="leaders")]
    mixed = whole([*secret, *everything()])

    def seen(index: Index) -> list[tuple[str, float]]:
        found = find(index, "how much training do leads get", locale="en", allowed=lambda p: not p.audience)
        return [(hit.passage.id, round(hit.confidence, 3)) for hit in found.hits]

    assert seen(mixed) == seen(WHOLE)


def test_what_helped_others_comes_first_between_equals() -> None:
    two = whole([passage(i, "What do I gain from it?", "Less typing.") for i in ("one", "two")])

    assert find(two, "what would I gain", locale="en", helpful={"two": 9}).hits[0].passage.id == "two"
    assert find(two, "what would I gain", locale="en", helpful={"one": 9}).hits[0].passage.id == "one"


def test_a_question_that_asks_nothing_finds_nothing() -> None:
    assert find(WHOLE, "what is it and why?", locale="en").hits == ()


def test_passages_without_any_vector_are_far() -> None:
    none = Meanings(everything(), {})

    assert not none.encoded.any()
    assert float(none.near(np.ones(DIMENSIONS, dtype=np.float32)).wording.max()) == -1.0


def test_a_file_of_vectors_is_read_as_it_was_written(tmp_path: Path) -> None:
    encoder, file = Letters(), tmp_path / "var" / "vectors.bin"
    made = encoded(Index(everything(), encoder).missing(), encoder)
    write_vectors(file, encoder.name, made)

    assert read_vectors(file, encoder.name) == made
    assert read_vectors(file, "another") == {}


@pytest.mark.parametrize("content", [b"", b"nonsense", b"throughline vectors 1 letters-1\n123"])
def test_a_damaged_file_is_no_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "vectors.bin").write_bytes(content)

    assert read_vectors(tmp_path / "vectors.bin", "letters-1") == {}
    assert read_vectors(tmp_path / "nowhere.bin", "letters-1") == {}


def test_where_the_file_cannot_be_written_only_time_is_lost(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where a folder should be")
    write_vectors(tmp_path / "var" / "vectors.bin", "letters-1", {})

    assert read_vectors(tmp_path / "var" / "vectors.bin", "letters-1") == {}
