"""What all pictures share: their width, their colours, and the sheet they stand on. Pure.

The sheet is opaque, so that a picture reads the same on a dark and on a light page.
"""

from __future__ import annotations

from typing import Final

WIDTH: Final = 1024
TALLEST: Final = 1024
MARGIN: Final = 36

INK: Final = "#1B2630"
SOFT: Final = "#55636F"
LINE: Final = "#D5DCE2"
BAND: Final = "#F3F6F8"
ACCENT: Final = "#1F6F78"


def sheet(height: float, drawn: str) -> str:
    """The picture as SVG: what is drawn, on a sheet of this height."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}"'
        f' viewBox="0 0 {WIDTH} {height:.0f}"><rect width="{WIDTH}" height="{height:.0f}" fill="#FFFFFF"/>'
        f'<rect x="1" y="1" width="{WIDTH - 2}" height="{height - 2:.0f}" fill="none" stroke="{LINE}"'
        f' stroke-width="2"/>{drawn}</svg>'
    )
