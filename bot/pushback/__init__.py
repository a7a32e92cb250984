"""Pushback: a worry that somebody says, how it is understood, and what is known that may settle it.

It opens no case and knows no platform.
"""

from bot.pushback.known import known_for
from bot.pushback.meeting import about, met, shown, which_is_meant
from bot.pushback.sign import Worry, worry_in
from bot.pushback.understood import understood

__all__ = ["Worry", "about", "known_for", "met", "shown", "understood", "which_is_meant", "worry_in"]
