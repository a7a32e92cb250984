"""The local page as a platform: what the delivery engine calls to post a card on it. One call, no decision."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime
from typing import TypeVar

from adapters.web.parse import PLATFORM, direct_room
from adapters.web.stage import Stage
from adapters.web.visiting import number_of
from bot.messages import Absent, Card, Later, Limits, Outcome, Place, Refused, Sent

Result = TypeVar("Result")


class Web:
    """Posts by keeping a message; whoever has the page open is told by `posted`. Database work runs in the executor."""

    name = PLATFORM
    limits = Limits(history=True)

    def __init__(self, stage: Stage, posted: Callable[[], None], executor: Executor) -> None:
        self._stage = stage
        self._posted = posted
        self._executor = executor

    async def send(self, place: Place, card: Card, key: str) -> Outcome:
        """Keeps the card as a message; the same key again is the same message."""

        def keep() -> int:
            thread = int(place.thread) if place.thread else 0
            return self._stage.post_card(place.conversation, key=key, thread=thread, card=card)

        number = await self._work(keep)
        self._posted()
        return Sent(str(number))

    async def edit(self, place: Place, message: str, card: Card) -> Outcome:
        """Exchanges the card of a message."""
        if not await self._work(lambda: self._stage.change_card(number_of(message), card)):
            return Refused("the message is not there any more")
        self._posted()
        return Sent(message)

    async def delete(self, place: Place, message: str) -> Outcome:
        """Takes the message away."""
        await self._work(lambda: self._stage.remove_card(number_of(message)))
        self._posted()
        return Sent(message)

    async def find(self, place: Place, key: str, since: datetime, until: datetime) -> Sent | Absent | Later | Refused:
        """Every message is kept with its key."""
        number = await self._work(lambda: self._stage.number_of(key))
        return Sent(str(number)) if number else Absent()

    async def open_direct(self, account: str, workspace: str) -> Place | Refused | Later:
        """The direct conversation with somebody one can be here."""

        def known() -> bool:
            return any(speaker.person.account == account for speaker in self._stage.speakers())

        if not await self._work(known):
            return Refused("nobody of this name is in the directory")
        return direct_room(account).place()

    async def _work(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)
