"""Raising a worry: it is understood, met with what is known, and taken further if somebody says so."""

from __future__ import annotations

from bot.capabilities.concerns.raising import Concern
from bot.capabilities.concerns.settling import ItHelps, TalkTo
from bot.turn import Capability

CAPABILITIES: tuple[Capability, ...] = (Concern(), ItHelps(), TalkTo())
LISTED: tuple[str, ...] = ()
"""What `help` lists for everybody."""
LEADING: tuple[str, ...] = ()
"""What `help` lists for those who hold a role."""
