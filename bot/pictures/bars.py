"""Figures as bars: how much of what. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.pictures.letters import fitted, text, width
from bot.pictures.sheet import ACCENT, INK, MARGIN, SOFT, WIDTH, sheet

MOST_BARS = 12
_ROW, _TITLE, _EDGE = 64.0, 62.0, 26.0
_BAR, _SIZE = 420.0, 26.0
_EMPTY = "#E4EAEE"


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure: what it is of, how much, of how much, and both in words. Without a whole there is no bar."""

    label: str
    value: float
    whole: float
    said: str


def bars(rows: Sequence[Bar], title: str = "") -> str:
    """The figures as SVG, 1024 pixels wide; the first 12 are drawn. At least one is needed."""
    rows = rows[:MOST_BARS]
    top = _EDGE + (_TITLE if title else 0)
    drawn = [text(fitted(title, WIDTH - 2 * MARGIN, 30, "bold"), MARGIN, 62, 30, INK, weight="bold")] if title else []
    drawn += [_bar(row, top + _ROW * (n + 0.5)) for n, row in enumerate(rows)]
    return sheet(top + _ROW * len(rows) + _EDGE, "".join(drawn))


def _bar(row: Bar, y: float) -> str:
    label = fitted(row.label, _BAR - MARGIN - 20, _SIZE)
    room = WIDTH - MARGIN - _BAR
    said = fitted(row.said, room * 0.6, _SIZE, "bold")
    parts = [
        text(label, MARGIN, y + 9, _SIZE, SOFT),
        text(said, WIDTH - MARGIN, y + 9, _SIZE, INK, weight="bold", anchor="end"),
    ]
    long = room - max(180.0, width(said, _SIZE, "bold") + 24)
    if row.whole > 0:
        part = min(1.0, max(0.0, row.value / row.whole))
        parts.append(_rounded(_BAR, y, long, _EMPTY))
        parts += [_rounded(_BAR, y, max(long * part, 8.0), ACCENT)] if part else []
    return "".join(parts)


def _rounded(x: float, y: float, long: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y - 13:.1f}" width="{long:.1f}" height="26" rx="4" fill="{colour}"/>'
