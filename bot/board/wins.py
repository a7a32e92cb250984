"""The wins wall: what went well, newest first."""

from __future__ import annotations

from dataclasses import replace

from bot.board.look import Look
from bot.board.page import Filters, Page
from bot.messages import Card
from bot.wins import wall

SHOWN = 50


def show(look: Look, _filters: Filters) -> Page:
    """The wins that this reader may read. What can only be said in chat has no button here."""
    words = look.words
    told = tuple(replace(card, choices=(), asks=()) for card in wall(look.tx, look.reader, SHOWN))
    none = Card(body=words("board.no-wins"), locale=words.language)
    return Page(words("board.view-wins"), told or (none,))
