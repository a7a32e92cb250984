"""Forms as modals: a card's asks as a view, its problems as Slack's errors, and the way back into a form. Pure.

Slack gives back a view as it was opened. What handing it in says and where it was asked is therefore kept in the view
itself, and survives a restart in between.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from adapters.slack import limits
from adapters.slack.blocks import NOTHING, SAY, context, fitted, plain_text
from adapters.slack.fields import Aliases, Values, entered, input_block, name_of
from adapters.slack.mrkdwn import harmless
from adapters.slack.render import message, shown
from adapters.slack.rich import Element, size, units
from bot.messages import Answers, Card, Choice, Place

APP = "Throughline"
# What stands above the fields may take so much.
INTRODUCTION = 8_000
# A button that opens a form again with what was typed says this, and then both as JSON.
REOPEN = "reopen-form "


@dataclass(frozen=True, slots=True)
class Origin:
    """What a modal was opened for: what handing it in says, the place, and the message whose button was pressed."""

    says: str
    place: Place
    message: str = ""
    aliases: Mapping[str, Mapping[str, str]] | None = None

    def pack(self, aliases: Aliases) -> str:
        """This, as the view's `private_metadata`."""
        kept = {"says": self.says, "place": self.place.encode(), "message": self.message, "values": aliases}
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))

    @staticmethod
    def of(view: Mapping[str, Any]) -> Origin:
        """What `pack` wrote into this view. Raises `ValueError` for a view that is not of ours."""
        try:
            kept = json.loads(view["private_metadata"])
            return Origin(kept["says"], Place.decode(kept["place"]), kept["message"], kept["values"])
        except (KeyError, TypeError, json.JSONDecodeError) as fault:
            raise ValueError("this view was not opened by us") from fault


def modal(card: Card, place: Place, message: str = "", typed: Answers | None = None) -> dict[str, Any]:
    """The view of views.open, views.update, views.push and of `response_action: update`, for a card with asks.

    `place` is where the answer will go, `message` the message whose button was pressed (or ''), `typed` what was
    already entered, by the name of the ask. A form that Slack cannot hold is shown without its fields.
    """
    origin = Origin(card.submits, place, message)
    values = Values(limits.PRIVATE_METADATA - units(origin.pack({})) - 2)
    view: dict[str, Any] = {
        "type": "modal",
        "callback_id": SAY,
        "title": plain_text(_title(card), limits.VIEW_TITLE),
        "blocks": _introduction(card),
    }
    if values.room < 0 or not card.asks:
        return view | {"blocks": view["blocks"] or [context(NOTHING)]}
    given = typed or {}
    fields = [input_block(ask, n, values, given.get(ask.name, "")) for n, ask in enumerate(card.asks)]
    return view | {
        "blocks": _fitting(view["blocks"], fields),
        "submit": plain_text(card.submit_label or card.title or "OK", limits.VIEW_BUTTON),
        "private_metadata": origin.pack(values.aliases),
    }


def _title(card: Card) -> str:
    return " ".join(card.title.split()) or card.submit_label or APP


def _introduction(card: Card) -> list[Element]:
    """What stands above the fields: the title too, where the bar at the top cuts it. Buttons do not belong there."""
    cut_off = units(harmless(_title(card))) > limits.VIEW_TITLE
    rest = replace(card, title=card.title if cut_off else "", asks=(), choices=())
    return shown(rest, INTRODUCTION, tables=False)


def _fitting(introduction: list[Element], fields: list[Element]) -> list[Element]:
    """As many fields as Slack takes; the introduction makes way for them first."""
    room = limits.VIEW
    kept: list[Element] = []
    for block in fields[: limits.BLOCKS_IN_VIEW]:
        room -= size(block)
        if kept and room < 0:
            break
        kept.append(block)
    return [*introduction[: limits.BLOCKS_IN_VIEW - len(kept)], *kept]


def answers(view: Mapping[str, Any]) -> dict[str, str | tuple[str, ...]]:
    """What was entered into a view that Slack gives back, by the name of the ask. Raises `ValueError` if not ours."""
    return entered(view.get("state") or {}, Origin.of(view).aliases or {})


def errors(problems: Mapping[str, str], view: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to a view_submission that shows each problem at its field and keeps everything that was entered.

    `view` is the view that was handed in. What is wrong with no field in particular is shown at the first.
    """
    inputs = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    found: dict[str, str] = {}
    for name, problem in problems.items():
        at = next((block for block in inputs if name_of(block) == name), inputs[0])
        found[at] = fitted("\n".join(filter(None, (found.get(at, ""), problem))) or NOTHING, limits.PROBLEM)
    return {"response_action": "errors", "errors": found}


def not_saved(sorry: str, view: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to a view_submission that could not be decided in time: the form stays open with all that was typed.

    This is where what was typed is kept, confidential or not: on the person's own screen, and nowhere else.
    """
    return errors({"": sorry}, view)


def update(card: Card, place: Place, message: str = "", typed: Answers | None = None) -> dict[str, Any]:
    """The answer to a view_submission that goes on to another form, or the same one; fields alike keep their input."""
    return {"response_action": "update", "view": modal(card, place, message, typed)}


def reopen(card: Card, typed: Answers | None = None, *, confidential: bool = False) -> dict[str, Any]:
    """The message whose button opens the form of this card again, for when the trigger is gone.

    What was typed travels in the button where it fits. Of a confidential form nothing does: its text must not lie in
    the chat, not even unseen, and it is still on the screen of whoever typed it (see `not_saved`).
    """
    says = card.submits
    if typed and not confidential:
        both = REOPEN + json.dumps([card.submits, dict(typed)], ensure_ascii=False, separators=(",", ":"))
        says = both if units(both) <= limits.BUTTON_VALUE else says
    label = card.submit_label or card.title or NOTHING
    return message(replace(card, asks=(), submits="", choices=(Choice(label, says, "primary"), *card.choices)))


def reopened(value: str) -> tuple[str, dict[str, str | tuple[str, ...]]]:
    """What a button of `reopen` says, and what was typed; any other value as it is, with nothing typed."""
    if not value.startswith(REOPEN):
        return value, {}
    try:
        says, typed = json.loads(value.removeprefix(REOPEN))
        return str(says), {str(k): tuple(v) if isinstance(v, list) else str(v) for k, v in typed.items()}
    except (ValueError, AttributeError):
        return value, {}
