"""The signs for how something stands: each differs in shape as well as in colour. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from bot.pictures.sheet import ACCENT, SOFT

State = Literal["done", "on-track", "planned", "at-risk", "passed"]
STATES: tuple[State, ...] = ("done", "on-track", "planned", "at-risk", "passed")
GREEN, AMBER, RED = "#1A7F4B", "#B45309", "#B42318"


def sign(state: State, x: float, y: float, r: float) -> str:
    """The sign of a state around a point, about 2 r wide."""
    return f'<g transform="translate({x:.1f} {y:.1f}) scale({r / 10:.3f})">{_SIGNS[state]()}</g>'


def ghost(x: float, y: float, r: float) -> str:
    """Where something was before."""
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r * 0.8:.1f}" fill="#FFFFFF" stroke="{SOFT}" stroke-width="2"'
        ' stroke-dasharray="4 3"/>'
    )


def _done() -> str:
    check = '<path d="M-4.6 .4 L-1.4 3.6 L4.8 -3.2" fill="none" stroke="#FFFFFF" stroke-width="2.6"/>'
    return f'<circle r="10" fill="{GREEN}"/>{check}'


def _on_track() -> str:
    return f'<path d="M-7.5 -9.5 L10.5 0 L-7.5 9.5 Z" fill="{ACCENT}"/>'


def _planned() -> str:
    return f'<circle r="8" fill="#FFFFFF" stroke="{SOFT}" stroke-width="3"/>'


def _at_risk() -> str:
    mark = '<path d="M0 -4.5 V2.4" stroke="#FFFFFF" stroke-width="2.8"/><circle cy="5.8" r="1.7" fill="#FFFFFF"/>'
    return f'<path d="M0 -11 L11.5 9.5 H-11.5 Z" fill="{AMBER}"/>{mark}'


def _passed() -> str:
    cross = '<path d="M-4 -4 L4 4 M4 -4 L-4 4" stroke="#FFFFFF" stroke-width="2.6"/>'
    return f'<rect x="-9" y="-9" width="18" height="18" fill="{RED}"/>{cross}'


_SIGNS: Mapping[State, Callable[[], str]] = {
    "done": _done,
    "on-track": _on_track,
    "planned": _planned,
    "at-risk": _at_risk,
    "passed": _passed,
}
