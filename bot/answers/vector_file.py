"""Vectors kept in a file, for commands that have no database. It can be deleted at any time: they are made anew."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bot.answers.encoder import DIMENSIONS

SHIPPED = Path(__file__).with_name("samples.bin")
"""The vectors of the sample playbooks, part of the installation; `python -m benchmarks.samples` writes it."""
_KEY = 16
_RECORD = _KEY + DIMENSIONS
log = logging.getLogger(__name__)


def read_vectors(path: Path, encoder: str) -> dict[str, bytes]:
    """The vectors that this encoder made, by key; none where the file is missing, damaged or another encoder's."""
    try:
        content = path.read_bytes()
    except OSError:
        return {}
    head = _head(encoder)
    if not content.startswith(head) or (len(content) - len(head)) % _RECORD:
        return {}
    starts = range(len(head), len(content), _RECORD)
    return {content[at : at + _KEY].hex(): content[at + _KEY : at + _RECORD] for at in starts}


def shipped_vectors(encoder: str) -> dict[str, bytes]:
    """The vectors of the sample playbooks, none where another encoder made them."""
    return read_vectors(SHIPPED, encoder)


def write_vectors(path: Path, encoder: str, vectors: Mapping[str, bytes]) -> None:
    """Puts these vectors in place of the file, whole or not at all. Where that cannot be, only time is lost."""
    content = b"".join([_head(encoder), *(bytes.fromhex(key) + vector for key, vector in sorted(vectors.items()))])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as new:
            new.write(content)
        os.replace(new.name, path)  # noqa: PTH105  # the name is all there is
    except OSError as reason:
        log.warning("what was encoded could not be kept in %s and will be encoded again: %s", path, reason)


def _head(encoder: str) -> bytes:
    return f"throughline vectors 1 {encoder}\n".encode()
