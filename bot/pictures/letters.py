"""How wide a text is and where it must be cut, by the widths that the font itself names; and text as SVG. Pure.

The format of the tables is that of the OpenType specification: `cmap` (format 4), `hhea`, `hmtx`, `head`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from struct import unpack_from
from typing import Literal
from xml.sax.saxutils import escape

Weight = Literal["regular", "bold"]
HERE = Path(__file__).parent
FILES: Mapping[Weight, Path] = {"regular": HERE / "NotoSans-Regular.ttf", "bold": HERE / "NotoSans-SemiBold.ttf"}
FAMILIES: Mapping[Weight, str] = {"regular": "Noto Sans", "bold": "Noto Sans SemiBold"}
ELLIPSIS = "…"
_UNICODE = ((0, 3), (3, 1))
_SEGMENTS = 4


def text(
    said: str, x: float, y: float, size: float, colour: str, *, weight: Weight = "regular", anchor: str = "start"
) -> str:
    """A line of text as SVG; y is its base line. It is shown as it is: cut it with `fitted` first."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="{FAMILIES[weight]}" font-size="{size:g}" fill="{colour}"'
        f' text-anchor="{anchor}">{escape(written(said))}</text>'
    )


def written(said: str) -> str:
    """The text on one line without the characters that the font has no letter for."""
    line = " ".join(unicodedata.normalize("NFC", said).split())
    return " ".join("".join(c for c in line if ord(c) in _widths("regular")).split())


def width(said: str, size: float, weight: Weight = "regular") -> float:
    """How wide a line of text is in pixels."""
    widths = _widths(weight)
    return sum(widths.get(ord(c), 0.0) for c in written(said)) * size


def fitted(said: str, room: float, size: float, weight: Weight = "regular") -> str:
    """The text, cut with an ellipsis where it is wider than there is room."""
    line = written(said)
    if width(line, size, weight) <= room:
        return line
    while line and width(line + ELLIPSIS, size, weight) > room:
        line = line[:-1]
    return line.rstrip(" ,;:.") + ELLIPSIS


def two_lines(said: str, room: float, size: float) -> tuple[str, ...]:
    """The text on two lines, broken between words; the second is cut where there is more."""
    words, first = written(said).split(" "), ""
    while words and width(f"{first} {words[0]}".strip(), size) <= room:
        first = f"{first} {words.pop(0)}".strip()
    if not first:
        return (fitted(said, room, size),)
    return (first, fitted(" ".join(words), room, size)) if words else (first,)


@cache
def _widths(weight: Weight) -> dict[int, float]:
    """The width of each character that the font has, as a part of the font size."""
    font = FILES[weight].read_bytes()
    (tables,) = unpack_from(">H", font, 4)
    at = {font[n : n + 4].decode(): unpack_from(">4xLL", font, n + 4)[0] for n in range(12, 12 + 16 * tables, 16)}
    (units,) = unpack_from(">H", font, at["head"] + 18)
    (count,) = unpack_from(">H", font, at["hhea"] + 34)
    advances = [unpack_from(">H", font, at["hmtx"] + 4 * n)[0] for n in range(count)]
    return {code: advances[min(glyph, count - 1)] / units for code, glyph in _glyphs(font, at["cmap"]).items() if glyph}


def _glyphs(font: bytes, cmap: int) -> dict[int, int]:
    (count,) = unpack_from(">H", font, cmap + 2)
    for n in range(count):
        platform, encoding, offset = unpack_from(">HHL", font, cmap + 4 + 8 * n)
        (kind,) = unpack_from(">H", font, cmap + offset)
        if (platform, encoding) in _UNICODE and kind == _SEGMENTS:
            return _segments(font, cmap + offset)
    raise ValueError("the font has no table of characters in format 4")


def _segments(font: bytes, table: int) -> dict[int, int]:
    twice = unpack_from(">H", font, table + 6)[0]
    ends, starts = table + 14, table + 16 + twice
    deltas, offsets = starts + twice, starts + 2 * twice
    found = {}
    for n in range(0, twice, 2):
        (end,), (start,) = unpack_from(">H", font, ends + n), unpack_from(">H", font, starts + n)
        (delta,), (offset,) = unpack_from(">H", font, deltas + n), unpack_from(">H", font, offsets + n)
        for code in range(start, end + 1):
            if not offset:
                found[code] = (code + delta) % 0x10000
            elif glyph := unpack_from(">H", font, offsets + n + offset + 2 * (code - start))[0]:
                found[code] = (glyph + delta) % 0x10000
    return found
