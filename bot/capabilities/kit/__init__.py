"""What change agents get for each announcement, raising something for a colleague, and the link to the pages."""

from __future__ import annotations

from bot.capabilities.kit.colleague import ForColleague
from bot.capabilities.kit.link import Board
from bot.capabilities.kit.points import Kit
from bot.turn import Capability

CAPABILITIES: tuple[Capability, ...] = (Kit(), ForColleague(), Board())
LISTED: tuple[str, ...] = ()
"""What `help` lists for everybody."""
LEADING: tuple[str, ...] = ("kit", "for-colleague", "board")
"""What `help` lists for those who hold a role."""
