"""What Teams refuses: a strict check of activities and Adaptive Cards, written from the published rules.

It knows nothing of our renderer and its limits, so that both can be wrong only in different ways. `refuse` and
`refuse_card` always run; `schema_faults` reads Microsoft's schema and needs the folder in `THROUGHLINE_SCHEMAS`.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft6Validator

CARD = "application/vnd.microsoft.card.adaptive"
SAFE_BYTES = 28 * 1024
MOST_BYTES = 100 * 1024
PRIMARY_ACTIONS = 6

_COMMON = {"type", "id", "isVisible", "spacing", "separator", "fallback", "height", "requires"}
_INPUT = {"label", "isRequired", "errorMessage", "value"}
_ACTION = {"type", "title", "id", "style", "fallback", "tooltip", "mode", "requires", "isEnabled", "iconUrl"}
ELEMENTS: Mapping[str, set[str]] = {
    "TextBlock": {"text", "wrap", "size", "weight", "color", "isSubtle", "style", "fontType", "maxLines"},
    "Image": {"url", "altText", "size", "width", "style", "horizontalAlignment"},
    "FactSet": {"facts"},
    "Container": {"items", "style", "bleed"},
    "Table": {"columns", "rows", "gridStyle", "showGridLines"},
    "ActionSet": {"actions"},
    "Input.Text": _INPUT | {"isMultiline", "maxLength", "placeholder", "style"},
    "Input.Date": _INPUT | {"min", "max", "placeholder"},
    "Input.ChoiceSet": _INPUT | {"choices", "isMultiSelect", "style", "wrap", "placeholder"},
    "Input.Toggle": _INPUT | {"title", "valueOn", "valueOff", "wrap"},
}
ACTIONS: Mapping[str, set[str]] = {
    "Action.Execute": {"verb", "data", "associatedInputs"},
    "Action.Submit": {"data", "associatedInputs"},
    "Action.OpenUrl": {"url"},
    "Action.ToggleVisibility": {"targetElements"},
}
ENUMS: Mapping[str, set[Any]] = {
    "size": {"Default", "Small", "Medium", "Large", "ExtraLarge", "Auto", "Stretch"},
    "weight": {"Default", "Lighter", "Bolder"},
    "color": {"Default", "Dark", "Light", "Accent", "Good", "Warning", "Attention"},
    "fontType": {"Default", "Monospace"},
    "spacing": {"None", "Small", "Default", "Medium", "Large", "ExtraLarge", "Padding"},
    "mode": {"primary", "secondary"},
    "associatedInputs": {"auto", "none"},
}
STYLES: Mapping[str, set[str]] = {
    "TextBlock": {"default", "heading"},
    "Container": {"default", "emphasis", "good", "attention", "warning", "accent"},
    "Input.ChoiceSet": {"compact", "expanded", "filtered"},
}
ACTION_STYLES = {"default", "positive", "destructive"}


def refuse(activity: Mapping[str, Any]) -> list[str]:
    """Why Teams would refuse this message, or show it badly; empty if it would not."""
    return list(_activity_faults(activity))


def refuse_card(card: Mapping[str, Any], dialog: bool = False) -> list[str]:
    """The same for an Adaptive Card alone; in a `dialog`, where `Action.Execute` does nothing."""
    return list(_Card(card, dialog).faults())


def sizes(payload: Mapping[str, Any]) -> tuple[int, int]:
    """Bytes as UTF-8 and as UTF-16, which is how Teams counts."""
    written = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return len(written.encode("utf-8", "replace")), len(written.encode("utf-16-le", "replace"))


def _activity_faults(activity: Mapping[str, Any]) -> Iterator[str]:
    if activity.get("type") != "message":
        yield f"type is {activity.get('type')!r}"
    if not (activity.get("text") or activity.get("summary") or "").strip():
        yield "neither text nor summary: notifications would say nothing"
    small, wide = sizes(activity)
    if small > SAFE_BYTES:
        yield f"{small} bytes are more than 28 KB"
    if wide > MOST_BYTES:
        yield f"MessageSizeTooBig: {wide} bytes of UTF-16"
    yield from _mention_faults(activity)
    for attachment in activity.get("attachments", ()):
        if attachment.get("contentType") != CARD:
            yield f"unknown attachment {attachment.get('contentType')!r}"
        else:
            yield from _Card(attachment.get("content", {})).faults()


def _mention_faults(activity: Mapping[str, Any]) -> Iterator[str]:
    for entity in activity.get("entities", ()):
        if entity.get("type") == "mention" and entity.get("text", "") not in activity.get("text", ""):
            yield f"mention {entity.get('text')!r} does not stand in the text"
    for marked in re.findall(r"<at>.*?</at>", activity.get("text", "")):
        if marked not in [entity.get("text") for entity in activity.get("entities", ())]:
            yield f"{marked} mentions nobody"


class _Card:
    """One card under examination."""

    def __init__(self, card: Mapping[str, Any], dialog: bool = False) -> None:
        self.card = card
        self.dialog = dialog
        self.ids: list[str] = []

    def faults(self) -> Iterator[str]:
        card = self.card
        known = {"type", "$schema", "version", "lang", "fallbackText", "speak", "body", "actions", "msteams"}
        yield from (f"unknown property {key} of the card" for key in card.keys() - known)
        if card.get("type") != "AdaptiveCard" or card.get("version") not in ("1.2", "1.3", "1.4", "1.5"):
            yield f"not a card that Teams shows: {card.get('type')} {card.get('version')}"
        if not re.fullmatch(r"[a-z]{2}", card.get("lang", "")):
            yield f"lang is {card.get('lang')!r}"
        for needed in ("fallbackText", "speak"):
            if not _is_text(card.get(needed)):
                yield f"no {needed}"
        if card.get("msteams", {}).keys() - {"width", "entities"} or card.get("msteams", {}).get("width") != "Full":
            yield "not of full width"
        if not card.get("body"):
            yield "an empty body"
        for element in card.get("body", ()):
            yield from self._element(element)
        yield from self._actions(card.get("actions", ()))
        yield from (f"id {i!r} is not unique" for i in sorted({i for i in self.ids if self.ids.count(i) > 1}))
        yield from self._targets(card.get("actions", ()))

    def _element(self, element: Mapping[str, Any]) -> Iterator[str]:
        kind = element.get("type", "")
        if kind not in ELEMENTS:
            yield f"unknown element {kind!r}"
            return
        yield from (f"{kind} has no property {key}" for key in element.keys() - ELEMENTS[kind] - _COMMON)
        yield from _enums(element, STYLES.get(kind, set()))
        if "id" in element:
            self.ids.append(element["id"])
        if kind.startswith("Input."):
            yield from _input_faults(element)
        checks: dict[str, Callable[[Mapping[str, Any]], Iterator[str]]] = {
            "TextBlock": self._text,
            "Image": _image_faults,
            "FactSet": self._facts,
            "Container": self._items,
            "Table": self._table,
            "ActionSet": lambda e: self._actions(e.get("actions", ())),
        }
        if kind in checks:
            yield from checks[kind](element)

    def _items(self, element: Mapping[str, Any]) -> Iterator[str]:
        if not element.get("items"):
            yield f"{element.get('type', 'TableCell')} without items"
        for item in element.get("items", ()):
            yield from self._element(item)

    def _text(self, element: Mapping[str, Any]) -> Iterator[str]:
        if element.get("wrap") is not True:
            yield f"text that does not wrap: {element.get('text')!r}"
        yield from self._markdown(element.get("text"))

    def _markdown(self, text: Any) -> Iterator[str]:
        if not _is_text(text):
            yield "a text without text"
            return
        mentioned = [entity.get("text") for entity in self.card.get("msteams", {}).get("entities", ())]
        yield from (f"{m} mentions nobody" for m in re.findall(r"(?<!\\)<at>.*?</at>", text) if m not in mentioned)
        if re.search(r"\{\{(DATE|TIME)\(", text):
            yield f"a date that Teams would put in: {text!r}"
        for address in re.findall(r"(?<!\\)\]\(([^)\s]*)\)", text):
            if not address.startswith(("https://", "http://", "mailto:")):
                yield f"a link to {address!r}"

    def _facts(self, element: Mapping[str, Any]) -> Iterator[str]:
        if not element.get("facts"):
            yield "FactSet without facts"
        for fact in element.get("facts", ()):
            if fact.keys() != {"title", "value"}:
                yield f"a fact with {sorted(fact)}"
            yield from self._markdown(fact.get("title"))
            yield from self._markdown(fact.get("value"))

    def _table(self, element: Mapping[str, Any]) -> Iterator[str]:
        columns, rows = element.get("columns", ()), element.get("rows", ())
        if not columns or not rows:
            yield "an empty table"
        for row in rows:
            if row.get("type") != "TableRow" or len(row.get("cells", ())) != len(columns):
                yield "a row with another number of cells than there are columns"
            for cell in row.get("cells", ()):
                if cell.get("type") != "TableCell":
                    yield f"a cell of type {cell.get('type')!r}"
                yield from self._items(cell)

    def _actions(self, actions: Any) -> Iterator[str]:
        if sum(action.get("mode") != "secondary" for action in actions) > PRIMARY_ACTIONS:
            yield f"more than {PRIMARY_ACTIONS} buttons"
        for action in actions:
            yield from self._action(action)

    def _action(self, action: Mapping[str, Any]) -> Iterator[str]:
        kind = action.get("type", "")
        if kind not in ACTIONS:
            yield f"unknown action {kind!r}"
            return
        yield from (f"{kind} has no property {key}" for key in action.keys() - ACTIONS[kind] - _ACTION)
        yield from _enums(action, ACTION_STYLES)
        if not _is_text(action.get("title")) or len(action["title"]) > 100:
            yield f"{kind} with the label {action.get('title')!r}"
        if kind == "Action.OpenUrl" and not action.get("url", "").startswith("https://"):
            yield f"a button to {action.get('url')!r}"
        if kind in ("Action.Execute", "Action.Submit") and not isinstance(action.get("data"), dict):
            yield f"{kind} without data"
        if kind == "Action.Execute":
            if self.dialog:
                yield "Action.Execute in a dialog"
            older = action.get("fallback", {})
            if (
                not action.get("verb")
                or older.get("type") != "Action.Submit"
                or older.get("data") != action.get("data")
            ):
                yield "Action.Execute that old clients cannot press"

    def _targets(self, actions: Any) -> Iterator[str]:
        for action in actions:
            for target in action.get("targetElements", ()):
                if target not in self.ids:
                    yield f"{target!r} is shown by a button and is not there"


def _enums(element: Mapping[str, Any], styles: set[str]) -> Iterator[str]:
    for name, allowed in ENUMS.items():
        if name in element and element[name] not in allowed:
            yield f"{name} is {element[name]!r}"
    if "style" in element and element["style"] not in styles:
        yield f"style of {element['type']} is {element['style']!r}"


def _image_faults(element: Mapping[str, Any]) -> Iterator[str]:
    if not element.get("url", "").startswith(("https://", "data:image/png;base64,")):
        yield f"a picture at {element.get('url')!r}"
    if not _is_text(element.get("altText")):
        yield "a picture without words"


def _input_faults(element: Mapping[str, Any]) -> Iterator[str]:
    if not _is_text(element.get("id")) or not _is_text(element.get("label")):
        yield f"{element['type']} without id or label"
    if element.get("isRequired") and not _is_text(element.get("errorMessage")):
        yield f"{element.get('id')} is required and does not say so"
    if element["type"] == "Input.Date" and "value" in element:
        date.fromisoformat(element["value"])
    if element["type"] == "Input.ChoiceSet":
        yield from _choice_faults(element)


def _choice_faults(element: Mapping[str, Any]) -> Iterator[str]:
    choices = element.get("choices", ())
    values = [choice.get("value") for choice in choices]
    if not choices or not all(
        _is_text(choice.get("title")) and choice.keys() == {"title", "value"} for choice in choices
    ):
        yield f"{element.get('id')} with choices {choices!r}"
    if len(set(values)) != len(values):
        yield f"{element.get('id')} offers a value twice"
    if element.get("isMultiSelect") and any("," in str(value) for value in values):
        yield f"{element.get('id')} has commas in its values"
    picked = element.get("value", "").split(",") if element.get("isMultiSelect") else [element.get("value", "")]
    yield from (f"{element.get('id')} has {p!r}, which is not offered" for p in picked if p and p not in values)


def _is_text(found: Any) -> bool:
    return isinstance(found, str) and bool(found.strip())


def schema_folder() -> Path | None:
    """The folder with the vendors' schemas, where the environment names one."""
    named = os.environ.get("THROUGHLINE_SCHEMAS", "")
    return Path(named) if named and Path(named).is_dir() else None


@cache
def _schema(folder: Path) -> Draft6Validator:
    schema = json.loads((folder / "adaptive-card.1.5.0.schema.json").read_text(encoding="utf-8"))
    return Draft6Validator(schema)


def schema_faults(card: Mapping[str, Any], folder: Path) -> list[str]:
    """What Microsoft's schema for version 1.5 says against a card. It does not know `msteams`, which is Teams' own."""
    plain = _without_msteams(card)
    return [f"{'/'.join(map(str, error.path))}: {error.message[:200]}" for error in _schema(folder).iter_errors(plain)]


def _without_msteams(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_msteams(inner) for key, inner in value.items() if key != "msteams"}
    return [_without_msteams(inner) for inner in value] if isinstance(value, list) else value
