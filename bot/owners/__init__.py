"""The owners of affected units: they confirm that they answer for it, and say what speaks against what is decided.

`due` is what the clock calls. It knows no platform.
"""

from bot.owners.ticking import due

__all__ = ["due"]
