"""The personal link to the pages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.board.link import give
from bot.board.look import held
from bot.messages import Card, Choice
from bot.turn import Reply, Turn

PAGE = re.compile(r"[a-z0-9-]{1,100}(/[a-z0-9-]{1,100}){0,2}")
"""The pages that a button may lead to: a view, and what of it."""


@dataclass(frozen=True, slots=True)
class Board:
    """`board`: a personal link to the pages. Buttons say `board kit/crm-renewal/pilot` for one of them."""

    name: str = "board"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Only alone."""
        return not rest

    def hear(self, turn: Turn, rest: str) -> Reply:
        """The link, to the person alone; each takes the place of the one before."""
        words, pages = turn.words, turn.reader.pages
        if not held(turn.tx, turn.reader.viewer, turn.reader.playbooks):
            return _said(turn, "board.not-yours")
        if not pages:
            return _said(turn, "board.off")
        to = rest if PAGE.fullmatch(rest) else ""
        address = give(turn.tx, turn.person.key, pages, to, turn.now, turn.draw)
        card = Card(
            title=words("board.pages"),
            body=words("board.link"),
            choices=(Choice(words("board.open-button"), url=address, style="primary"),),
            locale=words.language,
        )
        return Reply(cards=(card,), personal=True)


def _said(turn: Turn, key: str) -> Reply:
    return Reply(cards=(Card(body=turn.words(key), locale=turn.words.language),), personal=True)
