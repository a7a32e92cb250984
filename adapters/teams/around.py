"""Who and what is around an activity: whether it is for the bot, who reads there, and where all that is.

It decides nothing about what is said; who reads somewhere is looked up afterwards, and nobody waits for it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from adapters.teams import parse
from adapters.teams.calls import address
from adapters.teams.deployment import References
from adapters.teams.mentions import mentions_bot
from adapters.teams.parse import Activity
from adapters.teams.platform import Teams
from adapters.teams.references import conversation_reference, keep, outsiders, shared_team
from adapters.teams.work import NotDone, Work
from bot.messages import Place, Said

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said, and whether guests or people of other tenants may read there without anybody having looked."""

    said: Said
    unlooked: bool


class Around:
    """What is known of places, and what is learned of them."""

    def __init__(self, references: References, teams: Teams, work: Work) -> None:
        self._references = references
        self._teams = teams
        self._work = work

    def heard(self, activity: Activity) -> Heard | None:
        """What it says, with what is known of who reads there; None if it is not for the bot."""
        place = parse.place(activity)
        known = None if place.kind == "direct" else outsiders(self._references, activity, place)
        # Where nobody has looked, guests and people of other tenants are taken to read along.
        said = parse.said(activity, outsiders=place.kind != "direct" and known is not False)
        if said is None or said.person.bot:
            return None
        if said.how == "typed" and said.place.kind != "direct" and not self._addressed(activity, said.place):
            return None
        return Heard(replace(said, person=replace(said.person, bare=True)), known is None and place.kind != "direct")

    def _addressed(self, activity: Activity, place: Place) -> bool:
        """Whether the bot is mentioned, or it is a reply below one of its own posts."""
        if mentions_bot(activity):
            return True
        return bool(place.thread) and self._references.conversation(place.workspace, address(place)) is not None

    async def learn(self, activity: Activity, heard: Heard) -> None:
        """Keeps where this was, and looks up who reads there if nobody has."""
        try:
            await self._work.done(lambda: keep(self._references, activity, heard.said))
            if heard.unlooked:
                self._work.soon(self._look_around(activity, heard.said.place))
        except NotDone as wrong:
            log.warning("where a conversation is could not be kept: %s", wrong)

    async def _look_around(self, activity: Activity, place: Place) -> None:
        here, team = conversation_reference(activity), shared_team(activity)
        found = await self._teams.roster.outsiders(place.workspace, here, team)
        if found is not None:
            await self._work.done(lambda: self._references.note_outsiders(place.workspace, place.conversation, found))
