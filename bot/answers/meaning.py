"""The passages by what they mean: the texts of each that are encoded, their vectors, and how near a question comes.

It ranks nothing. A vector is kept as whole numbers (-127..127), a quarter of the room; its length is put right later.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.answers.encoder import DIMENSIONS, PASSAGE_LIMIT, Encoder, Floats, readable
from bot.playbook.model import Passage

LONGEST_PASSAGE = 4000
"""Characters of one passage that are encoded; more than this nobody writes under one heading."""
_BLOCK = 512
"""Vectors that are compared at once: what fits into the processor's own memory, three times as fast as more."""
_SENTENCE_END = re.compile(r"(?<=[.!?;:。！？؟।])\s+|(?<=[。！？])")
Vectors = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Piece:
    """A text that is encoded by itself. `wording`: a heading or another wording, else a part of the body."""

    text: str
    wording: bool

    @property
    def key(self) -> str:
        """What the vector of this text is kept under."""
        kind = "w" if self.wording else "b"
        return hashlib.blake2b(f"{kind}{self.text}".encode(), digest_size=16).hexdigest()


def pieces(passage: Passage) -> tuple[Piece, ...]:
    """What is encoded of a passage: each wording, and the body in parts that the encoder takes whole."""
    wordings = () if passage.kind == "fact" else (passage.heading, *passage.also)
    asked = (Piece(readable(w, PASSAGE_LIMIT), wording=True) for w in wordings)
    told = (Piece(part, wording=False) for part in parts_of(passage.body))
    return tuple(piece for piece in (*asked, *told) if piece.text)


def parts_of(body: str, limit: int = PASSAGE_LIMIT) -> list[str]:
    """The body in parts of whole sentences, each of at most `limit` characters; a longer sentence is cut."""
    parts: list[str] = []
    for sentence in _SENTENCE_END.split(readable(body, LONGEST_PASSAGE)):
        for start in range(0, len(sentence), limit):
            piece = sentence[start : start + limit]
            if parts and len(parts[-1]) + 1 + len(piece) <= limit:
                parts[-1] = f"{parts[-1]} {piece}"
            else:
                parts.append(piece)
    return parts


def packed(vector: Floats) -> bytes:
    """A vector as it is kept: 384 bytes."""
    scale = 127.0 / max(float(np.abs(vector).max()), 1e-9)
    numbers: NDArray[np.int8] = np.rint(vector * scale).astype(np.int8)
    return numbers.tobytes()


def encoded(texts: Iterable[Piece], encoder: Encoder) -> dict[str, bytes]:
    """The vectors of these texts, ready to be kept. A wording is encoded as what it is: a question."""
    return {piece.key: packed(encoder.encode([piece.text], asked=piece.wording)[0]) for piece in texts}


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near one question comes to each passage, as cosines: by its best wording and by the best part of its body.

    Where a passage has no such text, or its vectors are not made yet, it is `ABSENT`; `encoded` tells which are made.
    """

    wording: Floats
    body: Floats
    encoded: NDArray[np.bool_]

    @property
    def best(self) -> Floats:
        """How near the nearest of its texts is."""
        return np.maximum(self.wording, self.body)

    def filled(self, words: Floats, visible: NDArray[np.bool_]) -> Nearness:
        """The same where all have a place: what is not encoded lies as near as its words say, of the visible ones."""
        there = self.encoded & visible
        if not (visible & ~there).any():
            return self
        low, high = float(self.best[there].min()), float(self.best[there].max())
        guessed = low + (high - low) * np.minimum(1.0, words / max(float(words.max()), 1e-6))
        return Nearness(
            np.where(there, self.wording, guessed).astype(np.float32),
            np.where(there, self.body, guessed).astype(np.float32),
            self.encoded,
        )


ABSENT = np.float32(-1.0)


class Meanings:
    """The vectors of all passages. Never changes once built."""

    def __init__(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        self._count = len(passages)
        texts = [pieces(passage) for passage in passages]
        self.encoded: NDArray[np.bool_] = np.array(
            [all(p.key in vectors for p in own) for own in texts], dtype=np.bool_
        )
        """Which passages have all their vectors."""
        self.keys = frozenset(piece.key for own in texts for piece in own)
        """The keys of all texts."""
        originals = sorted(range(len(texts)), key=lambda n: passages[n].original not in ("", passages[n].id))
        lacking = {piece.key: piece for n in originals for piece in texts[n] if piece.key not in vectors}
        self.missing = tuple(lacking.values())
        """The texts without a vector, those of originals before those of translations."""
        self._wordings = _rows(((p for p in own if p.wording) for own in texts), vectors)
        self._bodies = _rows(((p for p in own if not p.wording) for own in texts), vectors)

    def near(self, question: Floats) -> Nearness:
        """How near this question (a vector of length 1) comes to each passage."""
        wording, body = (rows.best(question, self._count) for rows in (self._wordings, self._bodies))
        return Nearness(wording, body, self.encoded)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Vectors in the order of their passages: `owner` is the passage of each, `length` its length."""

    numbers: NDArray[np.int8]
    length: Floats
    owner: NDArray[np.int32]

    def best(self, question: Floats, count: int) -> Floats:
        """The highest cosine of each of `count` passages."""
        best = np.full(count, ABSENT, dtype=np.float32)
        if not len(self.owner):
            return best
        cosine = np.concatenate(
            [self.numbers[at : at + _BLOCK].astype(np.float32) @ question for at in range(0, len(self.owner), _BLOCK)]
        )
        first = np.flatnonzero(np.diff(self.owner, prepend=-1))
        best[self.owner[first]] = np.maximum.reduceat(cosine / self.length, first)
        return best


def _rows(texts: Iterable[Iterable[Piece]], vectors: Vectors) -> _Rows:
    found = [(owner, vectors[p.key]) for owner, own in enumerate(texts) for p in own if p.key in vectors]
    raw = b"".join(vector for _, vector in found)
    numbers = np.frombuffer(raw, dtype=np.int8).reshape(len(found), DIMENSIONS)
    length = np.sqrt(np.square(numbers, dtype=np.int32).sum(axis=1, dtype=np.float32)).astype(np.float32)
    return _Rows(numbers, np.maximum(length, np.float32(1e-6)), np.array([o for o, _ in found], dtype=np.int32))
