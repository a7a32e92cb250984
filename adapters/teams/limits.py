"""What Teams takes, as figures with their sources. They are data: nothing here decides."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

# A bot's message may have 100 KB, counted as UTF-16 (learn.microsoft.com, "Format your bot messages"); cards in other
# ways in still have 28 KB. Below 28,000 bytes of UTF-8 every one of them takes it.
ACTIVITY_BYTES: Final = 28_000

# A picture inside a card leaves this much for the words; a larger one is read from an address.
INLINE_PICTURE: Final = ACTIVITY_BYTES // 2

# The newest version that Teams shows to bots' cards ("Cards reference": Adaptive Cards 1.5 or earlier).
CARD_VERSION: Final = "1.5"

# Hero and list cards show six buttons ("Cards reference"); of an Adaptive Card's the rest goes behind "…".
ACTIONS_SHOWN: Final = 6

# No figure is published for these. They are what stays readable, and keeps one part from crowding out the others.
LABEL: Final = 80
SUMMARY: Final = 200
TITLE: Final = 300
DIALOG_TITLE: Final = 64
FALLBACK_TEXT: Final = 800
SPOKEN: Final = 400
TEXT_BLOCK: Final = 4_000
COLUMNS: Final = 12
HEAD_CELL: Final = 80
# More options than this are easier to choose from a list.
OPTIONS_SHOWN: Final = 7
# Of these a line is expected; more becomes a field of several lines.
SHORT_ANSWER: Final = 200

# As much of a message as a form about it begins with, and how much of its markup is read for that.
BEGUN: Final = 1_500
MESSAGE_READ: Final = 60_000

# Of the manifest (schema of Teams app manifests, 1.19 and later).
COMMANDS: Final = 12
COMMAND_TITLE: Final = 128
COMMAND_HELP: Final = 4_000
SHORT_NAME: Final = 30
FULL_NAME: Final = 100
DEVELOPER: Final = 32
COLOUR_ICON: Final = 192
OUTLINE_ICON: Final = 32

# Spoken by every part that Teams is told.
CARD_TYPE: Final = "application/vnd.microsoft.card.adaptive"


def encoded(payload: Mapping[str, Any]) -> bytes:
    """A payload as it goes over the wire: compact UTF-8, so that no language costs more than it must."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def size(payload: Mapping[str, Any]) -> int:
    """How many bytes `encoded` makes of it."""
    return len(encoded(payload))
