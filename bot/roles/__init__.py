"""Roles: what is offered to somebody, accepted in chat, and handed over when whoever holds it leaves.

`due` is what the clock calls. It knows no platform.
"""

from bot.roles.ticking import due

__all__ = ["due"]
