"""What Slack told about people, channels and direct conversations, kept for some minutes so that it is asked once.

Nothing that is heard waits for it: who is not known yet is a bare account, and is introduced when the core asks.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

from adapters.slack.around import Known, Payload, account, channel, profile_person, workspace
from adapters.slack.installs import Install
from adapters.slack.platform import Slack
from adapters.slack.recent import Recent
from bot.messages import Person, Place

log = logging.getLogger(__name__)

KEPT_SECONDS = 600.0
# A conversation of two never gets another id.
DIRECT_KEPT_SECONDS = 86_400.0
MOST = 10_000
# How long a press waits to learn where it was pressed.
WAITED_SECONDS = 0.7
# How long the core waits to be told who somebody is.
INTRODUCED_SECONDS = 5.0
NOTHING: Payload = {}


class Knowing:
    """`teams`: all ids that the organisation goes by in Slack. `count` counts seconds."""

    def __init__(self, slack: Slack, teams: frozenset[str], count: Callable[[], float]) -> None:
        self._slack = slack
        self._teams = teams
        self._people = Recent[tuple[str, str], Payload](KEPT_SECONDS, MOST, count)
        self._channels = Recent[tuple[str, str], Payload](KEPT_SECONDS, MOST, count)
        self._directs = Recent[tuple[str, str], str](DIRECT_KEPT_SECONDS, MOST, count)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._refreshing = asyncio.Lock()

    def start(self) -> None:
        """From now on the running loop asks what the core's threads want to know."""
        self._loop = asyncio.get_running_loop()

    async def known(self, payload: Payload) -> Known:
        """What is known about who and what stands in this payload. For an event nothing is asked: its acknowledgement
        must not wait; for a press or a command, where it came from.
        """
        here = workspace(payload)
        if payload.get("type") == "event_callback":
            self._note(here, payload)
        else:
            await self._learned(here, payload)
        install = await self._slack.installs.of(here)
        return Known(
            bot=_bot(payload) or (install.bot if install else ""),
            home=self._home(here, install),
            people=lambda id: self._people.get((here, id)) or NOTHING,
            channels=lambda id: self._channels.get((here, id)) or NOTHING,
            direct=lambda id: self._directs.get((here, id)) or "",
            # Where the app may not hear what is written in channels, no such event comes.
            hear_replies=True,
            workspace=here,
        )

    def _home(self, here: str, install: Install | None) -> frozenset[str]:
        return (self._teams | {here, install.enterprise if install else ""}) - {""}

    def _note(self, here: str, payload: Payload) -> None:
        """What an event tells by itself: whose direct conversation it is, and whether others read a channel."""
        event = payload["event"]
        where, who = channel(payload), account(payload)
        if event.get("channel_type") == "im" and where and who:
            self._directs.keep((here, who), where)
        shared = payload.get("is_ext_shared_channel")
        if event["type"] in ("channel_shared", "channel_unshared"):
            self._channels.forget((here, where))
        elif where and shared is not None and not where.startswith("D") and not self._channels.get((here, where)):
            told = {"is_ext_shared": shared, "is_mpim": event.get("channel_type") == "mpim"}
            self._channels.keep((here, where), told)
        if event["type"] == "user_change" and isinstance(event.get("user"), Mapping):
            self._people.keep((here, str(event["user"].get("id"))), event["user"])

    async def _learned(self, here: str, payload: Payload) -> None:
        who, where = account(payload), channel(payload)
        asked = [self.direct(here, who)] if who and _answered_directly(payload, where) else []
        asked += [self._channel(here, where)] if where and not where.startswith("D") else []
        try:
            async with asyncio.timeout(WAITED_SECONDS):
                await asyncio.gather(*asked)
        except TimeoutError:
            log.warning("Slack did not say in time where something was pressed; it is taken for a place with guests")

    async def direct(self, here: str, who: str) -> str:
        """The person's conversation with the bot, '' where it cannot be told."""
        known = self._directs.get((here, who))
        if known:
            return known
        opened = await self._slack.open_direct(who, here)
        if not isinstance(opened, Place):
            return ""
        self._directs.keep((here, who), opened.conversation)
        return opened.conversation

    async def _channel(self, here: str, where: str) -> str:
        if not self._channels.get((here, where)):
            told = await self._asked(here, "conversations.info", {"channel": where}, "channel")
            if told:
                self._channels.keep((here, where), told)
        return where

    async def profile(self, here: str, who: str) -> Payload:
        """The `user` of users.info; {} where Slack does not say now."""
        known = self._people.get((here, who))
        if known:
            return known
        told = await self._asked(here, "users.info", {"user": who, "include_locale": True}, "user")
        if told:
            self._people.keep((here, who), told)
        return told

    async def _asked(self, here: str, method: str, arguments: Mapping[str, Any], key: str) -> Payload:
        try:
            answer = await self._slack.call(here, method, arguments)
        except Exception as fault:  # noqa: BLE001 - the book of installs may be away; what is not known stays unknown
            log.warning("Slack could not be asked for something: %s", type(fault).__name__)
            return NOTHING
        if not answer.taken:
            log.warning("%s: %s", method, answer.reason())
        told = answer.body.get(key)
        return told if isinstance(told, Mapping) else NOTHING

    def introduce(self, person: Person) -> Person | None:
        """Who this is, for the core, from one of its threads; None where Slack cannot say now. Takes five seconds at
        most.
        """
        loop = self._loop
        if loop is None or loop.is_closed():
            return None
        asking = asyncio.run_coroutine_threadsafe(self._person(person), loop)
        try:
            return asking.result(INTRODUCED_SECONDS)
        except TimeoutError:
            asking.cancel()
            return None

    async def _person(self, person: Person) -> Person | None:
        here = person.workspace
        told = await self.profile(here, person.account)
        return profile_person(told, here, self._home(here, await self._slack.installs.of(here))) if told else None

    async def refresh(self, person: Person) -> None:
        """Looks up somebody who was taken as they were known, so that the next time they are who they are now: a guest
        perhaps, or in another language. One after the other: it must not use up what Slack allows for others.
        """
        if person.bare and not self._refreshing.locked():
            async with self._refreshing:
                await self.profile(person.workspace, person.account)


def _bot(payload: Payload) -> str:
    for one in payload.get("authorizations") or ():
        if one.get("is_bot"):
            return str(one.get("user_id") or "")
    return ""


def _answered_directly(payload: Payload, where: str) -> bool:
    """Whether the answer goes to the person's own conversation: to what nobody else saw them do."""
    kind = payload.get("type")
    return kind in ("shortcut", "message_action") or "command" in payload or (kind == "block_actions" and not where)
