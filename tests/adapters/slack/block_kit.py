"""What Slack refuses: a strict judge of messages, modals and App Homes, with numbers of its own.

It knows nothing of the adapter, so that both must be wrong for a fault to pass. Where the documentation is silent or
contradicts itself, the stricter reading holds. Lengths are UTF-16 units.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.adapters.slack.block_kit_parts import (
    CALLS,
    INPUTS,
    INTERACTIVE,
    Elements,
    Problems,
    Rule,
    check_count,
    check_keys,
    check_string,
    length,
)

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
# Slack answers msg_blocks_too_long somewhere above this, JSON included; it documents no number.
ALL_BLOCKS = 13_200
WHOLE_VIEW = 250_000
LINK = re.compile(r"(https?://|mailto:)[^\s<>]+", re.IGNORECASE)
STYLES = {"bold", "italic", "strike", "code"}


def refuse(payload: Mapping[str, Any]) -> list[str]:
    """Why Slack would refuse this, each with its place; empty where it would take it.

    A payload with the type `modal` or `home` is a view, any other a message with `text` and `blocks`.
    """
    surface = payload.get("type", "message")
    judge = Judge(surface)
    if surface in ("modal", "home"):
        return [*judge.view(payload), *judge.repeated()]
    return [*judge.message(payload), *judge.repeated()]


@dataclass
class Judge(Elements):
    """One payload being judged."""

    inputs: int = 0
    tables: int = 0

    def message(self, payload: Mapping[str, Any]) -> Problems:
        """chat.postMessage and chat.update."""
        text = payload.get("text")
        if not isinstance(text, str) or not text.strip():
            yield "text: a message needs its text, for notifications and screen readers"
        else:
            yield from check_string(text, "text", 4_000)
            yield from (f"text: calls people: {found}" for found in CALLS.findall(text))
        yield from self.blocks(payload.get("blocks", []), MESSAGE_BLOCKS)
        if length(_json(payload.get("blocks", []))) > ALL_BLOCKS:
            yield f"blocks: msg_blocks_too_long, {length(_json(payload['blocks']))}"

    def view(self, view: Mapping[str, Any]) -> Problems:
        """views.open, views.update, views.push, views.publish."""
        known = {"type", "blocks", "callback_id", "private_metadata", "external_id"}
        modal = {"title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled"}
        yield from check_keys(view, known | (modal if self.surface == "modal" else set()), self.surface)
        yield from self.blocks(view.get("blocks"), VIEW_BLOCKS, needed=True)
        for key, longest in (("callback_id", 255), ("external_id", 255), ("private_metadata", 3_000)):
            if key in view:
                yield from check_string(view[key], key, longest, empty=True)
        if self.surface == "modal":
            if "title" not in view:
                yield "title: a modal needs one"
            for key in ("title", "submit", "close"):
                if key in view:
                    yield from self.text(view[key], key, 24, ("plain_text",))
            if self.inputs and "submit" not in view:
                yield "submit: needed, since there are inputs"
        if length(_json(view)) > WHOLE_VIEW:
            yield "view_too_large"

    def blocks(self, blocks: Any, most: int, needed: bool = False) -> Problems:
        """A list of blocks."""
        if not isinstance(blocks, list) or (needed and not blocks):
            yield "blocks: must be a list" + " with something in it" * needed
            return
        if len(blocks) > most:
            yield f"blocks: {len(blocks)}, at most {most}"
        for place, block in enumerate(blocks):
            yield from self.block(block, f"blocks/{place}")
        if self.tables > 1:
            yield "blocks: one table in a message"

    def block(self, block: Mapping[str, Any], at: str) -> Problems:
        """One block, by its type."""
        kind = block.get("type")
        rule = BLOCKS.get(str(kind))
        if rule is None or self.surface not in rule.surfaces:
            yield f"{at}: no block of type {kind!r} in a {self.surface}"
            return
        if "block_id" in block:
            yield from check_string(block["block_id"], f"{at}/block_id", 255)
            self.block_ids.append(block["block_id"])
        yield from check_keys(block, rule.keys | {"type", "block_id"}, at)
        yield from rule.check(self, block, at)

    def repeated(self) -> Problems:
        """Ids that come twice."""
        for what, ids in (("block_id", self.block_ids), ("action_id", self.action_ids)):
            yield from (f"{what} twice: {one}" for one in sorted({one for one in ids if ids.count(one) > 1}))

    def section(self, block: Mapping[str, Any], at: str) -> Problems:
        """A section."""
        if "text" not in block and not block.get("fields"):
            yield f"{at}: a section needs a text or fields"
        if "text" in block:
            yield from self.text(block["text"], f"{at}/text", 3_000)
        if "fields" in block:
            yield from check_count(block["fields"], f"{at}/fields", 1, 10)
            for place, one in enumerate(block["fields"]):
                yield from self.text(one, f"{at}/fields/{place}", 2_000)
        if "accessory" in block:
            yield from self.element(block["accessory"], f"{at}/accessory", {*INTERACTIVE, "image"})

    def header(self, block: Mapping[str, Any], at: str) -> Problems:
        """A header."""
        yield from self.text(block.get("text"), f"{at}/text", 150, ("plain_text",))

    def context(self, block: Mapping[str, Any], at: str) -> Problems:
        """A context line: texts and small pictures."""
        yield from check_count(block.get("elements"), f"{at}/elements", 1, 10)
        for place, one in enumerate(block.get("elements") or ()):
            if isinstance(one, Mapping) and one.get("type") == "image":
                yield from self.element(one, f"{at}/elements/{place}", {"image"})
            else:
                yield from self.text(one, f"{at}/elements/{place}", 3_000)

    def actions(self, block: Mapping[str, Any], at: str) -> Problems:
        """A row of buttons and the like."""
        yield from check_count(block.get("elements"), f"{at}/elements", 1, 25)
        for place, one in enumerate(block.get("elements") or ()):
            yield from self.element(one, f"{at}/elements/{place}", INTERACTIVE)

    def divider(self, block: Mapping[str, Any], at: str) -> Problems:
        """A line."""
        yield from ()

    def input(self, block: Mapping[str, Any], at: str) -> Problems:
        """A field of a form."""
        self.inputs += 1
        yield from self.text(block.get("label"), f"{at}/label", 2_000, ("plain_text",))
        if "hint" in block:
            yield from self.text(block["hint"], f"{at}/hint", 2_000, ("plain_text",))
        if not isinstance(block.get("optional", False), bool):
            yield f"{at}/optional: true or false"
        yield from self.element(block.get("element"), f"{at}/element", INPUTS)

    def table(self, block: Mapping[str, Any], at: str) -> Problems:
        """A table."""
        self.tables += 1
        rows = block.get("rows")
        yield from check_count(rows, f"{at}/rows", 1, 100)
        widths = {len(row) for row in rows or ()}
        if len(widths) > 1:
            yield f"{at}/rows: of different length"
        yield from (f"{at}/rows: {width} columns, 1 to 20" for width in widths if not 1 <= width <= 20)
        yield from check_count(block.get("column_settings", [{}]), f"{at}/column_settings", 1, 20)
        for place, cell in enumerate(cell for row in rows or () for cell in row):
            if cell.get("type") == "raw_text":
                yield from check_string(cell.get("text"), f"{at}/cell {place}", 3_000)
            elif cell.get("type") == "rich_text":
                yield from self.rich_text(cell, f"{at}/cell {place}")
            else:
                yield f"{at}/cell {place}: must be raw_text or rich_text"

    def rich_text(self, block: Mapping[str, Any], at: str) -> Problems:
        """Rich text: sections, lists, quotations, code."""
        yield from check_count(block.get("elements"), f"{at}/elements", 1, 1_000)
        for place, one in enumerate(block.get("elements") or ()):
            here = f"{at}/elements/{place}"
            kind = one.get("type")
            if kind == "rich_text_list":
                yield from check_keys(one, {"type", "style", "elements", "indent", "offset", "border"}, here)
                if one.get("style") not in ("bullet", "ordered"):
                    yield f"{here}/style: bullet or ordered"
                if not 0 <= one.get("indent", 0) <= 8 or one.get("offset", 0) < 0:
                    yield f"{here}: indent 0 to 8, offset from 0"
                yield from check_count(one.get("elements"), f"{here}/elements", 1, 1_000)
                for item in one.get("elements") or ():
                    if item.get("type") != "rich_text_section":
                        yield f"{here}: a list holds sections"
                    yield from self.inlines(item, here)
            elif kind in ("rich_text_section", "rich_text_quote", "rich_text_preformatted"):
                yield from check_keys(one, {"type", "elements", "border"}, here)
                yield from self.inlines(one, here)
            else:
                yield f"{here}: unknown type {kind!r}"

    def inlines(self, part: Mapping[str, Any], at: str) -> Problems:
        """Runs of text and links."""
        yield from check_count(part.get("elements"), f"{at}/elements", 1, 10_000)
        for place, one in enumerate(part.get("elements") or ()):
            here = f"{at}/elements/{place}"
            if one.get("type") == "text":
                yield from check_keys(one, {"type", "text", "style"}, here)
                yield from check_string(one.get("text"), f"{here}/text", 3_000, blank=True)
            elif one.get("type") == "link":
                yield from check_keys(one, {"type", "url", "text", "style", "unsafe"}, here)
                if not LINK.fullmatch(str(one.get("url"))) or length(one["url"]) > 3_000:
                    yield f"{here}/url: no address: {one.get('url')!r}"
                if "text" in one:
                    yield from check_string(one["text"], f"{here}/text", 3_000)
            else:
                yield f"{here}: {one.get('type')!r} is nothing that our text may hold"
            if not set(one.get("style", {"bold": True})) <= STYLES or not one.get("style", True):
                yield f"{here}/style: {one['style']}"
            if isinstance(one.get("text"), str) and CALLS.search(one["text"]):
                yield f"{here}/text: calls people"


BLOCKS = {
    "section": Rule({"text", "fields", "accessory", "expand"}, Judge.section),
    "header": Rule({"text"}, Judge.header),
    "context": Rule({"elements"}, Judge.context),
    "actions": Rule({"elements"}, Judge.actions),
    "divider": Rule(set(), Judge.divider),
    "image": Rule({"image_url", "slack_file", "alt_text", "title"}, Judge.image),
    "rich_text": Rule({"elements"}, Judge.rich_text),
    "table": Rule({"rows", "column_settings"}, Judge.table, ("message",)),
    "input": Rule({"label", "element", "hint", "optional", "dispatch_action"}, Judge.input, ("modal",)),
}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
