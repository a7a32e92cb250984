"""Requests: what IT could also do, weighed by whoever asks; and the list of those that wait, in order."""

from __future__ import annotations

from bot.capabilities.requests.asking import AskFor
from bot.capabilities.requests.waiting import Waiting
from bot.turn import Capability

CAPABILITIES: tuple[Capability, ...] = (AskFor(), Waiting())
LISTED: tuple[str, ...] = ("request",)
"""What `help` lists for everybody."""
LEADING: tuple[str, ...] = ("requests",)
"""What `help` lists for those who hold a role."""
