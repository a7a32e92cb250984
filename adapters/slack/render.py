"""Cards as Slack messages. Pure: the same card gives the same message.

Nothing is refused and nothing dropped silently: what is too long is cut, ending in an ellipsis, and a choice that no
button can carry is shown as the text to write.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from markdown_it import MarkdownIt

from adapters import plain
from adapters.plain import cut
from adapters.slack import limits
from adapters.slack.blocks import (
    NOTHING,
    actions,
    aligned,
    context,
    fits_a_button,
    fitted,
    header,
    image,
    reachable,
    table,
)
from adapters.slack.mrkdwn import escaped, harmless
from adapters.slack.rich import Element, Piece, blocks, pieces, size, text, units
from bot.messages import Card, Choice

# Of the room of a message, at most so much goes to buttons and to a table, so that the text keeps its own.
BUTTONS_SHARE = 0.5
TABLE_SHARE = 0.4
_MARKDOWN = MarkdownIt("commonmark", {"html": False})


def message(card: Card, picture: str = "") -> dict[str, Any]:
    """The `text` and `blocks` of chat.postMessage and chat.update.

    `picture` is the id of a file that Slack holds, for the picture of the card. A card with asks gets a button that
    says what the form is for; pressing it makes the core answer with the form while a trigger is there.
    """
    return {"text": fallback(card), "blocks": shown(as_button(card), limits.MESSAGE, picture, tables=True)}


def fallback(card: Card) -> str:
    """The card in one text, for notifications and screen readers. Slack parses this field, so it is escaped."""
    body = cut(card.body, 4 * limits.TEXT)
    whole = plain.plain_text(replace(card, body=body if _MARKDOWN.parse(body) else NOTHING))
    longest = limits.TEXT
    while units(made := escaped(fitted(whole, longest))) > limits.TEXT:
        longest = longest * 3 // 4
    return made.strip() or NOTHING


def as_button(card: Card) -> Card:
    """A form as the card that leads to it: its button comes first."""
    if not card.asks or not card.submits:
        return card
    label = card.submit_label or card.title or card.asks[0].question
    return replace(card, asks=(), choices=(Choice(label, card.submits, "primary"), *card.choices))


def shown(card: Card, room: int, picture: str = "", *, tables: bool) -> list[Element]:
    """The blocks of a card without its asks, within `room`. `tables` says whether the surface takes table blocks."""
    buttons, written = _choices(card, int(room * BUTTONS_SHARE))
    source = [context(card.source)] if card.source else []
    pictures = _picture(card, picture)
    title, parts = _title(card)
    parts += pieces(cut(card.body, limits.MESSAGE))
    parts += [_fact(label, value, 1 if place else 2) for place, (label, value) in enumerate(card.facts)]
    grid = table(card.table) if tables and card.table else None
    if grid is None or size(grid) > room * TABLE_SHARE:
        parts += [Piece("code", (text(cut(aligned(card.table), limits.MESSAGE)),))] if any(card.table) else []
        grid = None
    before, after = [*title], [*([grid] if grid else []), *pictures, *buttons, *source]
    parts += [] if pictures or not card.image else [Piece("text", (text(card.image_text or NOTHING, "italic"),))]
    left = room - sum(size(block) + 1 for block in (*before, *after))
    return [*before, *blocks([*parts, *written], left), *after]


def _title(card: Card) -> tuple[list[Element], list[Piece]]:
    if not card.title.strip():
        return [], []
    if units(harmless(card.title)) <= limits.HEADER:
        return [header(card.title)], []
    return [], [Piece("text", (text(card.title, "bold"),))]


def _fact(label: str, value: str, gap: int) -> Piece:
    inlines = [text(f"{label}:", "bold")] if label else []
    return Piece("text", (*inlines, text(f" {value}")), gap=gap)


def _picture(card: Card, file: str) -> list[Element]:
    if not card.image or not (file or reachable(card.image)):
        return []
    return [image(card.image_text or card.title, file=file, url=card.image)]


def _choices(card: Card, room: int) -> tuple[list[Element], list[Piece]]:
    """The choices as buttons while there is room, and as text to write where no button can carry them."""
    pressed: list[Choice] = []
    written: list[Piece] = []
    for choice in card.choices:
        room_taken = size(actions([choice]))
        if fits_a_button(choice) and room_taken <= room:
            room -= room_taken
            pressed.append(choice)
        else:
            written.append(_to_write(choice))
    return actions(pressed), written


def _to_write(choice: Choice) -> Piece:
    inlines = (text(choice.label or NOTHING, "bold"),)
    what = choice.url or choice.says
    return Piece("text", (*inlines, text("\n"), text(what, "code")) if what.strip() else inlines)
