"""The App Home: what each capability offers a person, one card below the other. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.slack import limits
from adapters.slack.blocks import NOTHING, SAY, context
from adapters.slack.render import as_button, shown
from adapters.slack.rich import Element, size
from bot.messages import Card

CARD = 8_000


def view(cards: Sequence[Card]) -> dict[str, Any]:
    """The view of views.publish. What Slack takes no more of is cut, ending in an ellipsis."""
    blocks: list[Element] = []
    room = limits.VIEW
    for card in cards:
        made = ([{"type": "divider"}] if blocks else []) + shown(as_button(card), CARD, tables=False)
        room -= size(made)
        if len(blocks) + len(made) >= limits.BLOCKS_IN_VIEW or room < 0:
            blocks.append(context(NOTHING))
            break
        blocks += made
    return {"type": "home", "callback_id": SAY, "blocks": _numbered(blocks) or [context(NOTHING)]}


def _numbered(blocks: list[Element]) -> list[Element]:
    """The blocks with ids of buttons that are unique in the whole view."""
    place = 0
    for block in blocks:
        for element in block["elements"] if block["type"] == "actions" else ():
            element["action_id"] = f"{SAY}:{place}"
            place += 1
    return blocks
