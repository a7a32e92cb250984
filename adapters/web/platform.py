"""The local page as a platform: what the delivery engine calls to post a card on it. One call, no decision."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor

from adapters.web.parse import PLATFORM, direct_room
from adapters.web.stage import Stage
from bot.messages import Card, Later, Outcome, Place, Refused, Sent


class Web:
    """Posts by keeping a message; whoever has the page open is told by `posted`. Database work runs in the executor."""

    name = PLATFORM

    def __init__(self, stage: Stage, posted: Callable[[], None], executor: Executor) -> None:
        self._stage = stage
        self._posted = posted
        self._executor = executor

    async def send(self, place: Place, card: Card, key: str) -> Outcome:
        """Keeps the card as a message; the same key again is the same message."""

        def keep() -> int:
            thread = int(place.thread) if place.thread else 0
            return self._stage.post_card(place.conversation, key=key, thread=thread, card=card)

        number = await asyncio.get_running_loop().run_in_executor(self._executor, keep)
        self._posted()
        return Sent(str(number))

    async def open_direct(self, account: str, workspace: str) -> Place | Refused | Later:
        """The direct conversation with somebody one can be here."""

        def known() -> bool:
            return any(speaker.person.account == account for speaker in self._stage.speakers())

        if not await asyncio.get_running_loop().run_in_executor(self._executor, known):
            return Refused("nobody of this name is in the directory")
        return direct_room(account).place()
