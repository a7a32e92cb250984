"""What somebody does with a case that they raised or joined in confidence, and what is done against its abuse."""

from __future__ import annotations

from bot.capabilities.confidence.closing import CloseMailbox, HideWords
from bot.capabilities.confidence.saying import InConfidence
from bot.turn import Capability

CAPABILITIES: tuple[Capability, ...] = (InConfidence(), CloseMailbox(), HideWords())
LISTED: tuple[str, ...] = ("in-confidence",)
"""What `help` lists for everybody."""
LEADING: tuple[str, ...] = ("close-mailbox", "hide-words")
"""What `help` lists for those who hold a role."""
