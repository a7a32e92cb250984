"""Following a change: the dates in one's own calendar."""

from __future__ import annotations

from bot.capabilities.following.calendar import Calendar
from bot.turn import Capability

CAPABILITIES: tuple[Capability, ...] = (Calendar(),)
LISTED: tuple[str, ...] = ("calendar",)
"""What `help` lists for everybody."""
LEADING: tuple[str, ...] = ()
"""What `help` lists for those who hold a role."""
