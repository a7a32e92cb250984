"""Pictures of our own: the plan as a timeline, figures as bars. Drawn as SVG by pure functions, and made PNG.

It knows no playbook, no database and no platform. Every letter comes from the font beside it, so that a picture is the
same on every machine.
"""

from bot.pictures.bars import Bar, bars
from bot.pictures.png import png
from bot.pictures.timeline import MOST_ROWS, Legend, Row, timeline

__all__ = ["MOST_ROWS", "Bar", "Legend", "Row", "bars", "png", "timeline"]
