"""Who ends up at themselves: managers and parent units that run in a circle. Pure, and linear in their number."""

from __future__ import annotations

from collections.abc import Mapping


def in_circles(above: Mapping[str, str]) -> set[str]:
    """Everybody who is, over however many steps, above themselves."""
    found: set[str] = set()
    done: set[str] = set()
    for start in above:
        trail: dict[str, int] = {}
        here = start
        while here in above and here not in done and here not in trail:
            trail[here] = len(trail)
            here = above[here]
        if here in trail:
            found.update(name for name, step in trail.items() if step >= trail[here])
        done.update(trail)
    return found
