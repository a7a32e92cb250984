"""Showing a room: the whole page, its messages, and what the clock says. It changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from aiohttp import web
from markupsafe import Markup

from adapters.plain import cut, plain_text
from adapters.web.render import TEMPLATES, Acts, render
from adapters.web.times import MOVES, full, moment
from adapters.web.view import Visit, face, log
from adapters.web.visiting import Reception, page_of

SHOWN_AT_ONCE = 50
LONGEST_NAME = 80


class Showing:
    """Makes pages out of what the stage has kept."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception

    async def whole(
        self,
        visit: Visit,
        *,
        before: int = 0,
        thread: int = 0,
        acts: Mapping[int, Acts] | None = None,
        failed: str = "",
        typed: str = "",
        status: int = 200,
    ) -> web.Response:
        """The page of a room. `acts` are forms with something wrong in them; `failed` says what was not done."""
        # Read first: what is posted or changed meanwhile is told once more, and known by what was counted.
        after = await self._reception.work(self._reception.stage.newest)
        older, event, messages = await self.messages(visit, before, acts or {})
        html = part(
            "chat.html",
            visit=visit,
            me=face(visit.speaker),
            here=visit.room.slug,
            messages=messages,
            earlier=part("earlier.html", visit=visit, before=older, messages=()),
            after=after,
            event=event,
            thread=thread,
            failed=failed,
            typed=typed,
            clock=self.clock(visit),
        )
        return page_of(html, status)

    async def home(self, visit: Visit) -> web.Response:
        """The page of one's own. What its buttons say is handed in to the page itself; a form has no place there."""
        me = face(visit.speaker)
        cards = await self._reception.work(lambda: self._reception.stage.home(me.account))
        acts = Acts(me.address, visit.token, uuid4().hex)
        shown = [
            (card.title or cut(plain_text(card), LONGEST_NAME), render(replace(card, asks=()), acts)) for card in cards
        ]
        return page_of(part("home.html", visit=visit, me=me, here="", cards=shown, now=self.now(visit)))

    async def messages(self, visit: Visit, before: int, acts: Mapping[int, Acts]) -> tuple[int, str, list[Any]]:
        """The number before which there may be more (or 0), an event for the forms, and the messages."""
        place = visit.room.conversation
        found = await self._reception.work(lambda: self._reception.stage.page(place, before, SHOWN_AT_ONCE + 1))
        numbers = [message.number for message in found if not message.thread]
        older = numbers[1] if len(numbers) > SHOWN_AT_ONCE else 0
        found = [message for message in found if (message.thread or message.number) >= older]
        event = uuid4().hex
        return older, event, log(found, visit, event, acts)

    def clock(self, visit: Visit, again: bool = False) -> Markup:
        """The clock and where it can be moved to; `again` puts it in the place of the one that is shown."""
        return part(
            "clock.html",
            visit=visit,
            now=self.now(visit),
            ahead=bool(self._reception.page.clock.ahead),
            moves=[(name, label) for name, (label, _) in MOVES.items()],
            again=again,
            open=again,
        )

    def now(self, visit: Visit) -> str:
        """What time it is for the person."""
        now = self._reception.page.clock()
        # A moved clock may be in another year.
        return full(now, visit.zone) if self._reception.page.clock.ahead else moment(now, visit.zone)


def part(name: str, **shown: Any) -> Markup:
    """A template, filled in."""
    return Markup(TEMPLATES.get_template(name).render(**shown))  # noqa: S704 - templates escape what they show
