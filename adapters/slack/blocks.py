"""The blocks that cards are built of, each within Slack's limits. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from adapters.plain import cut
from adapters.slack import limits
from adapters.slack.mrkdwn import harmless
from adapters.slack.rich import Element, units
from bot.messages import Choice

# What a button says begins its `action_id`, and what Slack then sends is told apart by it.
SAY = "say"
NOTHING = "…"


def fitted(text: str, longest: int) -> str:
    """The text, cut at a word where there is one near if it is longer than Slack takes."""
    if units(text) <= longest:
        return text
    head = text.encode("utf-16-le", "surrogatepass")[: 2 * longest].decode("utf-16-le", "ignore")
    return cut(head + " ", len(head))


def plain_text(text: str, longest: int) -> Element:
    """A text object in which every character stands for itself; an ellipsis where there is no text."""
    return {"type": "plain_text", "text": fitted(harmless(text).strip(), longest) or NOTHING, "emoji": False}


def header(title: str) -> Element:
    """A title of at most `limits.HEADER`, on one line."""
    return {"type": "header", "text": plain_text(" ".join(title.split()), limits.HEADER)}


def context(text: str) -> Element:
    """One small grey line."""
    return {"type": "context", "elements": [plain_text(text, limits.TEXT_OBJECT)]}


def fits_a_button(choice: Choice) -> bool:
    """Whether Slack takes this choice as a button without losing a letter of what it says."""
    if choice.url:
        is_address = choice.url.lower().startswith(("https://", "http://")) and not set(choice.url) & set(" \n<>")
        return is_address and units(choice.url) <= limits.BUTTON_URL
    return bool(choice.says.strip()) and survives(choice.says) and units(choice.says) <= limits.BUTTON_VALUE


def survives(says: str) -> bool:
    """Whether a value survives the way to Slack and back letter for letter."""
    return says.isprintable() or says.replace("\n", "").replace("\t", "").isprintable()


def button(choice: Choice, place: int) -> Element:
    """The choice as a button; `place` makes its id unique within a message."""
    made: Element = {
        "type": "button",
        "action_id": f"{SAY}:{place}",
        "text": plain_text(choice.label, limits.BUTTON_TEXT),
    }
    made |= {"url": choice.url} if choice.url else {"value": choice.says}
    return made | ({"style": choice.style} if choice.style else {})


def actions(choices: Iterable[Choice]) -> list[Element]:
    """The choices as buttons, in as many rows as Slack needs."""
    buttons = [button(choice, place) for place, choice in enumerate(choices)]
    most = limits.ELEMENTS_IN_ACTIONS
    return [{"type": "actions", "elements": buttons[n : n + most]} for n in range(0, len(buttons), most)]


def image(text: str, *, file: str = "", url: str = "") -> Element:
    """A picture: a file that Slack already has, or an address that Slack can reach."""
    source: dict[str, Any] = {"slack_file": {"id": file}} if file else {"image_url": url}
    return {"type": "image", **source, "alt_text": fitted(harmless(text).strip(), limits.ALT_TEXT) or NOTHING}


def reachable(url: str) -> bool:
    """Whether Slack could fetch a picture from this address."""
    return url.startswith("https://") and url.isprintable() and " " not in url and units(url) <= limits.IMAGE_URL


def table(rows: Sequence[Sequence[str]]) -> Element | None:
    """A table block, or None where Slack takes no table of this size. Short rows are filled up."""
    width = max((len(row) for row in rows), default=0)
    if not 0 < width <= limits.TABLE_COLUMNS or len(rows) > limits.TABLE_ROWS:
        return None
    cells = [[*row, *[""] * (width - len(row))] for row in rows]
    return {
        "type": "table",
        "column_settings": [{"is_wrapped": True}] * width,
        "rows": [[{"type": "raw_text", "text": harmless(cell).strip() or "–"} for cell in row] for row in cells],
    }


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """A table as text of fixed width, for where there are no tables."""
    flat = [[" ".join(harmless(cell).split()) for cell in row] for row in rows]
    count = max((len(row) for row in flat), default=0)
    widths = [max((len(row[n]) for row in flat if n < len(row)), default=0) for n in range(count)]
    lines = ["  ".join(cell.ljust(widths[n]) for n, cell in enumerate(row)).rstrip() for row in flat]
    return "\n".join(lines)
