"""A heat map: groups in rows, questions in columns, a figure in each field; what is not shown is hatched. Pure.

A field's colour runs from orange (low) over white to blue-green (high), which people who see fewer colours tell apart
too; the figure stands in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.pictures.letters import fitted, text
from bot.pictures.sheet import INK, LINE, MARGIN, SOFT, TALLEST, WIDTH, sheet

MOST_GROUPS, MOST_QUESTIONS = 14, 10
LOW, HIGH = (0xD9, 0x6B, 0x1E), (0x1F, 0x6F, 0x78)
_FIELDS, _HEAD, _KEY = 330.0, 118.0, 30.0
_ROW, _LEAST_ROW = 52.0, 30.0
_DARK = 0.62
_HATCH = (
    '<defs><pattern id="none" width="10" height="10" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="10" height="10" fill="#FFFFFF"/><rect width="3" height="10" fill="{LINE}"/></pattern></defs>'
)


@dataclass(frozen=True, slots=True)
class Field:
    """A figure as it is written, and where it stands between the lowest (0) and the highest (1) there can be."""

    said: str
    height: float


@dataclass(frozen=True, slots=True)
class Group:
    """A row: its name, and a field for each question; None where nothing is shown."""

    name: str
    fields: tuple[Field | None, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """The words of the picture: its title, and what a hatched field means."""

    title: str
    hidden: str


def heatmap(groups: Sequence[Group], questions: Sequence[str], key: Key) -> str:
    """The picture as SVG, 1024 pixels wide and at most as high. Questions are numbered above their columns and spelled
    out below; the first 14 groups and 10 questions are drawn. At least one of each is needed."""
    groups, questions = groups[:MOST_GROUPS], questions[:MOST_QUESTIONS]
    foot = _KEY * (len(questions) + 1) + 48
    high = max(_LEAST_ROW, min(_ROW, (TALLEST - _HEAD - foot) / len(groups)))
    wide = (WIDTH - MARGIN - _FIELDS) / len(questions)
    bottom = _HEAD + high * len(groups)
    drawn = [
        _HATCH,
        text(fitted(key.title, WIDTH - 2 * MARGIN, 30, "bold"), MARGIN, 58, 30, INK, weight="bold"),
        *(
            text(str(n + 1), _FIELDS + wide * (n + 0.5), _HEAD - 14, 22, SOFT, weight="bold", anchor="middle")
            for n in range(len(questions))
        ),
        *(part for n, group in enumerate(groups) for part in _row(group, _HEAD + high * n, high, wide)),
        *_legend(questions, key, bottom + 44),
    ]
    return sheet(bottom + foot, "".join(drawn))


def _row(group: Group, y: float, high: float, wide: float) -> Iterator[str]:
    size = min(24.0, high * 0.58)
    base = y + high / 2 + size * 0.36
    yield text(fitted(group.name, _FIELDS - MARGIN - 16, size), MARGIN, base, size, INK)
    for n, field in enumerate(group.fields[:MOST_QUESTIONS]):
        x = _FIELDS + wide * n
        colour = _colour(field.height) if field else "url(#none)"
        yield (
            f'<rect x="{x + 2:.1f}" y="{y + 2:.1f}" width="{wide - 4:.1f}" height="{high - 4:.1f}" rx="4"'
            f' fill="{colour}"/>'
        )
        if field:
            ink = "#FFFFFF" if abs(field.height - 0.5) * 2 > _DARK else INK
            said = fitted(field.said, wide - 8, size, "bold")
            yield text(said, x + wide / 2, base, size, ink, weight="bold", anchor="middle")


def _colour(height: float) -> str:
    height = min(1.0, max(0.0, height))
    end, part = (LOW, (0.5 - height) * 2) if height < 0.5 else (HIGH, (height - 0.5) * 2)  # noqa: PLR2004 - the middle
    return "#" + "".join(f"{round(255 + (tone - 255) * part):02X}" for tone in end)


def _legend(questions: Sequence[str], key: Key, y: float) -> Iterator[str]:
    for n, question in enumerate(questions):
        said = fitted(f"{n + 1}. {question}", WIDTH - 2 * MARGIN, 20)
        yield text(said, MARGIN, y + _KEY * n, 20, SOFT)
    below = y + _KEY * len(questions)
    yield f'<rect x="{MARGIN}" y="{below - 17:.1f}" width="34" height="20" rx="3" fill="url(#none)" stroke="{LINE}"/>'
    yield text(fitted(key.hidden, WIDTH - 2 * MARGIN - 46, 20), MARGIN + 46, below, 20, SOFT)
