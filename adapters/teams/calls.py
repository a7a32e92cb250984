"""Calls about a conversation: where it is reached, what was kept of it, and what came of a call that gave no answer.

It does not know what is said.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from adapters.teams import outcomes
from adapters.teams.connector import Answer, BrokeOff, Connector, NotAllowed, NotReached
from adapters.teams.deployment import References
from adapters.teams.parse import PLATFORM
from adapters.teams.token import NoToken
from bot.messages import Later, Place, Refused, Unknown

THREADS: Final = 2
NOT_STORED_SECONDS: Final = 5.0

Result = TypeVar("Result")
log = logging.getLogger(__name__)


class NotStored(Exception):
    """The database is away."""


class Calls:
    """The Connector and what is kept of conversations. `anywhere` is the service for whom none is known."""

    def __init__(self, connector: Connector, references: References, anywhere: str) -> None:
        self._connector = connector
        self._references = references
        self._anywhere = anywhere
        # Threads of its own: those of the core wait in `introduce` for what is done here.
        self._threads = ThreadPoolExecutor(THREADS, PLATFORM)

    async def close(self) -> None:
        """Ends all connections."""
        await self._connector.close()
        self._threads.shutdown(wait=False)

    async def within(
        self, place: Place, method: str, path: tuple[str, ...], body: Mapping[str, Any] | None = None
    ) -> Answer | Refused | Later | Unknown:
        """A call about this conversation, at the address that was heard from it last."""
        try:
            kept = await self.stored(lambda: self._references.conversation(place.workspace, place.conversation))
            if kept and kept.closed:
                return Refused("the app was removed or blocked there")
            near = kept.reference if kept else await self.stored(lambda: self._references.newest(place.workspace))
        except NotStored as wrong:
            return Later(NOT_STORED_SECONDS, str(wrong))
        service = (near or {}).get("serviceUrl") or self._anywhere
        answer = await self.call(method, service, ("conversations", address(place), *path), body)
        # That a thread is gone says nothing of the channel it was in.
        if (
            isinstance(answer, Answer)
            and outcomes.closes(answer)
            and not (place.thread and answer.status in outcomes.GONE)
        ):
            await self._close(place)
        return answer

    async def call(
        self, method: str, service: str, path: tuple[str, ...], body: Mapping[str, Any] | None
    ) -> Answer | Refused | Later | Unknown:
        """A call to this service, whatever it is about."""
        try:
            return await self._connector.call(method, service, path, body)
        except NotAllowed:
            return Refused("the address of this conversation is on no host in THROUGHLINE_TEAMS_SERVICE_HOSTS")
        except NoToken as wrong:
            return Later(wrong.seconds, str(wrong))
        except NotReached as wrong:
            return Later(outcomes.PASSING_SECONDS, str(wrong))
        except BrokeOff as wrong:
            return Unknown(str(wrong))

    async def _close(self, place: Place) -> None:
        try:
            await self.stored(lambda: self._references.close_conversation(place.workspace, place.conversation))
        except NotStored as wrong:
            # The next message there is refused in the same way.
            log.warning("a conversation that is gone could not be noted: %s", wrong)

    async def stored(self, work: Callable[[], Result]) -> Result:
        """What reads or writes what is kept. Raises `NotStored`."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except Exception as wrong:
            raise NotStored(f"the references cannot be read or written ({type(wrong).__name__})") from wrong


def address(place: Place) -> str:
    """The conversation's id as the Connector takes it: a thread of a channel is one of its own."""
    return f"{place.conversation};messageid={place.thread}" if place.thread else place.conversation
