"""Lines over rounds of a survey: how means moved, with how sure each of them is. Pure.

Each line has a shape of its own beside its colour, and its name stands at its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from bot.pictures.letters import fitted, text
from bot.pictures.sheet import ACCENT, INK, LINE, MARGIN, SOFT, WIDTH, sheet

MOST_LINES, MOST_ROUNDS, MOST_STEPS = 6, 12, 10
_TOP, _BOTTOM, _HEIGHT = 104.0, 520.0, 610.0
_LEFT, _RIGHT = 84.0, 640.0
_APART = 34.0
_COLOURS = (ACCENT, "#B45309", "#5B3E96", "#1B2630", "#B42318", "#4C7A1E")
_DASHES = ("", "12 6", "3 6", "18 6 3 6", "8 4", "2 4")


@dataclass(frozen=True, slots=True)
class Point:
    """A mean with the ends of its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Line:
    """A name and a point for each round; None where nothing is shown. `said` is the last value as it is written."""

    name: str
    points: tuple[Point | None, ...]
    said: str = ""


def trend(lines: Sequence[Line], rounds: Sequence[str], scale: tuple[int, int], title: str) -> str:
    """The picture as SVG, 1024 pixels wide. `rounds` are the days as they are written; the last 12 and the first 6
    lines are drawn. At least one line and two rounds are needed; whoever has no point has no line."""
    rounds = rounds[-MOST_ROUNDS:]
    there = [
        Line(one.name, one.points[-MOST_ROUNDS:], one.said)
        for one in lines[:MOST_LINES]
        if any(one.points[-MOST_ROUNDS:])
    ]
    drawn = [
        text(fitted(title, WIDTH - 2 * MARGIN, 30, "bold"), MARGIN, 58, 30, INK, weight="bold"),
        *_grid(scale),
        *(
            text(fitted(day, 118, 20), _x(n, len(rounds)), _BOTTOM + 40, 20, SOFT, anchor="middle")
            for n, day in enumerate(rounds)
        ),
        *(part for n, line in enumerate(there) for part in _line(line, n, scale, len(rounds))),
        *_names(there, scale),
    ]
    return sheet(_HEIGHT, "".join(drawn))


def _x(number: int, rounds: int) -> float:
    return _LEFT + 40 + (_RIGHT - _LEFT - 80) * number / max(1, rounds - 1)


def _y(value: float, scale: tuple[int, int]) -> float:
    low, high = scale
    return _BOTTOM - (_BOTTOM - _TOP) * (value - low) / (high - low)


def _grid(scale: tuple[int, int]) -> Iterator[str]:
    low, high = scale
    for value in range(low, high + 1, max(1, ceil((high - low) / MOST_STEPS))):
        y = _y(value, scale)
        yield f'<path d="M{_LEFT:.1f} {y:.1f} H{_RIGHT:.1f}" stroke="{LINE}" stroke-width="2"/>'
        yield text(str(value), _LEFT - 16, y + 7, 20, SOFT, anchor="end")


def _line(line: Line, number: int, scale: tuple[int, int], rounds: int) -> Iterator[str]:
    colour, dash = _COLOURS[number], _DASHES[number]
    shift = (number - (MOST_LINES - 1) / 2) * 3
    there = [(_x(n, rounds) + shift, point) for n, point in enumerate(line.points) if point]
    path = " L".join(f"{x:.1f} {_y(point.value, scale):.1f}" for x, point in there)
    yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="4" stroke-dasharray="{dash or "none"}"/>'
    for x, point in there:
        yield (
            f'<path d="M{x:.1f} {_y(point.low, scale):.1f} V{_y(point.high, scale):.1f}" stroke="{colour}"'
            ' stroke-width="2" opacity="0.5"/>'
            f'<circle cx="{x:.1f}" cy="{_y(point.value, scale):.1f}" r="7" fill="{colour}"/>'
        )


def _names(lines: Sequence[Line], scale: tuple[int, int]) -> Iterator[str]:
    """The names at the ends of their lines, moved apart where they would lie on each other."""
    ends = sorted(
        (_y(last.value, scale), number)
        for number, line in enumerate(lines)
        if (last := next((point for point in reversed(line.points) if point), None))
    )
    places: list[float] = []
    for y, _ in ends:
        places.append(max(y, places[-1] + _APART) if places else y)
    over = max(0.0, (places[-1] if places else 0.0) - _BOTTOM)
    for place, (_, number) in zip(places, ends, strict=True):
        line, y = lines[number], place - over
        dash = _DASHES[number] or "none"
        yield (
            f'<path d="M{_RIGHT + 14:.1f} {y:.1f} H{_RIGHT + 52:.1f}" stroke="{_COLOURS[number]}" stroke-width="4"'
            f' stroke-dasharray="{dash}"/>'
        )
        said = fitted(line.name, WIDTH - MARGIN - _RIGHT - 62 - 60, 20)
        yield text(said, _RIGHT + 62, y + 7, 20, INK)
        yield text(line.said, WIDTH - MARGIN, y + 7, 20, INK, weight="bold", anchor="end")
