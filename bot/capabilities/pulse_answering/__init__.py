"""Answering a short survey: the form, its further pages, and handing it in, once."""

from __future__ import annotations

from bot.capabilities.pulse_answering.take import TakeSurvey
from bot.turn import Capability

CAPABILITIES: tuple[Capability, ...] = (TakeSurvey(),)
LISTED: tuple[str, ...] = ()
"""What `help` lists for everybody: nothing, since a survey comes with its button."""
LEADING: tuple[str, ...] = ()
"""What `help` lists for those who hold a role."""
