"""The plan as a picture: a row for each milestone with its sign, name and date, and its place in time. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from bot.pictures.letters import fitted, text, two_lines, width
from bot.pictures.sheet import BAND, INK, LINE, MARGIN, SOFT, TALLEST, WIDTH, sheet
from bot.pictures.signs import STATES, State, ghost, sign

MOST_ROWS = 25
"""With more rows the letters would be too small to read."""
_HEAD, _FOOT = 104.0, 96.0
_ROW, _LEAST_ROW = 60.0, 32.0
_TWO_LINES = 50.0
_NAME, _DATE, _TRACK = MARGIN + 46.0, 650.0, 680.0
_SHORTEST_DAYS = 28
_TICK_ROOM = 62.0
_STEPS = (1, 2, 3, 6, 12, 24, 60)


@dataclass(frozen=True, slots=True)
class Row:
    """One milestone: its name, its day with how that is written, how it stands, and the day it was due before."""

    name: str
    day: date
    written: str
    state: State = "planned"
    before: date | None = None


@dataclass(frozen=True, slots=True)
class Legend:
    """The words of the picture: its title, today, what each state is called, what a moved date is called, and a month
    in a few letters."""

    title: str
    today: str
    states: Mapping[State, str]
    moved: str
    month: Callable[[date], str]


def timeline(rows: Sequence[Row], today: date, legend: Legend) -> str:
    """The picture as SVG, 1024 pixels wide and at most as high; the first 25 rows are drawn. At least one is needed."""
    rows = rows[:MOST_ROWS]
    high = max(_LEAST_ROW, min(_ROW, (TALLEST - _HEAD - _FOOT) / len(rows)))
    bottom = _HEAD + high * len(rows)
    scale = _Scale.of([*(r.day for r in rows), *(r.before for r in rows if r.before), today])
    drawn = [
        text(fitted(legend.title, _TRACK - 2 * MARGIN, 30, "bold"), MARGIN, 58, 30, INK, weight="bold"),
        *(_band(n, high) for n in range(0, len(rows), 2)),
        *_months(scale, bottom, legend.month),
        _today(scale.x(today), bottom, legend.today),
        *(_row(row, _HEAD + high * (n + 0.5), high, scale) for n, row in enumerate(rows)),
        *_legend(rows, legend, bottom + _FOOT - 30),
    ]
    return sheet(bottom + _FOOT, "".join(drawn))


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    last: date

    @staticmethod
    def of(days: Sequence[date]) -> _Scale:
        first, last = min(days), max(days)
        lacking = max(0, _SHORTEST_DAYS - (last - first).days)
        return _Scale(first - timedelta(days=lacking // 2), last + timedelta(days=lacking - lacking // 2))

    def x(self, day: date) -> float:
        inside = WIDTH - MARGIN - 16 - _TRACK - 16
        return _TRACK + 16 + inside * (day - self.first).days / (self.last - self.first).days


def _band(number: int, high: float) -> str:
    y = _HEAD + high * number
    return f'<rect x="{MARGIN - 16}" y="{y:.1f}" width="{WIDTH - 2 * MARGIN + 32}" height="{high:.1f}" fill="{BAND}"/>'


def _row(row: Row, y: float, high: float, scale: _Scale) -> str:
    size = min(26.0, high * 0.64)
    r, base = min(14.0, high * 0.32), y + size * 0.36
    written = width(row.written, size)
    parts = [
        sign(row.state, MARGIN + 14, y, r),
        *_name(row.name, _DATE - written - 24 - _NAME, y, high, size),
        text(row.written, _DATE, base, size, SOFT, anchor="end"),
    ]
    x = scale.x(row.day)
    if row.before:
        parts += [_moved(scale.x(row.before), x, y, r)]
    return "".join([*parts, sign(row.state, x, y, r)])


def _name(name: str, room: float, y: float, high: float, size: float) -> list[str]:
    """The name on one line, or on two smaller ones where it is long and the row is high enough for them."""
    if width(name, size) <= room or high < _TWO_LINES:
        return [text(fitted(name, room, size), _NAME, y + size * 0.36, size, INK)]
    small = high * 0.38
    lines = two_lines(name, room, small)
    top = y + small * 0.36 - (len(lines) - 1) * small * 0.6
    return [text(line, _NAME, top + n * small * 1.2, small, INK) for n, line in enumerate(lines)]


def _moved(before: float, x: float, y: float, r: float) -> str:
    line = f'<path d="M{before:.1f} {y:.1f} H{x:.1f}" stroke="{SOFT}" stroke-width="2" stroke-dasharray="4 3"/>'
    return line + ghost(before, y, r)


def _today(x: float, bottom: float, said: str) -> str:
    half = width(said, 20, "bold") / 2 + 10
    middle = min(x, WIDTH - MARGIN + 16 - half)
    return (
        f'<path d="M{x:.1f} {_HEAD - 6} V{bottom + 8:.1f}" stroke="{INK}" stroke-width="3"/>'
        f'<rect x="{middle - half:.1f}" y="{bottom + 8:.1f}" width="{2 * half:.1f}" height="28" rx="6" fill="{INK}"/>'
        + text(said, middle, bottom + 29, 20, "#FFFFFF", weight="bold", anchor="middle")
    )


def _months(scale: _Scale, bottom: float, month: Callable[[date], str]) -> Iterator[str]:
    """Lines at the beginning of months, as many as there is room to name; the year stands above where it begins."""
    ticks = next((t for t in (_ticks(scale, step) for step in _STEPS) if _roomy(scale, t)), [])
    year = 0
    for day in ticks:
        x = scale.x(day)
        yield f'<path d="M{x:.1f} {_HEAD - 6} V{bottom:.1f}" stroke="{LINE}" stroke-width="2"/>'
        yield text(month(day), x, _HEAD - 14, 20, SOFT, anchor="middle")
        if day.year != year:
            yield text(str(day.year), x, _HEAD - 42, 20, INK, weight="bold", anchor="middle")
        year = day.year


def _ticks(scale: _Scale, step: int) -> list[date]:
    """The first days of every so many months within the scale, counted from January."""
    firsts = (date(n // 12, n % 12 + 1, 1) for n in range(scale.first.year * 12, scale.last.year * 12 + 12, step))
    return [day for day in firsts if scale.first <= day <= scale.last]


def _roomy(scale: _Scale, ticks: list[date]) -> bool:
    return all(scale.x(b) - scale.x(a) >= _TICK_ROOM for a, b in pairwise(ticks))


def _legend(rows: Sequence[Row], legend: Legend, y: float) -> Iterator[str]:
    """What the signs mean that are there, in one line; in smaller letters where it would be too long."""
    there = {row.state for row in rows}
    parts: list[tuple[State | None, str]] = [(state, legend.states[state]) for state in STATES if state in there]
    if any(row.before for row in rows):
        parts.append((None, legend.moved))
    room = WIDTH - 2 * MARGIN
    size = next((s for s in (22, 20, 18, 16, 14) if sum(width(said, s) + 62 for _, said in parts) <= room), 12)
    x = float(MARGIN)
    for state, said in parts:
        yield sign(state, x + 12, y, 10) if state else ghost(x + 12, y, 12)
        yield text(said, x + 32, y + size * 0.36, size, SOFT)
        x += width(said, size) + 62
