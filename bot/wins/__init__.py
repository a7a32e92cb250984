"""Wins: what has become better, who may be told of it, and who is thanked.

`due` is what the clock calls; `wall` is the list of them for one reader. It knows no platform.
"""

from bot.wins.waiting import due
from bot.wins.wall import evidence, newest, wall

__all__ = ["due", "evidence", "newest", "wall"]
