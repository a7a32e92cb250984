"""Confidence: the mailbox through which somebody whom nobody can find out raises a worry and hears of it."""

from bot.confidence.raising import join, say, submit
from bot.confidence.reading import joined_by, mine
from bot.confidence.ticking import due

__all__ = ["due", "join", "joined_by", "mine", "say", "submit"]
