"""Slack as a platform: what the delivery engine calls to post, change, take back and look up. One call, no decision."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from adapters.slack.around import PLATFORM
from adapters.slack.calls import NO_ANSWER, TOKEN, Answer, Call, Respond, Upload, deleted, edited, posted
from adapters.slack.installs import Installs
from adapters.slack.pictures import PROCESSING, Pictures
from adapters.slack.render import message
from bot.messages import Absent, Card, Later, Limits, Outcome, Place, Refused, Sent, Window

log = logging.getLogger(__name__)

# docs, apis/web-api/rate-limits: one message a second in a channel, and "several hundred messages per minute" in all
# of a workspace; the rest of the minute is left to presses, forms and pages.
LIMITS = Limits(workspace=(Window(240, 60.0),), conversation=(Window(1, 1.0),), at_once=20, history=True)
# The name of what is in a message's metadata: the random id of its delivery, and nothing else.
DELIVERY = "throughline_delivery"
# docs, methods/conversations.history: more are given a page, and so many suffice for the moment between two attempts.
MESSAGES_LOOKED_AT = 200
MISSING_TOKEN = Answer(error="not_authed")
STORE_AWAY = Later(5.0, "where the app is installed cannot be read just now")


class Slack:
    """Posts with the token of the place's workspace. `clock` counts seconds."""

    name = PLATFORM
    limits = LIMITS

    def __init__(
        self, call: Call, respond: Respond, upload: Upload, installs: Installs, clock: Callable[[], float]
    ) -> None:
        self._call = call
        self.respond = respond
        self.installs = installs
        self.pictures = Pictures(self.call, upload, clock)
        self._reported: set[str] = set()

    async def call(self, workspace: str, method: str, arguments: Mapping[str, Any]) -> Answer:
        """One call in this workspace; where its token is not taken, another one with the token of the book, if that
        is new. Raises what the book of installs raises.
        """
        install = await self.installs.of(workspace)
        if install is None:
            return self._heeded(workspace, MISSING_TOKEN)
        answer = await self._call(install.token, method, arguments)
        if answer.error in TOKEN:
            self.installs.doubt(workspace)
            newer = await self.installs.of(workspace)
            if newer and newer.token != install.token:
                answer = await self._call(newer.token, method, arguments)
        return self._heeded(workspace, answer)

    def _heeded(self, workspace: str, answer: Answer) -> Answer:
        """Says once in the log that nothing can be done in a workspace, until something can again."""
        if answer.error not in TOKEN:
            self._reported.discard(workspace)
        elif workspace not in self._reported:
            self._reported.add(workspace)
            log.error("Slack, workspace %s: %s", workspace or "of the token", answer.reason())
        return answer

    async def _tried(
        self, place: Place, method: str, arguments: Mapping[str, Any], card: Card | None = None
    ) -> Answer | Later:
        try:
            if card is not None:
                return await self._showing(place.workspace, method, arguments, card)
            return await self.call(place.workspace, method, arguments)
        except Exception as fault:  # noqa: BLE001 - the book may raise anything of a database's; nothing was done
            log.warning("the install of a workspace could not be read: %s", type(fault).__name__)
            return STORE_AWAY

    async def _showing(self, workspace: str, method: str, arguments: Mapping[str, Any], card: Card) -> Answer | Later:
        """One call that shows this card; where Slack does not take its picture, another one with the words for it."""
        file = await self.pictures.file(workspace, card)
        if isinstance(file, Later):
            return file
        answer = await self.call(workspace, method, {**arguments, **message(card, file)})
        if not file or not answer.without_file:
            return answer
        if self.pictures.refused(workspace, card):
            return PROCESSING
        return await self.call(workspace, method, {**arguments, **message(card)})

    async def send(self, place: Place, card: Card, key: str) -> Outcome:
        """Posts the card, with the delivery's random id where the bot can look for it."""
        metadata = {"event_type": DELIVERY, "event_payload": {"id": key}}
        arguments = {"channel": place.conversation, "metadata": metadata, "unfurl_links": False}
        if place.thread:
            arguments["thread_ts"] = place.thread
        answer = await self._tried(place, "chat.postMessage", arguments, card)
        return answer if isinstance(answer, Later) else posted(answer)

    async def edit(self, place: Place, message: str, card: Card) -> Outcome:
        """Changes the message for everybody who has it."""
        answer = await self._tried(place, "chat.update", {"channel": place.conversation, "ts": message}, card)
        return answer if isinstance(answer, Later) else edited(answer, message)

    async def delete(self, place: Place, message: str) -> Outcome:
        """Takes the message back."""
        answer = await self._tried(place, "chat.delete", {"channel": place.conversation, "ts": message})
        return answer if isinstance(answer, Later) else deleted(answer, message)

    async def find(self, place: Place, key: str, since: datetime, until: datetime) -> Sent | Absent | Later | Refused:
        """Looks for the delivery's id in the direct conversation; channels are not the bot's to read."""
        if place.kind != "direct":
            return Refused("the app does not read channels")
        arguments = {
            "channel": place.conversation,
            "oldest": f"{since.timestamp():.6f}",
            "latest": f"{until.timestamp():.6f}",
            "inclusive": True,
            "include_all_metadata": True,
            "limit": MESSAGES_LOOKED_AT,
        }
        answer = await self._tried(place, "conversations.history", arguments)
        if isinstance(answer, Later):
            return answer
        if not answer.taken:
            return answer.later() if answer.passing or answer.doubtful else Refused(answer.reason())
        found = next((one for one in answer.body["messages"] if _is(one, key)), None)
        if found is not None:
            return Sent(str(found["ts"]))
        return Refused("there are too many messages to look through") if answer.body.get("has_more") else Absent()

    async def open_direct(self, account: str, workspace: str) -> Place | Refused | Later:
        """The conversation with this account."""
        bare = Place(PLATFORM, workspace, account)
        answer = await self._tried(bare, "conversations.open", {"users": account})
        if isinstance(answer, Later):
            return answer
        if not answer.taken:
            return answer.later() if answer.passing or answer.error == NO_ANSWER else Refused(answer.reason())
        return Place(PLATFORM, workspace, str(answer.body["channel"]["id"]))


def _is(one: Mapping[str, Any], key: str) -> bool:
    metadata = one.get("metadata") or {}
    return metadata.get("event_type") == DELIVERY and (metadata.get("event_payload") or {}).get("id") == key
