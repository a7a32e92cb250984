"""An encoder that keeps what it encoded in a file, so that a second evaluation starts at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from bot.answers.encoder import DIMENSIONS, Encoder, Floats, embedded
from bot.answers.index import Index
from bot.answers.meaning import Piece, packed
from bot.answers.vector_file import read_vectors, write_vectors
from bot.playbook.model import Passage

VECTORS = Path("var/vectors-evaluation.bin")
THREADS = 2


class Remembering:
    """The encoder of the installation, with a file beside it. Questions are kept too, which the product does not."""

    def __init__(self, encoder: Encoder, path: Path = VECTORS) -> None:
        self.name = encoder.name
        self._encoder = encoder
        self._path = path
        self._held = read_vectors(path, self.name)
        self._new = 0

    def encode(self, texts: Sequence[str], *, asked: bool) -> Floats:
        """As the encoder does, to the accuracy in which vectors are kept."""
        rows = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(texts):
            key = Piece(text, wording=asked).key
            if key not in self._held:
                self._held[key] = packed(self._encoder.encode([text], asked=asked)[0])
                self._new += 1
            numbers = np.frombuffer(self._held[key], dtype=np.int8).astype(np.float32)
            rows[row] = numbers / np.linalg.norm(numbers)
        return rows

    def vectors(self, texts: Iterable[Piece]) -> dict[str, bytes]:
        """The kept vectors of these texts."""
        found = {}
        for piece in texts:
            self.encode([piece.text], asked=piece.wording)
            found[piece.key] = self._held[piece.key]
        return found

    def save(self) -> None:
        """Writes the file if there is anything new."""
        if self._new:
            write_vectors(self._path, self.name, self._held)
            self._new = 0


def remembering() -> Remembering | None:
    """The encoder of this installation with its file; None where there is none."""
    encoder = embedded(THREADS)
    return Remembering(encoder) if encoder else None


def indexed(passages: Sequence[Passage], encoder: Remembering | None) -> Index:
    """The index of these passages with all their vectors, or by words alone without an encoder."""
    if encoder is None:
        return Index(passages)
    vectors = encoder.vectors(Index(passages, encoder).missing())
    encoder.save()
    return Index(passages, encoder, vectors)
