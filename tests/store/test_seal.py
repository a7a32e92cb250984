"""What is sealed is closed to everybody without a key, and open with any of the keys."""

from __future__ import annotations

import base64

import pytest

from bot.store import Seal, SealBroken

TEXTS = ["", "why?", "ção 🙂", "\0", "half an emoji \ud83d", "x" * 100_000]


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_sealed_comes_back(text: str) -> None:
    seal = Seal(["key"])

    assert seal.open(seal.seal(text)) == text


def test_the_same_text_never_looks_the_same() -> None:
    seal = Seal(["key"])

    assert seal.seal("why?") != seal.seal("why?")


def test_a_new_key_in_front_still_opens_what_the_old_one_sealed() -> None:
    before, after = Seal(["old"]), Seal(["new", "old"])

    assert after.open(before.seal("why?")) == "why?"
    with pytest.raises(SealBroken):
        before.open(after.seal("why?"))


@pytest.mark.parametrize(
    "broken",
    ["", "nonsense", "ção", Seal(["other"]).seal("why?")],
    ids=["empty", "nonsense", "not ASCII", "another key"],
)
def test_what_no_key_fits_is_refused_with_a_remedy(broken: str) -> None:
    with pytest.raises(SealBroken, match="THROUGHLINE_SECRET"):
        Seal(["key"]).open(broken)


def test_a_sealed_text_does_not_tell_when_it_was_written() -> None:
    token = base64.urlsafe_b64decode(Seal(["key"]).seal("why?"))

    version, timestamp = token[:1], token[1:9]
    assert (version, timestamp) == (b"\x80", bytes(8))


def test_marks_tell_parts_apart_and_repeat() -> None:
    seal = Seal(["key"])

    marks = {seal.mark("ab", "c"), seal.mark("a", "bc"), seal.mark("abc"), seal.mark("abc", "")}
    assert len(marks) == 4
    assert seal.mark("ab", "c") in marks


def test_marks_outlive_a_new_key_and_need_the_secret() -> None:
    assert Seal(["new", "old"]).mark("ana") == Seal(["old"]).mark("ana")
    assert Seal(["new"]).mark("ana") != Seal(["old"]).mark("ana")


@pytest.mark.parametrize("keys", [[], [""], ["key", " "]])
def test_no_key_is_no_seal(keys: list[str]) -> None:
    with pytest.raises(ValueError, match="key"):
        Seal(keys)


@pytest.mark.parametrize("text", ["", "x", "\0", "é" * 7, "x" * 15, "x" * 16, "x" * 100])
def test_what_is_padded_comes_back_and_its_length_tells_the_size_alone(text: str) -> None:
    """Sizes count in bytes; beyond the last they are multiples of it."""
    seal = Seal(["key"])
    lengths = {len(seal.seal("y" * (size - 1), (16, 32))) for size in (16, 32, 64, 96, 128)}

    assert seal.open(seal.seal(text, (16, 32))) == text
    assert len(seal.seal(text, (16, 32))) in lengths
