"""Broadcasts: what a person composes for an audience, who has to approve it, and how far it has been told.

`due` is what the clock calls. It knows no platform.
"""

from bot.broadcasts.ticking import due

__all__ = ["due"]
