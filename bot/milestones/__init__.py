"""Milestones on schedule: who hears of which date when, what the project manager sees before, whom is asked how it stands.

`due` is what the clock calls. It knows no platform.
"""

from bot.milestones.ticking import due

__all__ = ["due"]
