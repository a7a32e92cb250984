"""Who people are and who reads along, as Teams' own lists of members tell. It keeps nothing, and knows no core."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from adapters.teams.connector import Answer, BrokeOff, Connector, NotAllowed, NotReached
from adapters.teams.deployment import Reference
from adapters.teams.outcomes import FORBIDDEN, GONE
from adapters.teams.parse import person
from adapters.teams.token import NoToken
from bot.messages import Person

# A page has 500 at most ("Get paged members"), a team 25,000 members.
PAGE: Final = "500"
PAGES_AT_MOST: Final = 60

log = logging.getLogger(__name__)


class Roster:
    """Asks the Connector. Raises nothing for what Teams or a network does."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector

    async def person(self, bare: Person, account: Reference) -> Person | None:
        """Who this account is, asked where they were met; None if Teams cannot say now.

        Whom Teams does not list where they were met is no member of the organisation.
        """
        for conversation in (account["conversation"], account["met"]):
            if conversation:
                path = ("conversations", conversation, "members", account["id"] or bare.account)
                answer = await self._ask(account["serviceUrl"], path)
                if answer is None or not (answer.ok or answer.status in (FORBIDDEN, *GONE)):
                    return None
                if answer.ok and isinstance(answer.body, Mapping):
                    return _known(bare, account, answer.body)
        return replace(bare, member=False, bare=False)

    async def outsiders(self, workspace: str, reference: Reference, team: str) -> bool | None:
        """Whether guests or people of other tenants are in this conversation; None if Teams cannot say now.

        `team` is the team whose members those of a channel are, '' where it has its own.
        """
        conversation = team or reference["conversation"]
        query = {"pageSize": PAGE}
        for _ in range(PAGES_AT_MOST):
            answer = await self._ask(reference["serviceUrl"], ("conversations", conversation, "pagedmembers"), query)
            if answer is None or not answer.ok or not isinstance(answer.body, Mapping):
                return None
            members = answer.body.get("members") or ()
            if any(isinstance(m, Mapping) and not _member(m, workspace) for m in members):
                return True
            more = answer.body.get("continuationToken")
            if not isinstance(more, str) or not more:
                return False
            query["continuationToken"] = more
        return None

    async def _ask(self, service: str, path: tuple[str, ...], query: Mapping[str, str] | None = None) -> Answer | None:
        try:
            return await self._connector.call("GET", service, path, query=query)
        except (NotAllowed, NotReached, BrokeOff, NoToken) as wrong:
            log.warning("the members of a conversation cannot be looked up: %s", wrong)
            return None


def _known(bare: Person, account: Reference, member: Mapping[str, Any]) -> Person:
    """The person of this roster entry, with the language and zone that were heard."""
    found = person(_as_speaker(bare.workspace, account["id"], bare.account), member)
    return replace(found, account=bare.account, locale=bare.locale, timezone=bare.timezone, bare=False)


def _member(member: Mapping[str, Any], workspace: str) -> bool:
    id, account = (str(member.get(name) or "") for name in ("id", "aadObjectId"))
    return person(_as_speaker(workspace, id, account or str(member.get("objectId") or "")), member).member


def _as_speaker(workspace: str, id: str, account: str) -> dict[str, Any]:
    """As little of an activity as says who speaks."""
    return {"from": {"id": id, "aadObjectId": account}, "channelData": {"tenant": {"id": workspace}}}
