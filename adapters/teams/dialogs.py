"""The answers to invokes: what opens, keeps and closes a dialog, and what stands in the place of a pressed card. Pure.

Each function gives the body that goes back with HTTP status 200 (Teams reads the status of a press inside the body).
"""

from __future__ import annotations

from typing import Any, Final

from adapters.plain import cut
from adapters.teams import limits, markdown, render
from adapters.teams.look import Look
from adapters.teams.render import Filled
from bot.messages import Card

_LARGE: Final = 3


def fetch_answer(card: Card, look: Look) -> dict[str, Any]:
    """The answer to `task/fetch`: a dialog with this card, its fields in it if it is a form."""
    return _continued(card, look, Filled())


def submit_answer(card: Card | None, look: Look, filled: Filled | None = None) -> dict[str, Any]:
    """The answer to `task/submit`: with a card the dialog goes on with it, else it closes.

    `filled` is what was handed in and is not accepted: the fields keep it, and each problem stands at its field.
    """
    return _continued(card, look, filled or Filled()) if card is not None else {}


def said_answer(words: str) -> dict[str, Any]:
    """The answer to `task/fetch` or `task/submit` that shows a sentence and ends the dialog."""
    return {"task": {"type": "message", "value": words}}


def card_answer(card: Card, look: Look, *, inline: bool = False, filled: Filled | None = None) -> dict[str, Any]:
    """The answer to `adaptiveCard/action`: this card instead of the pressed one, with a form's fields if `inline`."""
    content = render.adaptive(card, look, inline=inline, filled=filled)
    return {"statusCode": 200, "type": limits.CARD_TYPE, "value": content}


def message_answer(words: str) -> dict[str, Any]:
    """The answer to `adaptiveCard/action` that leaves the card and shows a sentence for a moment."""
    return {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": words}


def error_answer(status: int, code: str, words: str) -> dict[str, Any]:
    """The answer to `adaptiveCard/action` when it was not done: `status` as of HTTP, `words` for the person."""
    return {"statusCode": status, "type": "application/vnd.microsoft.error", "value": {"code": code, "message": words}}


def _continued(card: Card, look: Look, filled: Filled) -> dict[str, Any]:
    shown = {
        "title": cut(" ".join(card.title.split()), limits.DIALOG_TITLE) or markdown.ELLIPSIS,
        "width": "medium",
        "height": "large" if len(card.asks) >= _LARGE else "medium",
        "card": {"contentType": limits.CARD_TYPE, "content": render.in_dialog(card, look, filled)},
    }
    return {"task": {"type": "continue", "value": shown}}
