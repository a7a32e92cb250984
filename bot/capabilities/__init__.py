"""What people can do with the bot: one module or package each. They do not import each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.capabilities import (
    broadcasts,
    cases,
    channels,
    concerns,
    confidence,
    explain,
    following,
    gathered,
    greet,
    kit,
    milestones,
    owners,
    pulse,
    pulse_answering,
    pulse_results,
    questions,
    replying,
    requests,
    roles,
    settings,
    wins,
)
from bot.messages import Card
from bot.turn import Capability, Turn

_LISTED = (
    "why",
    "changes",
    "when",
    "roadmap",
    "who",
    "goals",
    "risks",
    "decided",
    "learn",
    "missed",
)
_LISTED_LAST = ("ask-owner", "concern", "questions", "answer", "settings", "privacy", "help")

_NEW = (
    broadcasts,
    wins,
    roles,
    kit,
    following,
    concerns,
    cases,
    confidence,
    requests,
    owners,
    pulse,
    pulse_answering,
    pulse_results,
)
LISTED = (*_LISTED, *(name for package in _NEW for name in package.LISTED), *_LISTED_LAST)
"""What `help` lists, in its order."""

CAPABILITIES: tuple[Capability, ...] = (
    *explain.CAPABILITIES,
    *questions.CAPABILITIES,
    *milestones.CAPABILITIES,
    *(capability for package in _NEW for capability in package.CAPABILITIES),
    replying.Replying(),
    gathered.Gathered(),
    channels.UseChannel(),
    channels.FreeChannel(),
    settings.Settings(),
    greet.Privacy(),
    greet.NoThanks(),
    greet.Help(
        names=LISTED,
        leading=("milestone", *(name for package in _NEW for name in package.LEADING), "use-channel", "free-channel"),
    ),
)

HOME: tuple[Callable[[Turn], tuple[Card, ...]], ...] = (
    questions.home,
    lambda turn: explain.home(turn.reader),
    wins.home,
    pulse.home,
    greet.home,
)
"""What each capability shows on a person's own page, in its order."""

FREE_QUESTION: Capability = explain.Ask()


def by_name() -> Mapping[str, Capability]:
    """All capabilities by command word."""
    return {capability.name: capability for capability in CAPABILITIES}
