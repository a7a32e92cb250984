"""The page on which one can be anybody, with each card as every platform would get it. Local mode only."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, cast

from adapters.plain import plain_text
from adapters.web.live import Bell
from adapters.web.visiting import Page
from bot.composition import teams
from bot.composition.process import Process
from bot.messages import Card
from bot.stage import Stage

if TYPE_CHECKING:
    from bot.moved_clock import MovedClock


def local_page(process: Process, tick: Callable[[], None]) -> Page:
    """The page on which one can be anybody, with the cards as each platform would get them. In local mode only."""
    clock = cast("MovedClock", process.clock)
    stage = Stage(process.store, process.library, process.core, clock)
    stage.open()
    return Page(stage, clock, tick, process.pools.core, Bell(), ways_to_show(), _bounds())


def _bounds() -> Mapping[str, str]:
    from adapters.slack import limits as slack_limits
    from adapters.teams import limits as teams_limits

    return {
        "Slack": f"blocks {slack_limits.MESSAGE:,} characters at most",
        "Teams": f"{teams_limits.ACTIVITY_BYTES:,} bytes at most",
    }


def ways_to_show() -> Mapping[str, Callable[[Card], str]]:
    """A card as text, as each platform gets it, and as it is stored."""
    from adapters.slack.render import message as slack_message
    from adapters.teams.render import message as teams_message

    look = teams.look("")
    return {
        "Plain text": plain_text,
        "Slack": lambda card: _as_json(slack_message(card)),
        "Teams": lambda card: _as_json(teams_message(card, look)),
        "Card as data": lambda card: _as_json(asdict(card)),
    }


def _as_json(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False)
