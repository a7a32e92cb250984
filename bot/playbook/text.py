"""Bytes of a playbook file made into text, or the reason and the line why not.

It knows nothing of YAML or Markdown; it only keeps out what no text editor writes.
"""

from __future__ import annotations

import re

LONGEST_LINE = 1_000_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


class Unreadable(ValueError):
    """A file that cannot be understood: `line` counts from 1, the message says what to do."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


def decode(content: bytes) -> str:
    """The text of a UTF-8 file, a byte order mark dropped and every line end made `\\n`.

    Raises `Unreadable` for other encodings, control characters and lines over a million bytes.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = line_at(content[: wrong.start].decode("utf-8", errors="replace"), None)
        raise Unreadable(line, "this is not UTF-8; save the file as UTF-8") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if found := _CONTROL.search(text):
        raise Unreadable(line_at(text, found.start()), f"a control character ({found.group()!r}); remove it")
    if len(content) > LONGEST_LINE:
        for number, line_text in enumerate(text.split("\n"), start=1):
            if len(line_text.encode()) > LONGEST_LINE:
                raise Unreadable(number, "a line over 1 MB; break it into shorter ones")
    return text


def has_control(text: str) -> bool:
    """Whether there is a character in it that no person types, a NUL for example."""
    return _CONTROL.search(text) is not None


def line_at(text: str, position: int | None) -> int:
    """The line (from 1) of this character, or of the end."""
    before = text if position is None else text[:position]
    return len(before.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
