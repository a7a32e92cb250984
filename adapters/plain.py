"""A card as plain text: for the terminal, for notifications and screen readers, and where nothing better is at hand.

Pure. Markup becomes words; nothing is dropped silently, and text that came from people stays as they typed it.
"""

from __future__ import annotations

from itertools import zip_longest

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.messages import Card

_MARKDOWN = MarkdownIt("commonmark", {"html": False})


def plain_text(card: Card, longest: int = 0) -> str:
    """The whole card as text; with `longest`, cut at a line or word so that it fits, ending in an ellipsis."""
    parts = [card.title, markdown_text(card.body)]
    parts += ["\n".join(f"{label}: {value}" for label, value in card.facts)] if card.facts else []
    parts += ["\n".join(" | ".join(row) for row in card.table)] if card.table else []
    parts += [card.image_text] if card.image else []
    parts += [f"({card.source})"] if card.source else []
    text = "\n\n".join(part for part in parts if part)
    return cut(text, longest) if longest else text


def cut(text: str, longest: int) -> str:
    """Text of at most `longest` characters, cut at a line or a word where there is one near."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    for mark in ("\n", " "):
        end = head.rfind(mark)
        if end > longest // 2:
            return head[:end].rstrip() + "…"
    return head + "…"


def markdown_text(body: str) -> str:
    """The text of a Markdown body without its markup: lists keep their dashes, links their addresses."""
    lines: list[str] = []
    depth = 0
    pending = ""
    numbers: list[int] = []
    tokens = _MARKDOWN.parse(body)
    for token, following in zip_longest(tokens, tokens[1:]):
        if token.type in ("bullet_list_open", "ordered_list_open", "blockquote_open"):
            depth += token.type != "blockquote_open"
            numbers.append(1 if token.type == "ordered_list_open" else 0)
        elif token.type in ("bullet_list_close", "ordered_list_close", "blockquote_close"):
            depth -= token.type != "blockquote_close"
            numbers.pop()
            if depth == 0 and lines[-1:] != [""]:
                lines.append("")
        elif token.type == "list_item_open":
            mark = f"{numbers[-1]}." if numbers[-1] else "-"
            numbers[-1] += bool(numbers[-1])
            pending = "  " * (depth - 1) + mark + " "
        elif token.type == "inline":
            quote = "> " if token.level and numbers and not depth else ""
            text = _inline(token).replace("\n", "\n" + (quote or " " * len(pending)))
            lines.append(quote + pending + text)
            pending = ""
        elif token.type in ("fence", "code_block"):
            lines += [token.content.rstrip("\n"), ""]
        elif token.type in ("paragraph_close", "heading_close") and not depth:
            lines += [] if _touches(tokens, token, following) else [""]
    return "\n".join(lines).strip()


def _touches(tokens: list[Token], closing: Token, following: Token | None) -> bool:
    """Whether a list follows the paragraph without an empty line, as in a heading of its own."""
    if following is None or not following.type.endswith("list_open") or following.map is None:
        return False
    opening = next(t for t in reversed(tokens[: tokens.index(closing)]) if t.type == "paragraph_open")
    return opening.map is not None and opening.map[1] == following.map[0]


def _inline(token: Token) -> str:
    parts: list[str] = []
    address = ""
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type == "link_open":
            address = str(child.attrs.get("href", ""))
        elif child.type == "link_close":
            if address and not parts[-1].endswith(address):
                parts.append(f" <{address}>")
            address = ""
        elif child.type == "image":
            parts.append(child.content)
        else:
            parts.append(child.content)
    return "".join(parts)
