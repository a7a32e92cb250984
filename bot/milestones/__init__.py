"""Milestones on schedule: who hears of which date and when, what the project manager sees before, who is asked.

`due` is what the clock calls. It knows no platform.
"""

from bot.milestones.ticking import due

__all__ = ["due"]
