"""What becomes of each payload that Slack sends, whichever way it came: it is recorded, decided, or only noted.

Events are acknowledged when they are recorded and answered later; presses, forms, commands and shortcuts are decided
inside their acknowledgement, since Slack does not send them again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import TypeVar

from adapters.slack import home, parse
from adapters.slack.answering import Answering, in_private
from adapters.slack.around import PLATFORM, Payload, account, channel, id_in, person_of, workspace
from adapters.slack.inside import DONE, MALFORMED, NOT_NOW, Ack, Inside, Patience
from adapters.slack.knowing import Knowing
from adapters.slack.platform import Slack
from bot.messages import Person, Place, Said

Result = TypeVar("Result")
log = logging.getLogger(__name__)

GONE = {
    "channel_archive": "the channel is archived",
    "channel_deleted": "the channel was deleted",
    "group_archive": "the channel is archived",
    "group_deleted": "the channel was deleted",
}


class Hearing:
    """`allowed` are the workspaces and Enterprises that may be served; empty for all that the app is installed in.
    `executor` does what an acknowledgement waits for, `behind` what follows it.
    """

    def __init__(
        self,
        slack: Slack,
        knowing: Knowing,
        inside: Inside,
        executor: Executor,
        behind: Executor,
        allowed: frozenset[str],
        patience: Patience,
    ) -> None:
        self._slack = slack
        self._knowing = knowing
        self._inside = inside
        self._executor = executor
        self._behind = behind
        self._allowed = allowed
        self._patience = patience
        self._answering = Answering(slack, inside)

    async def answer(self, payload: Payload) -> Ack:
        """The acknowledgement. What follows it goes on in the background; `finish` waits for it."""
        try:
            here = workspace(payload)
            if not self._is_served(payload, here):
                return DONE
            is_event = payload.get("type") == "event_callback"
            if is_event and payload["event"]["type"] in _LIFE:
                return await self._lived(payload, here)
            known = await self._knowing.known(payload)
            said = parse.said(payload, known)
        except (AttributeError, LookupError, TypeError, ValueError) as fault:
            log.warning("a payload that is not as Slack documents it was refused: %s", type(fault).__name__)
            return MALFORMED
        except Exception as fault:  # noqa: BLE001 - the book of installs may be away; Slack sends an event again
            log.warning("something was not heard, the database is away: %s", type(fault).__name__)
            return NOT_NOW
        if said is None:
            return DONE
        return await (self._record(said) if is_event else self._decide(payload, in_private(payload, said, known)))

    def _is_served(self, payload: Payload, here: str) -> bool:
        if not self._allowed or here in self._allowed:
            return True
        authorized: Payload = next(iter(payload.get("authorizations") or ()), payload)
        named = authorized.get("enterprise_id") or id_in(payload.get("enterprise"))
        return str(named or id_in(payload.get("team"), "enterprise_id")) in self._allowed

    async def _record(self, said: Said) -> Ack:
        """One insert, then the acknowledgement. What was inserted too late to be acknowledged is still answered."""
        recording = self._work(partial(self._inside.accept, said))
        recording.add_done_callback(lambda done: self._recorded(done, said))
        try:
            async with asyncio.timeout(self._patience.accept):
                await asyncio.shield(recording)
        except Exception as fault:  # noqa: BLE001 - whatever it is: what is not recorded is not acknowledged
            log.warning("something was not recorded, so that Slack sends it again: %s", type(fault).__name__)
            return NOT_NOW
        return DONE

    def _recorded(self, done: asyncio.Future[bool], said: Said) -> None:
        if not done.cancelled() and not done.exception() and done.result():
            self._answering.soon(self._handle(said))

    async def _handle(self, said: Said) -> None:
        await asyncio.get_running_loop().run_in_executor(self._behind, self._inside.handle, said)
        await self._knowing.refresh(said.person)

    async def _decide(self, payload: Payload, said: Said) -> Ack:
        waited_for = True
        deciding = self._work(lambda: self._inside.hear(said, lambda: waited_for))
        try:
            async with asyncio.timeout(self._patience.decide):
                decided = await deciding
        except Exception as fault:  # noqa: BLE001 - whatever it is, the person is told and keeps what was typed
            waited_for = False
            log.error("something could not be decided in time: %s", type(fault).__name__)
            return self._answering.failed(payload, said)
        self._answering.soon(self._knowing.refresh(said.person))
        return self._answering.decided(payload, said, decided)

    async def _lived(self, payload: Payload, here: str) -> Ack:
        """What happened to the app, to a channel or to somebody's page; what could not be noted Slack sends again."""
        try:
            await _LIFE[payload["event"]["type"]](self, payload, here)
        except (AttributeError, LookupError, TypeError, ValueError):
            raise
        except Exception as fault:  # noqa: BLE001 - the database may be away
            log.warning("something was not noted, so that Slack sends it again: %s", type(fault).__name__)
            return NOT_NOW
        return DONE

    async def _uninstalled(self, _: Payload, here: str) -> None:
        log.warning("Slack, workspace %s: the app was taken out", here)
        await self._slack.installs.forget(here)

    async def _revoked(self, payload: Payload, here: str) -> None:
        if (payload["event"].get("tokens") or {}).get("bot"):
            log.error("Slack, workspace %s: the app's token was revoked", here)
            await self._slack.installs.forget(here)

    async def _ended(self, payload: Payload, here: str) -> None:
        await self._gone(payload, here, GONE[payload["event"]["type"]])

    async def _left(self, payload: Payload, here: str) -> None:
        known = await self._knowing.known(payload)
        if known.bot and account(payload) == known.bot:
            await self._gone(payload, here, "the bot was taken out of the channel")

    async def _gone(self, payload: Payload, here: str, reason: str) -> None:
        place = Place(PLATFORM, here, channel(payload), kind="channel")
        await self._work(lambda: self._inside.gone(place, reason))

    async def _moved(self, payload: Payload, here: str) -> None:
        event = payload["event"]
        place = Place(PLATFORM, here, str(event["old_channel_id"]), kind="channel")
        new = str(event["new_channel_id"])
        await self._work(lambda: self._inside.moved(place, new))

    async def _came_home(self, payload: Payload, here: str) -> None:
        if payload["event"].get("tab") == "home":
            known = await self._knowing.known(payload)
            person = person_of(payload, account(payload), known)
            self._answering.soon(self._show_home(person))

    async def _show_home(self, person: Person) -> None:
        cards = await asyncio.get_running_loop().run_in_executor(self._behind, self._inside.home, person)
        arguments = {"user_id": person.account, "view": home.view(cards)}
        answer = await self._slack.call(person.workspace, "views.publish", arguments)
        if not answer.taken:
            log.warning("somebody's page could not be shown: %s", answer.reason())

    def _work(self, work: Callable[[], Result]) -> asyncio.Future[Result]:
        return asyncio.get_running_loop().run_in_executor(self._executor, work)

    async def finish(self) -> None:
        """Waits for what follows acknowledgements; what is only recorded is picked up at the next start."""
        await self._answering.finish()


_LIFE = {
    "app_home_opened": Hearing._came_home,
    "app_uninstalled": Hearing._uninstalled,
    "channel_archive": Hearing._ended,
    "channel_deleted": Hearing._ended,
    "channel_id_changed": Hearing._moved,
    "group_archive": Hearing._ended,
    "group_deleted": Hearing._ended,
    "member_left_channel": Hearing._left,
    "tokens_revoked": Hearing._revoked,
}
