"""What people can do with the bot: one module or package each. They do not import each other."""

from __future__ import annotations

from collections.abc import Mapping

from bot.capabilities import explain, greet, questions, settings
from bot.turn import Capability

_LISTED = (
    "why",
    "changes",
    "when",
    "who",
    "goals",
    "risks",
    "decided",
    "learn",
    "missed",
)
_LISTED_LAST = ("ask-owner", "questions", "answer", "settings", "privacy", "help")

CAPABILITIES: tuple[Capability, ...] = (
    *explain.CAPABILITIES,
    *questions.CAPABILITIES,
    settings.Settings(),
    greet.Privacy(),
    greet.NoThanks(),
    greet.Help(names=(*_LISTED, *_LISTED_LAST)),
)

FREE_QUESTION: Capability = explain.Ask()


def by_name() -> Mapping[str, Capability]:
    """All capabilities by command word."""
    return {capability.name: capability for capability in CAPABILITIES}
