"""A card's Markdown as Slack's rich text. Pure.

Rich text and not mrkdwn, because mrkdwn has no way to write a `*` or a `_` that somebody typed: in rich text every
character stands for itself, so that nothing people wrote can become markup, a mention or a link that hides its address.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from adapters.slack import limits
from adapters.slack.mrkdwn import harmless

Element = dict[str, Any]
Kind = Literal["text", "bullet", "ordered", "quote", "code"]
ADDRESS = re.compile(r"(https?://|mailto:)[^\s<>\"]+", re.IGNORECASE)
BARE_ADDRESS = re.compile(r"https?://[^\s<>\"'`]+[^\s<>\"'`.,;:!?)\]}*_]", re.IGNORECASE)
STYLES = {"strong": "bold", "em": "italic", "s": "strike"}
# Text is divided so that a piece, with what Slack's JSON adds to it, is well below one block.
LONGEST_PIECE = limits.RICH_TEXT // 2
# The library passes over what is nested deeper than this.
_NESTED = 100
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "maxNesting": _NESTED}).disable(
    ["reference", "html_block", "html_inline"]
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, an item of a list, a quotation or code. `gap` is how many line ends part it from the one before."""

    kind: Kind
    inlines: tuple[Element, ...]
    indent: int = 0
    number: int = 0
    gap: int = 2


def size(element: Any) -> int:
    """How much of a message this takes: its JSON, in UTF-16 units."""
    return units(json.dumps(element, ensure_ascii=False, separators=(",", ":")))


def units(text: str) -> int:
    """The length of a text in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def text(content: str, *styles: str) -> Element:
    """A run of text; an ellipsis where there is none, since Slack takes no empty one."""
    element: Element = {"type": "text", "text": harmless(content) or "…"}
    return {**element, "style": dict.fromkeys(styles, True)} if styles else element


def link(address: str, label: str, *styles: str) -> Element:
    """A link; the bare text where Slack would not take the address."""
    if not ADDRESS.fullmatch(address) or len(address) > limits.IMAGE_URL:
        return text(label if label == address else f"{label} ({address})", *styles)
    element: Element = {"type": "link", "url": address, "text": harmless(label) or address}
    return {**element, "style": dict.fromkeys(styles, True)} if styles else element


def pieces(body: str) -> list[Piece]:
    """The body of a card, in order."""
    tree = SyntaxTreeNode(_MARKDOWN.parse(harmless(body)))
    return [piece for piece in _blocks(tree.children, 0) if piece.inlines]


def _blocks(nodes: Iterable[SyntaxTreeNode], depth: int) -> Iterator[Piece]:
    for node in nodes:
        if node.type in ("paragraph", "heading"):
            styles = ("bold",) if node.type == "heading" else ()
            yield Piece("text", tuple(_inlines(node.children, *styles)))
        elif node.type in ("bullet_list", "ordered_list"):
            yield from _items(node, depth)
        elif node.type == "blockquote":
            yield Piece("quote", _joined(_blocks(node.children, 0)))
        elif node.type in ("fence", "code_block") and node.content.strip():
            yield Piece("code", (text(node.content.rstrip("\n")),))


def _items(node: SyntaxTreeNode, depth: int) -> Iterator[Piece]:
    start = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else 0
    for place, item in enumerate(node.children):
        own: list[Piece] = []
        nested: list[Piece] = []
        for piece in _blocks(item.children, depth + 1):
            (nested if piece.kind in ("bullet", "ordered") else own).append(piece)
        kind: Kind = "ordered" if start else "bullet"
        number = start + place if start else 0
        yield Piece(kind, _joined(own) or (text(" "),), min(depth, 8), number, 1)
        yield from nested


def _joined(parts: Iterable[Piece]) -> tuple[Element, ...]:
    """Several pieces as the inlines of one, each on a line of its own."""
    joined: list[Element] = []
    for part in parts:
        mark = "• " if part.kind == "bullet" else f"{part.number}. " if part.kind == "ordered" else ""
        joined += [text("\n")] if joined else []
        joined += [text(mark)] if mark else []
        joined += part.inlines
    return tuple(joined)


def _inlines(nodes: Iterable[SyntaxTreeNode], *styles: str) -> Iterator[Element]:
    for node in nodes:
        if node.type == "inline":
            yield from _inlines(node.children, *styles)
        elif node.type in ("softbreak", "hardbreak"):
            yield text("\n")
        elif node.type in STYLES:
            yield from _inlines(node.children, *styles, STYLES[node.type])
        elif node.type == "code_inline":
            yield text(node.content, *styles, "code")
        elif node.type == "link":
            label = "".join(one.content for one in node.walk() if one.type in ("text", "code_inline"))
            address = str(node.attrs.get("href", ""))
            yield link(address, label or address, *styles)
        elif node.type == "image":
            yield link(str(node.attrs.get("src", "")), node.content or str(node.attrs.get("src", "")), *styles)
        elif node.content:
            yield from _with_addresses(node.content, *styles)


def _with_addresses(content: str, *styles: str) -> Iterator[Element]:
    """Text in which bare addresses can be opened, as everywhere in Slack."""
    end = 0
    for found in BARE_ADDRESS.finditer(content):
        if found.start() > end:
            yield text(content[end : found.start()], *styles)
        yield link(found[0], found[0], *styles)
        end = found.end()
    if end < len(content):
        yield text(content[end:], *styles)


def divided(piece: Piece) -> Iterator[Piece]:
    """The piece, in parts none of which is longer than a block takes. What follows a part goes on without a gap."""
    part: list[Element] = []
    first = True
    for inline in [smaller for one in piece.inlines for smaller in _smaller(one)]:
        if part and size(part) + size(inline) > LONGEST_PIECE:
            yield _part(piece, part, first)
            part, first = [], False
        part.append(inline)
    yield _part(piece, part, first)


def _part(piece: Piece, inlines: Sequence[Element], first: bool) -> Piece:
    return replace(piece, inlines=tuple(inlines), gap=piece.gap if first else 0)


def _smaller(inline: Element) -> Iterator[Element]:
    content: str = inline["text"]
    while size(content) > LONGEST_PIECE // 2:
        end = _end(content, LONGEST_PIECE // 4)
        yield {**inline, "text": content[:end]}
        content = content[end:]
    yield {**inline, "text": content}


def _end(content: str, most: int) -> int:
    """Where to divide a text: behind a line or a word if one ends near."""
    for mark in ("\n", " "):
        found = content.rfind(mark, most // 2, most)
        if found > 0:
            return found + 1
    return most


def blocks(parts: Iterable[Piece], room: int) -> list[Element]:
    """Rich text blocks of these pieces that take at most `room`; what does not fit is cut, ending in an ellipsis."""
    made: list[Element] = []
    used = 0
    for piece in [smaller for one in parts for smaller in divided(one)]:
        room_taken = size(_element(piece)) + 60
        if used + room_taken > room - 120:
            _append(made, Piece("text", (text("…"),), gap=0))
            break
        used += room_taken
        _append(made, piece)
    return made


def _append(made: list[Element], piece: Piece) -> None:
    """Adds a piece behind the others, in the same element where it goes on, in a new block where one is full."""
    if not made or size(made[-1]) + size(_element(piece)) > limits.RICH_TEXT:
        made.append({"type": "rich_text", "elements": [_element(piece)]})
        return
    elements: list[Element] = made[-1]["elements"]
    last = elements[-1]
    if piece.kind == "text" and last["type"] == "rich_text_section":
        last["elements"] += [text("\n" * piece.gap)] * bool(piece.gap) + list(piece.inlines)
    elif piece.kind in ("quote", "code") and not piece.gap and last["type"] == _TYPES[piece.kind]:
        last["elements"] += piece.inlines
    elif piece.kind in ("bullet", "ordered") and _goes_on(last, piece):
        if piece.gap:
            last["elements"].append(_section(piece.inlines))
        else:
            last["elements"][-1]["elements"] += piece.inlines
    else:
        lead = [text("\n")] if piece.kind == "text" and piece.gap > 1 else []
        elements.append(_element(replace(piece, inlines=(*lead, *piece.inlines))))


_TYPES = {"text": "rich_text_section", "quote": "rich_text_quote", "code": "rich_text_preformatted"}


def _goes_on(last: Element, piece: Piece) -> bool:
    return bool(
        last["type"] == "rich_text_list" and last["style"] == piece.kind and last.get("indent", 0) == piece.indent
    )


def _section(inlines: Iterable[Element]) -> Element:
    return {"type": "rich_text_section", "elements": list(inlines)}


def _element(piece: Piece) -> Element:
    if piece.kind in ("bullet", "ordered"):
        made: Element = {"type": "rich_text_list", "style": piece.kind, "elements": [_section(piece.inlines)]}
        made |= {"indent": piece.indent} if piece.indent else {}
        return made | ({"offset": piece.number - 1} if piece.number > 1 else {})
    return {"type": _TYPES[piece.kind], "elements": list(piece.inlines)}
