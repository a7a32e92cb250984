"""Judges a message: the encoder's vectors of it where there is an encoder, else its runs of letters, and the head.

Pure but for the encoder, which is handed in or the one of the installation.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bot.answers.encoder import Encoder, embedded
from bot.triage.head import Heads, learned, pointed
from bot.triage.signs import Floats, manner, readable, runs, tail
from bot.triage.verdict import Triage

NOTHING = Triage("other", "none", 1, 0.9)
"""What a message without any words is."""
Vectors = Callable[[list[str]], Floats]


class Judge:
    """Says what messages are. Without an encoder, or with one that nothing was learned for, by their letters alone."""

    def __init__(self, encoder: Encoder | None, heads: Heads | None = None) -> None:
        self._heads = heads or learned()
        self._encoder = encoder if encoder and encoder.name == self._heads.encoder else None

    def __call__(self, text: str, locale: str = "") -> Triage:
        """What this message is, in any language; about 50 ms, at most 300, whatever its length.

        `locale` changes nothing: one head judges all languages, since people mix them.
        """
        read = readable(text)
        if not read:
            return NOTHING
        if self._encoder is None:
            return self._heads.words.verdict(by_words(read))
        encoder = self._encoder
        row = by_meaning(read, lambda texts: encoder.encode(texts, asked=True), self._heads.middle)
        return self._heads.meaning.verdict(self._heads.examples.near(row))


def by_meaning(read: str, vectors: Vectors, middle: Floats) -> Floats:
    """The figures of a readable text for the head: its vector, and that of what stands behind its "but"."""
    last = tail(read)
    found = vectors([read] if last == read else [read, last])
    return np.concatenate([pointed(found[0], middle), pointed(found[-1], middle)])


def by_words(read: str) -> Floats:
    """The figures of a readable text where there is no encoder."""
    return np.concatenate([runs(read), 0.3 * manner(read)])


def triage(text: str, locale: str = "") -> Triage:
    """What this message is, with the encoder of the installation. Takes milliseconds: not for the event loop."""
    return Judge(embedded())(text, locale)
