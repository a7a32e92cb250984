"""How alike two texts are: by what they mean where the installation has an encoder, else by their words.

Pure but for the encoder. It knows no case. A vector is kept as whole numbers (-127..127), whoever made it.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from bot.answers.encoder import Embedded, embedded, readable
from bot.answers.meaning import packed
from bot.answers.text import is_stop, words
from bot.triage.head import learned, pointed

Floats = NDArray[np.float32]
SIZE = 384
LONGEST = 160
"""Characters of a text that are compared: time grows with them, and a worry is in its first sentences."""
SIMILAR = 0.5
"""The likeness from which two texts say something similar."""
MEANING_FROM = 0.42
"""Cosine from which two texts say something similar, by what they mean: see tests/themes/test_pairs.py."""
THEME_FROM = 0.45
"""Cosine from which a text belongs to a theme, whose middle is less by chance than one text."""
WORDS_FROM = 0.35
"""The same for their words."""
_LANGUAGES = ("en", "pt", "de", "es")
_RUN = 5


@dataclass(frozen=True, slots=True)
class Likeness:
    """One way of comparing. `maker` names what makes the vectors: those of two makers are never compared; from
    `alike_from` on two texts say something similar, from `theme_from` on one belongs to a theme.
    """

    maker: str
    alike_from: float
    theme_from: float
    make: Callable[[str], Floats]

    def scores(self, cosines: Floats) -> Floats:
        """Likenesses (0..1) of these cosines: `SIMILAR` at `alike_from`, straight below and above."""
        below = SIMILAR * cosines / self.alike_from
        above = SIMILAR + (1.0 - SIMILAR) * (cosines - self.alike_from) / (1.0 - self.alike_from)
        return np.clip(np.where(cosines < self.alike_from, below, above), 0.0, 1.0)

    def kept(self, text: str) -> bytes:
        """The vector of a text, as it is kept."""
        return packed(self.make(text))


def opened(kept: Sequence[bytes]) -> Floats:
    """Kept vectors as rows of length 1."""
    rows = np.frombuffer(b"".join(kept), dtype=np.int8).reshape(len(kept), SIZE).astype(np.float32)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6), dtype=np.float32)


BY_WORDS = Likeness("words-1", WORDS_FROM, WORDS_FROM, lambda text: _words(readable(text, LONGEST)))
"""Compares hashed words and runs of letters: where there is no encoder, and what was not encoded yet."""


@cache
def likeness() -> Likeness:
    """The best way of comparing that this installation has."""
    encoder, heads = embedded(), learned()
    if encoder is None or encoder.name != heads.encoder:
        return BY_WORDS
    return by_meaning(encoder, heads.middle)


def by_meaning(encoder: Embedded, middle: Floats) -> Likeness:
    """Compares what the encoder makes of texts, as seen from the middle of what people write."""

    def make(text: str) -> Floats:
        return pointed(encoder.encode([readable(text, LONGEST)], asked=True)[0], middle)

    return Likeness(f"{encoder.name}-1", MEANING_FROM, THEME_FROM, make)


def _words(text: str) -> Floats:
    """Words without those that say nothing in any language, and runs of letters, which inflections share."""
    row = np.zeros(SIZE, dtype=np.float32)
    counted: Counter[str] = Counter()
    for word in words(text):
        if is_stop(word, *_LANGUAGES):
            continue
        counted[word.form] += 2
        counted.update(word.form[at : at + _RUN] for at in range(len(word.form) - _RUN + 1))
    for run, times in counted.items():
        row[zlib.crc32(run.encode("utf-8", "replace")) % SIZE] += np.sqrt(times)
    return np.asarray(row / max(float(np.linalg.norm(row)), 1e-9), dtype=np.float32)
