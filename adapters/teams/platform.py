"""Teams as the delivery engine sees it: one call for each thing to be done, its outcome, and no decision.

It speaks to the Connector with a client of its own; receiving is elsewhere.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from adapters.teams import limits, outcomes
from adapters.teams.calls import NOT_STORED_SECONDS, Calls, NotStored, address
from adapters.teams.connector import Answer, Connector
from adapters.teams.deployment import Reference, References
from adapters.teams.hosts import ANYWHERE
from adapters.teams.limits import CARD_TYPE
from adapters.teams.look import Look
from adapters.teams.parse import PLATFORM
from adapters.teams.render import Filled, adaptive, message
from adapters.teams.roster import Roster
from bot.messages import Absent, Card, Later, Limits, Outcome, Person, Place, Refused, Sent, Unknown, Window, picture_of

# learn.microsoft.com, "Optimize your bot with rate limiting" (8 October 2026): calls of an app to one tenant, and what
# it may send to one conversation.
LIMITS: Final = Limits(
    workspace=(Window(50, 1),),
    conversation=(Window(7, 1), Window(8, 2), Window(60, 30), Window(1800, 3600)),
    history=False,
)
INTRODUCTION_SECONDS: Final = 4.0
NOT_THERE: Final = "this person has not installed the app and is in no team that has it, or an administrator blocks it"
# The name that Teams gives to apps among people.
BOT: Final = "28:"

log = logging.getLogger(__name__)


class Teams:
    """The adapter. To be made on the event loop that it is used on, and closed at the end."""

    name = PLATFORM
    limits = LIMITS

    def __init__(
        self,
        connector: Connector,
        references: References,
        look: Look,
        app_id: str,
        anywhere: str = ANYWHERE,
        host: Callable[[bytes], str] | None = None,
    ) -> None:
        """`anywhere` is the service for whom none is known. `host` keeps a picture and gives the address that Teams
        can read it under."""
        self._host = host
        self._references = references
        self._look = look
        self._bot = BOT + app_id
        self._calls = Calls(connector, references, anywhere)
        self._anywhere = anywhere
        self._loop = asyncio.get_running_loop()
        self.roster = Roster(connector)

    async def close(self) -> None:
        """Ends all connections."""
        await self._calls.close()

    async def send(self, place: Place, card: Card, key: str) -> Outcome:
        """Posts the card once. Teams keeps no key with a message."""
        card = await self._hosted(card)
        answer = await self._calls.within(place, "POST", ("activities",), self._message(place, card))
        if not isinstance(answer, Answer):
            return answer
        outcome = outcomes.posted(answer)
        if isinstance(outcome, Sent) and outcome.id and place.kind == "channel" and not place.thread:
            await self._keep_thread(replace(place, thread=outcome.id))
        return outcome

    async def edit(self, place: Place, message: str, card: Card) -> Outcome:
        """Puts this card in the place of what was sent. Done twice it is the same, so a doubt is only a delay."""
        if not message:
            return Refused("Teams gave no id for this message, so it cannot be changed")
        card = await self._hosted(card)
        answer = await self._calls.within(
            place, "PUT", ("activities", message), {**self._message(place, card), "id": message}
        )
        return outcomes.edited(answer, message) if isinstance(answer, Answer) else _delayed(answer)

    async def show_form(self, place: Place, message: str, card: Card, filled: Filled) -> Outcome:
        """Puts a form in the place of what was sent, its fields in the message itself, as they were handed in."""
        content = {"contentType": CARD_TYPE, "content": adaptive(card, self._look, inline=True, filled=filled)}
        shown = {**self._message(place, card), "attachments": [content], "id": message}
        answer = await self._calls.within(place, "PUT", ("activities", message), shown)
        return outcomes.edited(answer, message) if isinstance(answer, Answer) else _delayed(answer)

    async def delete(self, place: Place, message: str) -> Outcome:
        """Takes back what was sent."""
        if not message:
            return Refused("Teams gave no id for this message, so it cannot be taken back")
        answer = await self._calls.within(place, "DELETE", ("activities", message))
        return outcomes.deleted(answer, message) if isinstance(answer, Answer) else _delayed(answer)

    async def find(self, place: Place, key: str, since: datetime, until: datetime) -> Sent | Absent | Later | Refused:
        """Bots read no history in Teams."""
        return Refused("Teams does not show a bot what it has sent")

    async def open_direct(self, account: str, workspace: str) -> Place | Refused | Later:
        """The person's conversation with the app. It is made where they are in a team that has the app."""
        try:
            known = await self._calls.stored(lambda: self._references.account(workspace, account))
            found = known["conversation"] if known else ""
            kept = await self._calls.stored(lambda: self._references.conversation(workspace, found)) if found else None
            if found and not (kept and kept.closed):
                return Place(PLATFORM, workspace, found)
            if not known and not _is_object_id(account):
                return Refused(NOT_THERE)
            near = known or await self._calls.stored(lambda: self._references.newest(workspace)) or {}
            return await self._create(account, workspace, known, near.get("serviceUrl") or self._anywhere)
        except NotStored as wrong:
            return Later(NOT_STORED_SECONDS, str(wrong))

    def introduce(self, bare: Person) -> Person | None:
        """Who this account is, as the roster tells; None if that cannot be had now. Not to be called on the loop."""
        asked = asyncio.run_coroutine_threadsafe(self._introduced(bare), self._loop)
        try:
            return asked.result(INTRODUCTION_SECONDS)
        except TimeoutError:
            asked.cancel()
            return None

    async def _introduced(self, bare: Person) -> Person | None:
        try:
            known = await self._calls.stored(lambda: self._references.account(bare.workspace, bare.account))
            if known is None:
                # What was heard of them was lost with an earlier process: meeting them anew tells.
                await self.open_direct(bare.account, bare.workspace)
                known = await self._calls.stored(lambda: self._references.account(bare.workspace, bare.account))
        except NotStored:
            return None
        return await self.roster.person(bare, known) if known else None

    async def _create(
        self, account: str, workspace: str, known: Reference | None, service: str
    ) -> Place | Refused | Later:
        id = known["id"] if known else account
        body = {
            "bot": {"id": self._bot},
            "members": [{"id": id}],
            "isGroup": False,
            "tenantId": workspace,
            "channelData": {"tenant": {"id": workspace}},
        }
        answer = await self._calls.call("POST", service, ("conversations",), body)
        if not isinstance(answer, Answer):
            return answer if isinstance(answer, Refused) else Later(outcomes.PASSING_SECONDS, answer.reason)
        if not answer.ok:
            passing = outcomes.is_passing(answer)
            return outcomes.later(answer) if passing else Refused(f"{NOT_THERE} ({answer.status})")
        made = answer.body.get("id") if isinstance(answer.body, Mapping) else None
        if not isinstance(made, str) or not made:
            return Refused("Teams named no conversation with this person")
        await self._keep(account, workspace, made, {"id": id, "serviceUrl": service, "met": "", **(known or {})})
        return Place(PLATFORM, workspace, made)

    async def _keep(self, account: str, workspace: str, made: str, reference: Reference) -> None:
        address = {"serviceUrl": reference["serviceUrl"], "conversation": made, "kind": "direct"}
        there = {**address, "bot": self._bot, "team": "", "channel": ""}
        await self._calls.stored(lambda: self._references.keep_conversation(workspace, made, there))
        person = {**reference, "conversation": made}
        await self._calls.stored(lambda: self._references.keep_account(workspace, account, person))

    async def _keep_thread(self, place: Place) -> None:
        """Remembers a post that begins a thread, so that replies below it are known to be meant for the bot."""

        def keep() -> None:
            kept = self._references.conversation(place.workspace, place.conversation)
            if kept:
                thread = {**kept.reference, "conversation": address(place), "kind": "thread"}
                self._references.keep_conversation(place.workspace, address(place), thread)

        try:
            await self._calls.stored(keep)
        except NotStored as wrong:
            log.warning("replies below a post that do not mention the bot will not be heard: %s", wrong)

    async def _hosted(self, card: Card) -> Card:
        """The card with an address instead of a picture of our own that has no room in it. Where the picture cannot be
        kept its words are shown."""
        content = picture_of(card)
        if content is None or self._host is None or len(card.image) <= limits.INLINE_PICTURE:
            return card
        host = self._host
        try:
            return replace(card, image=await self._calls.stored(lambda: host(content)))
        except NotStored as wrong:
            log.warning("a picture is shown in words: %s", wrong)
            return card

    def _message(self, place: Place, card: Card) -> dict[str, Any]:
        return {
            **message(card, self._look),
            "from": {"id": self._bot},
            "conversation": {"id": address(place)},
        }


def _delayed(outcome: Refused | Later | Unknown) -> Refused | Later:
    return Later(outcomes.PASSING_SECONDS, outcome.reason) if isinstance(outcome, Unknown) else outcome


def _is_object_id(account: str) -> bool:
    try:
        return str(UUID(account)) == account.lower()
    except ValueError:
        return False
