"""From SVG to the PNG in a card. The only letters are those of the font beside it."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache

import resvg_py

from bot.messages import PICTURE
from bot.pictures.letters import FILES

# The same plan is shown to many people in a row.
KEPT = 32


@lru_cache(KEPT)
def png(svg: str) -> str:
    """The picture as `Card.image` takes it."""
    fonts = [str(file) for file in FILES.values()]
    return PICTURE + b64encode(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=fonts)).decode()
