"""The two icons of the app, drawn here and turned into PNG: a line that goes through, from one point to the next."""

from __future__ import annotations

from typing import Final

import resvg_py

from adapters.teams.limits import COLOUR_ICON, OUTLINE_ICON

ACCENT: Final = "#1F6F78"
_WARM: Final = "#F2B84B"
_LINE: Final = (
    '<path d="M24 66 C 36 66, 36 40, 48 40 S 58 31, 63 31" fill="none" stroke="#FFFFFF" stroke-width="6"/>'
    '<circle cx="24" cy="66" r="8" fill="#FFFFFF"/><circle cx="48" cy="40" r="8" fill="#FFFFFF"/>'
)


def colour() -> bytes:
    """The colour icon: the line on a full square of the accent colour, clear of the edges that Teams rounds off."""
    end = f'<circle cx="71" cy="30" r="10" fill="{_WARM}"/>'
    return _png(f'<rect width="96" height="96" fill="{ACCENT}"/>{_LINE}{end}', COLOUR_ICON)


def outline() -> bytes:
    """The outline icon: white on nothing, as large as it may be, thick enough to be seen at its size."""
    end = '<circle cx="71" cy="30" r="8" fill="none" stroke="#FFFFFF" stroke-width="5"/>'
    drawn = f'<g transform="translate(48 48) scale(1.4) translate(-48.5 -47)">{_LINE}{end}</g>'
    return _png(drawn, OUTLINE_ICON)


def _png(drawn: str, pixels: int) -> bytes:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="{pixels}" height="{pixels}">{drawn}</svg>'
    )
    return resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True)
