"""Speaking on the local page: what is typed, a button that is pressed, a form that is handed in. It decides nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from uuid import uuid4

from aiohttp import web

from adapters.web.parse import FIELD, MENTION, first, mentions, parse
from adapters.web.render import Acts
from adapters.web.showing import Showing
from adapters.web.stage import Message
from adapters.web.view import Visit, shown
from adapters.web.visiting import HEADERS, LONGEST_TEXT, Reception, by_htmx, done, number_of, page_of
from bot.messages import Choice, Said

LOOK_AGAIN = "Something in the form needs another look."
HANDED_IN = "That form was handed in already, in another window."


class Speaking:
    """The routes through which something is said."""

    def __init__(self, reception: Reception, showing: Showing) -> None:
        self._reception = reception
        self._showing = showing
        self._page = reception.page
        self._stage = reception.stage
        self._under_way: set[asyncio.Future[None]] = set()

    async def say(self, request: web.Request) -> web.StreamResponse:
        """Somebody wrote something. It stands there at once; the answer follows."""
        visit, fields = await self._reception.posted(request)
        text, event = first(fields, "text").strip(), first(fields, "event")
        thread = number_of(first(fields, "thread"))
        if not text or not event or len(text) > LONGEST_TEXT:
            wrong = f"That is too long: {LONGEST_TEXT} characters at most." if text else "Write something first."
            return await self._refused(request, visit, wrong, text)
        channel = visit.room.kind != "direct"
        if channel and first(fields, "mention") and not mentions(text):
            text = f"{MENTION} {text}"
        if thread:
            thread = (await self._reception.message(visit, thread)).thread or thread
        account = visit.speaker.person.account
        key = f"{account}/{event}"
        number = await self._reception.work(
            lambda: self._stage.post(visit.room.conversation, key=key, thread=thread, sender=account, text=text)
        )
        self._page.bell.ring()
        said = parse(
            visit.speaker.person, visit.room, {"event": [key], "text": [text]}, (thread or number) if channel else 0
        )
        if said is not None:
            accepted: bool = await self._reception.work(partial(self._stage.accept, said))
            if accepted:
                self._answer_soon(said)
        return done(request, visit, f"?thread={thread}" if thread else "")

    def _answer_soon(self, said: Said) -> None:
        loop = asyncio.get_running_loop()
        answering = loop.run_in_executor(self._page.executor, self._stage.handle, said)
        self._under_way.add(answering)
        answering.add_done_callback(self._under_way.discard)

    async def press(self, request: web.Request) -> web.StreamResponse:
        """Somebody pressed a button of a card."""
        visit, fields = await self._reception.posted(request)
        message = await self._reception.message(visit, number_of(first(fields, "message")))
        choice = _choice(message, first(fields, "choice"))
        account, event = visit.speaker.person.account, uuid4().hex
        place, key = visit.room.conversation, f"{account}/{event}"
        thread = _thread(visit, message)
        await self._reception.work(
            lambda: self._stage.post(place, key=key, thread=thread, sender=account, text=choice.label, how="pressed")
        )
        self._page.bell.ring()
        given = {"event": [key], "press": [choice.says], "message": [str(message.number)]}
        said = parse(visit.speaker.person, visit.room, given, thread)
        if said:
            await self._reception.work(lambda: self._stage.press(said, message.number))
            self._page.bell.ring()
        return done(request, visit)

    async def press_at_home(self, request: web.Request) -> web.StreamResponse:
        """Somebody pressed a button on the page of their own: they say it to the bot directly, and are led there."""
        visit, fields = await self._reception.posted(request)
        says, label, event = (first(fields, name) for name in ("press", "label", "event"))
        if not says or not label or not event:
            raise web.HTTPNotFound(text="that page has no such button\n")
        account, place = visit.speaker.person.account, visit.room.conversation
        # Pressed twice in a row it is said once; another button of the same page is something else.
        key = f"{account}/{event}/{says}"
        await self._reception.work(lambda: self._stage.post(place, key=key, sender=account, text=label, how="pressed"))
        self._page.bell.ring()
        said = parse(visit.speaker.person, visit.room, {"event": [key], "press": [says]})
        if said:
            await self._reception.work(lambda: self._stage.press(said))
        return done(request, visit)

    async def form(self, request: web.Request) -> web.StreamResponse:
        """Somebody handed in the form of a card: it is done, or shown again with what is wrong and what was typed."""
        visit, fields = await self._reception.posted(request)
        message = await self._reception.message(visit, number_of(first(fields, "message")))
        if message.card is None or not message.card.asks:
            raise web.HTTPNotFound(text="that message has no form\n")
        if message.done:
            return await self._refused(request, visit, HANDED_IN, "", 409)
        asked = {FIELD + ask.name for ask in message.card.asks}
        given = {name: values for name, values in fields.items() if name in asked}
        event = f"{visit.speaker.person.account}/{first(fields, 'event')}"
        given |= {"form": [message.card.submits], "event": [event]}
        given |= {name: [""] for name in asked - given.keys()}
        said = parse(visit.speaker.person, visit.room, given, _thread(visit, message), message.card.asks)
        problems = await self._reception.work(lambda: self._stage.hand_in(said, message.number)) if said else {}
        self._page.bell.ring()
        if by_htmx(request):
            again = await self._reception.message(visit, message.number)
            acts = visit.acts(again, uuid4().hex)
            if problems and said:
                acts = _corrected(acts, said, problems)
            return page_of(shown(again, visit, acts.event, acts))
        if not problems or said is None:
            raise web.HTTPSeeOther(f"{visit.address}#m-{message.number}")
        corrected = {message.number: _corrected(visit.acts(message, uuid4().hex), said, problems)}
        return await self._showing.whole(visit, acts=corrected, failed=LOOK_AGAIN, status=422)

    async def _refused(
        self, request: web.Request, visit: Visit, wrong: str, typed: str, status: int = 422
    ) -> web.Response:
        if by_htmx(request):
            return web.Response(status=status, text=wrong, headers=HEADERS)
        return await self._showing.whole(visit, failed=wrong, typed=typed, status=status)

    async def finish(self) -> None:
        """Waits for the answers that are being worked out; what is only accepted is picked up at the next start."""
        await asyncio.gather(*self._under_way, return_exceptions=True)


def _thread(visit: Visit, message: Message) -> int:
    """In a channel everything about a card stands in its thread."""
    return 0 if visit.room.kind == "direct" else message.thread or message.number


def _choice(message: Message, index: str) -> Choice:
    choices = message.card.choices if message.card else ()
    if index.isascii() and index.isdecimal() and int(index[:4]) < len(choices):
        return choices[int(index[:4])]
    raise web.HTTPNotFound(text="that message has no such button\n")


def _corrected(acts: Acts, said: Said, problems: Mapping[str, str]) -> Acts:
    return Acts(acts.at, acts.token, acts.event, acts.number, said.answers, problems)
