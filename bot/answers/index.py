"""All passages prepared for finding: by language, by exact wording, by translation, by what they mean.

An `Index` never changes once built, so any number of threads may read it. It ranks nothing and decides nothing;
`match` and `near` give the evidence of one question, and only from passages the asker may read: what is hidden does
not change a single number.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from copy import copy
from types import MappingProxyType

from bot.answers.encoder import QUESTION_LIMIT, Encoder, Floats, readable
from bot.answers.meaning import Meanings, Nearness, Piece
from bot.answers.shelf import Evidence, Mask, Shelf
from bot.answers.text import clip, key, language_of, words
from bot.playbook.model import Passage

WORDS_LIMIT = 64
"""Different words of one question that are looked up; of more the first and the last half."""
ENCODED_FROM = 0.8
"""Share of the readable passages that must be encoded before meaning counts; until then their words decide."""
_REMEMBERED = 32
"""Questions whose vectors are at hand: one message is looked up several times, in several initiatives."""


class Index:
    """All passages, ready to be searched. Built once for a version of the playbooks.

    `vectors` are those of `meaning.pieces` by their keys, made by `encoder`; without an encoder only words count.
    """

    def __init__(
        self,
        passages: Sequence[Passage],
        encoder: Encoder | None = None,
        vectors: Mapping[str, bytes] = MappingProxyType({}),
    ) -> None:
        self.passages = tuple(passages)
        self.encoder = encoder
        by_language: dict[str, list[int]] = {}
        self._exact: dict[str, list[int]] = {}
        self._versions: dict[str, list[int]] = {}
        for position, passage in enumerate(self.passages):
            by_language.setdefault(language_of(passage.locale), []).append(position)
            self._versions.setdefault(text_of(passage), []).append(position)
            for wording in dict.fromkeys(key(text) for text in (passage.heading, *passage.also)):
                if wording:
                    self._exact.setdefault(wording, []).append(position)
        self._shelves = [
            Shelf(language, positions, [self.passages[p] for p in positions])
            for language, positions in by_language.items()
        ]
        self._meanings = Meanings(self.passages, vectors) if encoder else None
        self._asked = _Asked(encoder) if encoder else None

    def __len__(self) -> int:
        return len(self.passages)

    def with_vectors(self, vectors: Mapping[str, bytes]) -> Index:
        """The same passages with these vectors."""
        other = copy(self)
        other._meanings = Meanings(self.passages, vectors) if self.encoder else None
        return other

    def missing(self) -> tuple[Piece, ...]:
        """What is still to be encoded, originals first, each text once; nothing without an encoder."""
        return self._meanings.missing if self._meanings else ()

    def keys(self) -> frozenset[str]:
        """The keys of all vectors that these passages need; none without an encoder."""
        return self._meanings.keys if self._meanings else frozenset()

    def exact(self, question: str) -> Sequence[int]:
        """Positions of the passages that have the question as heading or other wording, word for word."""
        return self._exact.get(key(question), ())

    def versions(self, text: str) -> Sequence[int]:
        """Positions of the passages that are translations of one text, the original among them."""
        return self._versions.get(text, ())

    def match(self, question: str, language: str, visible: Mask) -> list[Evidence]:
        """The evidence for each language there are passages in. `visible` runs along `passages`."""
        asked = list(dict.fromkeys(words(question)))
        if len(asked) > WORDS_LIMIT:
            asked = asked[: WORDS_LIMIT // 2] + asked[-WORDS_LIMIT // 2 :]
        found = (shelf.match(asked, language, visible[shelf.positions]) for shelf in self._shelves)
        return [evidence for evidence in found if evidence is not None]

    def near(self, question: str, visible: Mask) -> Nearness | None:
        """How near the question comes to each passage by what it means; None where that cannot be told yet."""
        if self._meanings is None or self._asked is None:
            return None
        there = self._meanings.encoded & visible
        if not there.any() or there.sum() < ENCODED_FROM * visible.sum():
            return None
        return self._meanings.near(self._asked.vector(question))


class _Asked:
    """The vectors of the last questions."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._lock = threading.Lock()
        self._held: OrderedDict[str, Floats] = OrderedDict()

    def vector(self, question: str) -> Floats:
        """The vector of this question."""
        text = readable(clip(question, QUESTION_LIMIT), QUESTION_LIMIT)
        with self._lock:
            if (held := self._held.get(text)) is not None:
                return held
        vector: Floats = self._encoder.encode([text], asked=True)[0]
        with self._lock:
            self._held[text] = vector
            while len(self._held) > _REMEMBERED:
                self._held.popitem(last=False)
        return vector


def text_of(passage: Passage) -> str:
    """What all translations of one passage share."""
    return passage.original or passage.id
