"""What somebody typed, without the mention of the bot. Teams marks a mention in the text and describes it beside it."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any, Final

from adapters.teams.raw import entities, part, text_of

_AT: Final = re.compile(r"<at(?:\s[^>]*)?>(.*?)</at>", re.IGNORECASE | re.DOTALL)


def typed(activity: Mapping[str, Any]) -> str:
    """The text of a message without the mention of the bot; other mentions are the names they show."""
    bot = part(activity, "recipient")
    text = _spaced(text_of(activity, "text"))
    for entity in entities(activity):
        marked = _spaced(text_of(entity, "text"))
        if entity.get("type") == "mention" and marked:
            mentioned = part(entity, "mentioned")
            name = html.escape(text_of(mentioned, "name")) or _AT.sub(r"\1", marked)
            text = _replaced(text, marked, "" if mentioned.get("id") == bot.get("id") else name)
    own = text_of(bot, "name").strip().lower()
    for found in _AT.finditer(text):
        name = found.group(1)
        text = _replaced(text, found.group(), "" if html.unescape(name).strip().lower() == own else name)
    return html.unescape(text).replace("\xa0", " ").strip()


def mentions_bot(activity: Mapping[str, Any]) -> bool:
    """Whether the bot is mentioned in the text."""
    own = part(activity, "recipient").get("id")
    mentions = (part(entity, "mentioned") for entity in entities(activity) if entity.get("type") == "mention")
    return any(mentioned.get("id") == own for mentioned in mentions if mentioned)


def _spaced(text: str) -> str:
    return text.replace("\r\n", "\n").replace("&nbsp;", " ").replace("\xa0", " ")


def _replaced(text: str, marked: str, name: str) -> str:
    """The text with a name in the place of the mark; where it goes altogether, so do the spaces around it."""
    before, found, after = text.partition(marked)
    if not found or name:
        return before + name + after
    if not before.strip():
        return after.lstrip(" ,:")
    return before.rstrip(" ") + ("" if after[:1] in "\n.,:;!?" else " ") + after.lstrip(" ")
