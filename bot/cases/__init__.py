"""The life of a case: its two clocks, who is told what, and the proof that none is forgotten. It knows no platform."""

from bot.cases.ticking import due

__all__ = ["due"]
