"""What sponsors get each week: how an initiative stands, on one card.

`due` is what the clock calls. It knows no platform.
"""

from bot.sponsors.ticking import due

__all__ = ["due"]
