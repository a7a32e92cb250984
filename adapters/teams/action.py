"""The command on messages: what it says of the message it was used on, and the place where that is said. Pure.

The message is somebody's in any chat, where the bot need not be. Nobody sees who uses the command on what.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any, Final

from adapters.plain import cut
from adapters.teams import limits
from adapters.teams.raw import part, text_of

# How Teams calls the command when somebody uses it, and what it says there.
COMMAND: Final = "concern-about"
TITLE: Final = "Raise a concern"
DESCRIPTION: Final = "Take what this message says to whoever decides"
_SAYS: Final = "concern {}"
_TAG: Final = re.compile(r"<(/?)([a-z!][a-z0-9]*)([^<>]*)>", re.IGNORECASE)
_QUOTE: Final = "skype.com/reply"
_ALT: Final = re.compile(r"\salt=\"([^\"]*)\"", re.IGNORECASE)
_LINES: Final = frozenset(
    {"blockquote", "br", "codeblock", "div", "h1", "h2", "h3", "hr", "li", "ol", "p", "pre", "table", "tr", "ul"}
)
_CELLS: Final = frozenset({"td", "th"})


def says(value: Mapping[str, Any], by: str) -> str:
    """What is said by using the command, out of the value of `composeExtension/fetchTask`; '' if it is not ours.

    What a colleague wrote is not the worry of whoever takes it further (`by`, an object id): it stands there as a
    quotation.
    """
    if text_of(value, "commandId") != COMMAND:
        return ""
    message = part(value, "messagePayload")
    text = cut(message_text(message), limits.BEGUN - len("“”"))
    own = by != "" and text_of(part(part(message, "from"), "user"), "id").lower() == by
    return _SAYS.format(text if own or not text else f"“{text}”").strip()


def message_text(message: Mapping[str, Any]) -> str:
    """What a message says, in plain text: its subject and its body without markup. '' where it is only a picture, a
    card or a file.
    """
    body = part(message, "body")
    content = text_of(body, "content")[: limits.MESSAGE_READ]
    said = content if text_of(body, "contentType").lower() == "text" else _without_markup(content)
    lines = (" ".join(line.split()) for line in (text_of(message, "subject") + "\n" + said).splitlines())
    return "\n".join(line for line in lines if line)


def in_private(activity: Mapping[str, Any], conversation: str, service: str) -> dict[str, Any]:
    """The activity as if it came out of the person's own conversation with the bot, which is reached at `service`."""
    tenant = part(activity, "channelData").get("tenant")
    where = part(activity, "conversation")
    return {
        **activity,
        "serviceUrl": service,
        "conversation": {
            "id": conversation,
            "conversationType": "personal",
            "tenantId": where.get("tenantId"),
        },
        "channelData": {"tenant": tenant},
        # Whatever stands there is none of the bot's messages, which could be exchanged.
        "replyToId": None,
    }


def _without_markup(content: str) -> str:
    """The text of markup, without what an answer quotes: that is somebody else's, and was said elsewhere."""
    # Line ends of the source mean nothing; those of the message are elements.
    flat = " ".join(content.split())
    found: list[str] = []
    at = quoted = 0
    for tag in _TAG.finditer(flat):
        closes, name, attributes = tag.group(1), tag.group(2).lower(), tag.group(3)
        if not quoted:
            found += flat[at : tag.start()], _left_of(name, attributes)
        if name == "blockquote" and (quoted or _QUOTE in attributes.lower()):
            quoted += -1 if closes else 1
        at = tag.end()
    return html.unescape("".join(found) + ("" if quoted else flat[at:]))


def _left_of(name: str, attributes: str) -> str:
    """What is left of an element's mark: the line or cell it ends, or its other words, as of an emoji."""
    if name in _LINES:
        return "\n"
    if name in _CELLS:
        return " "
    emoji = name == "emoji" or (name == "img" and "/emoji" in attributes.lower())
    found = _ALT.search(attributes) if emoji else None
    return found.group(1) if found else ""
