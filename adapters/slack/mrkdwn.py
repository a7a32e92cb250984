"""Slack's own way of writing text: what people typed made plain, and plain text made safe to stand in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

_SPECIAL = re.compile(r"<([^<>]*)>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
# A word joiner: it cannot be seen, and no part of Slack takes what it divides for a mention.
_JOINER = "\u2060"
_MENTION = re.compile(r"<(?=[!@#])")
# They turn the direction of everything behind them, also of what somebody else wrote.
_TURNING = re.compile("[\u202a-\u202e]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def clean(text: str) -> str:
    """The text without what no JSON can carry and no screen can show: controls and halves of characters."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def harmless(text: str) -> str:
    """Text for objects that Slack does not parse, without anything that would call people if it ever did."""
    return _MENTION.sub(f"<{_JOINER}", _TURNING.sub("", clean(text)))


def escaped(text: str) -> str:
    """Text for fields that Slack parses: nothing in it mentions anybody, links or calls a channel."""
    readable = _TURNING.sub("", clean(text))
    return readable.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str, name: Callable[[str], str] = lambda _: "") -> str:
    """What somebody typed, from how Slack writes it: names for people and channels, labels for links.

    `name` gives the name of an account, or ''.
    """

    def shown(found: re.Match[str]) -> str:
        target, _, label = found[1].partition("|")
        if target.startswith("@"):
            return "@" + (label or name(target[1:]) or target[1:])
        if target.startswith("#"):
            return "#" + (label or target[1:])
        if target.startswith("!"):
            return _special(target[1:], label)
        if not label or label == target.partition(":")[2] or target.endswith("://" + label):
            return target.removeprefix("mailto:").removeprefix("tel:")
        return f"{label} ({target})"

    return clean(_unescaped(_SPECIAL.sub(shown, text)))


def _special(what: str, label: str) -> str:
    """`<!here>`, `<!subteam^S1|@sales>`, `<!date^1|1 May>`."""
    word = what.partition("^")[0]
    return label or ("@" + word if word in ("here", "channel", "everyone") else "")


def _unescaped(text: str) -> str:
    for entity, sign in _ENTITIES:
        text = text.replace(entity, sign)
    return text


def without_mention(text: str, account: str) -> str:
    """The text as Slack writes it, without mentions of this account and what separates the first from the rest."""
    if not account:
        return text.strip()
    mention = re.compile(rf"<@{re.escape(account)}(\|[^<>]*)?>")
    first = mention.match(text.strip())
    rest = text.strip()[first.end() :].lstrip(" \t,:;") if first else text.strip()
    return re.sub(r"[ \t]{2,}", " ", mention.sub("", rest)).strip()
