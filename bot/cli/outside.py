"""What the command line needs from outside the core; it comes from `__main__`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.messages import Card
from bot.settings import Settings

Commands = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Outside:
    """What the commands need from outside the core: `serve` runs until it is stopped; `plain` shows a card as text.

    `serve` gets the settings, the parts to run, and whether to listen. `slack_manifest` (address or None, whether to
    hear replies, words with their help) and `teams_package` (address, app id, and the same) raise ValueError for what
    cannot be used. `credential_faults` asks the platforms what is wrong with the credentials.
    """

    serve: Callable[[Settings, frozenset[str], bool], None]
    plain: Callable[[Card], str]
    slack_manifest: Callable[[str | None, bool, Commands], str]
    teams_package: Callable[[str, str, bool, Commands], bytes]
    credential_faults: Callable[[Settings], list[str]]
