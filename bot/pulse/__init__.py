"""Short surveys: rounds, who is asked, sealed answers, and what may be shown of them."""

from bot.pulse.ticking import due

__all__ = ["due"]
