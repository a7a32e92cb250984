"""Receiving a browser: who it speaks as and where, whether it may, and what it handed in. It shows nothing."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import TypeVar

from aiohttp import web

from adapters.web.guard import asked_as_this_machine, from_the_page, from_this_machine, is_signed
from adapters.web.live import Bell
from adapters.web.parse import Fields, first
from adapters.web.render import TEMPLATES
from adapters.web.stage import Clock, Message, Speaker, Stage
from adapters.web.view import Visit, rooms
from bot.messages import Card

LONGEST_TEXT = 20_000
FIELDS_AT_MOST = 200
LONGEST_NUMBER = 15
NOT_FOUND = 404
HEADERS = {
    # Pictures of our own stand in the page itself (`data:`); a picture runs nothing and asks nobody for anything.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    # With "no-referrer" a browser would not say where a form comes from, and it could not be checked.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Result = TypeVar("Result")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Page:
    """What the chat page is made of. `tick` does what is due whenever the clock was moved.

    `ways` show a card as another platform gets it, by name; `bounds` say how much that platform takes at most.
    """

    stage: Stage
    clock: Clock
    tick: Callable[[], None]
    executor: Executor
    bell: Bell
    ways: Mapping[str, Callable[[Card], str]] = field(default_factory=dict)
    bounds: Mapping[str, str] = field(default_factory=dict)


class Reception:
    """Works out of a request who visits which room. Raises the HTTP answer where that cannot be."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.stage = page.stage

    async def work(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self.page.executor, work)

    async def visit(self, request: web.Request) -> Visit:
        """Who visits which room."""
        account, slug = request.match_info["who"], request.match_info.get("room", "direct")
        people: dict[str, Speaker] = {s.person.account: s for s in await self.work(self.stage.speakers)}
        if account not in people:
            raise web.HTTPNotFound(text="nobody of this name is in the directory\n")
        speaker = people[account]
        open_to = rooms(speaker, await self.work(self.stage.channels))
        room = next((room for room in open_to if room.slug == slug), None)
        if room is None:
            raise web.HTTPNotFound(text="there is no such place for this person\n")
        return Visit(speaker, room, open_to, people, self.stage.signature(account))

    async def posted(self, request: web.Request) -> tuple[Visit, Fields]:
        """Who visits which room, and the fields that our own page handed in."""
        visit = await self.visit(request)
        posted = await request.post()
        fields: dict[str, list[str]] = {}
        for name, value in posted.items():
            if not isinstance(value, str) or len(posted) > FIELDS_AT_MOST or len(value) > 2 * LONGEST_TEXT:
                raise web.HTTPRequestEntityTooLarge(LONGEST_TEXT, len(posted), text="that is too much at once\n")
            fields.setdefault(name, []).append(value)
        if not is_signed(first(fields, "token"), visit.token):
            raise web.HTTPForbidden(text="this page is out of date: reload it and try again\n")
        return visit, fields

    async def message(self, visit: Visit, number: int) -> Message:
        """A message of the room that is visited."""
        message = await self.work(lambda: self.stage.message(number))
        if message is None or message.place != visit.room.conversation:
            raise web.HTTPNotFound(text="that message is not here\n")
        if message.removed:
            raise web.HTTPNotFound(text="that message was taken back\n")
        return message


def guarded(handler: Handler, own: bool = False, local: bool = True) -> Handler:
    """The handler, with `local` for this machine alone; with `own` only for what our own page sends. Faults are one
    sentence.
    """

    async def guarding(request: web.Request) -> web.StreamResponse:
        if local and not (from_this_machine(request) and asked_as_this_machine(request)):
            return _refusal("this page is for this machine only\n")
        if own and not from_the_page(request):
            return _refusal("this can be done only on the page itself\n")
        try:
            return await handler(request)
        except web.HTTPException as answer:
            if answer.status == NOT_FOUND and request.method == "GET" and not by_htmx(request):
                why = (answer.text or "").strip()
                return page_of(TEMPLATES.get_template("not_here.html").render(why=why), NOT_FOUND)
            answer.headers.update(HEADERS)
            raise
        except ConnectionError:
            # Whoever listened has gone; what they miss is told when they come back.
            return web.Response(status=499)
        except Exception as fault:  # noqa: BLE001 - whatever it is, the person learns that nothing was done
            # The place alone: the fault's own words may quote what somebody wrote.
            where = traceback.extract_tb(fault.__traceback__)[-1]
            log.error("a request to a page failed: %s in %s:%s", type(fault).__name__, where.name, where.lineno)
            return web.Response(status=503, text="That could not be done just now. Try again.", headers=HEADERS)

    return guarding


def _refusal(text: str) -> web.Response:
    return web.Response(status=403, text=text, headers=HEADERS)


def page_of(text: str, status: int = 200) -> web.Response:
    """HTML, with everything forbidden that the page does not need."""
    return web.Response(text=text, status=status, content_type="text/html", headers=HEADERS)


def done(request: web.Request, visit: Visit, query: str = "") -> web.Response:
    """Nothing new to show; a browser without scripts goes back to the room."""
    if by_htmx(request):
        return web.Response(status=204, headers=HEADERS)
    raise web.HTTPSeeOther(f"{visit.address}{query}#text")


def by_htmx(request: web.Request) -> bool:
    """Whether a part of a page is wanted rather than a whole one."""
    return request.headers.get("HX-Request") == "true"


def number_of(text: str) -> int:
    """The number that this text is, 0 if it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER else 0
