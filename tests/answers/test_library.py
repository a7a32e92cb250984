"""The library encodes each text once, in the background, and answers by words until it has."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.answers import find
from bot.commands.asking import Asked, Desk
from bot.library import Library
from bot.store import Store
from tests.answers.letters import Letters

SMALL = Path(__file__).parent.parent / "transcripts/playbooks/small"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "playbooks"))


def encode_all(library: Library) -> None:
    while library.encode():
        pass


def test_what_was_encoded_once_is_not_encoded_at_the_next_start(store: Store, folder: Path) -> None:
    first, second = Letters(), Letters()
    library = Library(store, folder, first)
    library.refresh(NOW)
    encode_all(library)
    again = Library(store, folder, second)
    again.refresh(NOW)
    encode_all(again)

    assert len(first.encoded) == len(library.current.index.keys()) > 20
    assert second.encoded == []
    assert again.current.index.missing() == ()


def test_of_an_edit_only_the_new_text_is_encoded(store: Store, folder: Path) -> None:
    encoder = Letters()
    library = Library(store, folder, encoder)
    library.refresh(NOW)
    encode_all(library)
    faq = folder / "phones/faq.md"
    faq.write_text(faq.read_text(encoding="utf-8") + "\n## Is there a blue one?\n\nYes, blue.\n", encoding="utf-8")
    library.refresh(NOW + timedelta(minutes=1))

    assert find(library.current.index, "is there a blue one", locale="en").outcome == "answer"
    encoder.encoded.clear()
    encode_all(library)
    assert encoder.encoded == ["Is there a blue one?", "Yes, blue."]


def test_a_few_texts_at_a_time_and_answers_meanwhile(store: Store, folder: Path) -> None:
    encoder = Letters()
    library = Library(store, folder, encoder)
    library.refresh(NOW)

    assert library.encode(most=3)
    assert len(encoder.encoded) == 3
    assert find(library.current.index, "who pays for a broken screen", locale="en").outcome == "answer"


def test_another_encoder_starts_anew_and_what_nobody_needs_is_deleted(store: Store, folder: Path) -> None:
    library = Library(store, folder, Letters("letters-1"))
    library.refresh(NOW)
    encode_all(library)
    newer = Letters("letters-2")
    library = Library(store, folder, newer)
    library.refresh(NOW)
    encode_all(library)
    assert newer.encoded
    last, older = Letters("letters-2"), Letters("letters-1")
    for encoder in (last, older):
        library = Library(store, folder, encoder)
        library.refresh(NOW)
        encode_all(library)

    assert last.encoded == []
    assert older.encoded


def test_without_an_encoder_there_is_nothing_to_do(store: Store, folder: Path) -> None:
    library = Library(store, folder)
    library.refresh(NOW)

    assert library.encode() is False
    assert find(library.current.index, "who pays for a broken screen", locale="en").outcome == "answer"


def test_a_command_keeps_what_it_encoded_in_a_file(folder: Path, tmp_path: Path) -> None:
    first, second = Letters(), Letters()
    file = tmp_path / "var/vectors.bin"
    Desk(folder, NOW, first, file)
    answered = Desk(folder, NOW, second, file).answer(Asked("who pays for a broken screen?"))

    assert len(first.encoded) > 20
    assert second.encoded == ["who pays for a broken screen?"]
    assert answered.kind == "answer"
