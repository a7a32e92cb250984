"""The local chat page: one can be anybody, in several windows at once. It shows and hands on; it decides nothing.

Every page works as plain forms; htmx saves the reload. An address names person and place (`/as/<account>/<room>`).
"""

from __future__ import annotations

from functools import partial
from uuid import uuid4

from aiohttp import web

from adapters.web.live import Stream, heard
from adapters.web.parse import first
from adapters.web.showing import Showing, part
from adapters.web.speaking import Speaking
from adapters.web.times import MOVES
from adapters.web.view import Face, face, filtered, shown, size_of
from adapters.web.visiting import HEADERS, Page, Reception, by_htmx, done, guarded, number_of, page_of


class Chat:
    """The routes of the page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._stage = page.stage
        self._reception = Reception(page)
        self._showing = Showing(self._reception)
        self._speaking = Speaking(self._reception, self._showing)

    def add_to(self, app: web.Application) -> None:
        """Adds the routes; all but looking at a page are only for the page itself."""
        here = "/as/{who}/{room}"
        app.add_routes(
            [
                web.get("/as/{who}/", guarded(self.home)),
                web.post("/as/{who}/", guarded(self._speaking.press_at_home, own=True)),
                web.get(here, guarded(self.room)),
                web.get(here + "/live", guarded(self.live, own=True)),
                web.get(here + "/message/{number:[0-9]{1,15}}", guarded(self.show_as)),
                web.post(here + "/say", guarded(self._speaking.say, own=True)),
                web.post(here + "/press", guarded(self._speaking.press, own=True)),
                web.post(here + "/form", guarded(self._speaking.form, own=True)),
                web.post(here + "/clock", guarded(self.clock, own=True)),
            ]
        )
        app.on_shutdown.append(self._stop)

    async def people(self, wanted: str) -> tuple[list[Face], list[Face]]:
        """Everybody one can be, and those who were searched for."""
        faces = [face(speaker) for speaker in await self._reception.work(self._stage.speakers)]
        return faces, filtered(faces, wanted) if wanted else []

    async def home(self, request: web.Request) -> web.StreamResponse:
        """The page of one's own: it names no room, so no channel can be called like it."""
        return await self._showing.home(await self._reception.visit(request))

    async def room(self, request: web.Request) -> web.StreamResponse:
        """The page of a room, or with `before` what is older than a message."""
        visit = await self._reception.visit(request)
        before = number_of(request.query.get("before", ""))
        if before and by_htmx(request):
            older, _, messages = await self._showing.messages(visit, before, {})
            return page_of(part("earlier.html", visit=visit, before=older, messages=messages))
        return await self._showing.whole(visit, before=before, thread=number_of(request.query.get("thread", "")))

    async def live(self, request: web.Request) -> web.StreamResponse:
        """What is posted, changed or taken back from now on, or since the count that the browser names, as a stream."""
        visit = await self._reception.visit(request)
        last = number_of(request.headers.get("Last-Event-ID", "") or request.query.get("after", ""))
        stream = await Stream.open(request, HEADERS)
        if last > await self._reception.work(self._stage.newest):
            # The database is another one than the page was made from.
            await stream.tell("reload", "")
            return stream.response
        told = ""
        places = {room.conversation: room.slug for room in visit.rooms}
        while not self._page.bell.silent and request.transport is not None:
            ring, before = self._page.bell.next(), last
            for message in await self._reception.work(partial(self._stage.since, before, places)):
                last = message.changed
                if message.place == visit.room.conversation:
                    await stream.tell("message", shown(message, visit, uuid4().hex), last)
                elif message.number > before and not message.removed:
                    await stream.tell("elsewhere", places[message.place], last)
            if (now := self._showing.now(visit)) != told:
                await stream.tell("clock", now)
                told = now
            await stream.live()
            await heard(ring)
        return stream.response

    async def show_as(self, request: web.Request) -> web.StreamResponse:
        """A message as each platform would get it."""
        visit = await self._reception.visit(request)
        message = await self._reception.message(visit, number_of(request.match_info["number"]))
        ways = self._page.ways
        chosen = request.query.get("as", next(iter(ways), ""))
        if message.card is None or chosen not in ways:
            return page_of("")
        at = f"{visit.address}/message/{message.number}"
        text = ways[chosen](message.card)
        size = " · ".join(filter(None, (size_of(text), self._page.bounds.get(chosen, ""))))
        html = part("shown_as.html", ways=ways, chosen=chosen, at=at, number=message.number, text=text, size=size)
        return page_of(html)

    async def clock(self, request: web.Request) -> web.StreamResponse:
        """Somebody moved the clock: what is due by then is done."""
        visit, fields = await self._reception.posted(request)
        move, clock = first(fields, "move"), self._page.clock
        if move == "back":
            await self._reception.work(clock.back)
        elif move in MOVES:
            await self._reception.work(lambda: clock.move_to(MOVES[move][1](clock(), visit.zone)))
            await self._reception.work(self._page.tick)
        self._page.bell.ring()
        if by_htmx(request):
            return page_of(self._showing.clock(visit, again=True))
        return done(request, visit)

    async def _stop(self, _: web.Application) -> None:
        self._page.bell.stop()
        await self._speaking.finish()
