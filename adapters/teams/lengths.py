"""How long blocks of text are, and the same blocks shorter: cut for the room there is, or split into several. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from adapters.teams.markdown import ELLIPSIS, Block, Run

# What a line takes besides its characters when it is carried as an element of its own.
_LINE: Final = 60


def cut(blocks: Iterable[Block], longest: int) -> list[Block]:
    """The blocks for which there is room, ending in an ellipsis if anything is left out.

    Room is counted in characters, with `_LINE` more for every line, which costs that to carry.
    """
    kept: list[Block] = []
    left = longest
    for block in blocks:
        if room([block]) > left:
            kept.append(
                replace(block, runs=(*_beginning(block.runs, left - (len(block.mark) or _LINE)), Run(ELLIPSIS)))
            )
            return kept
        kept.append(block)
        left -= room([block])
    return kept


def room(blocks: Iterable[Block]) -> int:
    """How much room these blocks take."""
    return sum((len(block.mark) or _LINE) + _size(block.runs) for block in blocks)


def split(block: Block, longest: int) -> Iterator[Block]:
    """A block as several of at most so many characters each, broken between words."""
    rest = block
    while _size(rest.runs) > longest:
        head = _beginning(rest.runs, longest)
        yield replace(rest, runs=head)
        rest = replace(rest, runs=_without(rest.runs, sum(len(run.text) for run in head)), mark="")
    if rest.runs:
        yield rest


def _size(runs: Iterable[Run]) -> int:
    return sum(_LINE if run.text == "\n" else len(run.text) for run in runs)


def _beginning(runs: Sequence[Run], room: int) -> tuple[Run, ...]:
    """What of the runs there is room for, up to a word's end where one is near."""
    kept: list[Run] = []
    for run in runs:
        if _size((run,)) > room:
            head = run.text[: max(room, 0)]
            space = head.rfind(" ")
            kept.append(replace(run, text=head[: space + 1] if space > room // 2 else head))
            break
        kept.append(run)
        room -= _size((run,))
    return tuple(run for run in kept if run.text)


def _without(runs: Sequence[Run], characters: int) -> tuple[Run, ...]:
    left = characters
    rest: list[Run] = []
    for run in runs:
        rest.append(replace(run, text=run.text[left:]))
        left = max(left - len(run.text), 0)
    return tuple(run for run in rest if run.text)
